import {trimmedEnd} from '../../trim.ts';
import {parseDuration} from '../duration.ts';
import type {CorsPolicy, HttpRedirect, HttpRetry, HttpRewrite, HttpRoute, StringMatch} from '../types.ts';
import type {Collector} from './findings.ts';
import {byteLength, quoted} from './go-format.ts';
import {validateCorsHeader} from './headers.ts';
import {validateHttpStatus} from './http-fault.ts';
import {validatePortNumber} from './names.ts';
import {regexMatchFault, validateDuration, validateRegexMatch} from './values.ts';

const corsMethods = new Set('GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE *'.split(' '));

/** Istio: `validateCORSPolicy`. */
export function validateCors(policy: CorsPolicy | undefined, found: Collector): void {
  if (!policy) return;
  for (const origin of policy.allowOrigins ?? []) validateOrigin(origin, found);
  for (const method of policy.allowMethods ?? []) {
    if (!corsMethods.has(method)) found.error(`${quoted(method)} is not a supported HTTP method`);
  }
  for (const name of [...(policy.allowHeaders ?? []), ...(policy.exposeHeaders ?? [])]) {
    validateCorsHeader(name, found);
  }
  validateDuration(policy.maxAge, found);
  if ((parseDuration(policy.maxAge) ?? 0) % 1000 > 0) {
    found.listed('max_age duration is accurate only to seconds precision');
  }
}

function validateOrigin(origin: StringMatch, found: Collector): void {
  if (origin.exact || origin.prefix || origin.regex)
    validateRegexMatch(origin, 'corsPolicy.allowOrigins', found);
  else found.error("'' is not a valid match type for CORS allow origins");
}

/** Istio: `validateHTTPRedirect`, which stops at the first error. */
export function validateRedirect(redirect: HttpRedirect | undefined, found: Collector): void {
  if (!redirect) return;
  const {uri, authority, scheme, port, derivePort, redirectCode} = redirect;
  if (!uri && !authority && !scheme && port === undefined && derivePort === undefined) {
    found.error('redirect must specify URI, authority, scheme, or port');
  } else if (redirectCode && (redirectCode < 300 || redirectCode > 399)) {
    found.error(`${redirectCode} is not a valid redirect code, must be 3xx`);
  } else if (scheme && scheme !== 'http' && scheme !== 'https') {
    found.error('invalid redirect scheme, must be "http" or "https"');
  } else if (port) validatePortNumber(port, found);
}

const megabyte = 1024 * 1024;

/** Istio: `validateHTTPDirectResponse`. */
export function validateDirectResponse(response: HttpRoute['directResponse'], found: Collector): void {
  if (!response) return;
  const {string, bytes = ''} = response.body ?? {};
  const size = string === undefined ? (trimmedEnd(bytes, '=').length * 3) / 4 : byteLength(string);
  if (size > megabyte) {
    found.error('large direct_responses may impact control plane performance, must be less than 1MB');
  } else if (size > 100 * 1024) found.warn('large direct_responses may impact control plane performance');
  validateHttpStatus(response.status ?? 0, found);
}

const retryConditions = new Set([
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx'],
  ...['refused-stream', 'retriable-status-codes', 'retriable-headers', 'envoy-ratelimited'],
  ...['http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
]);

/** The codes that Go's `http.StatusText` has a text for. */
const statusCodes = new Set([
  ...[
    100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307,
    308,
  ],
  ...[
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422,
    423,
  ],
  ...[424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
]);

/** Istio: `validateHTTPRetry`. */
export function validateRetries(retries: HttpRetry | undefined, found: Collector): void {
  if (!retries) return;
  const {attempts = 0, perTryTimeout, retryOn = '', retryRemoteLocalities, backoff} = retries;
  if (attempts < 0) found.listed('attempts cannot be negative');
  const configured =
    perTryTimeout !== undefined || retryOn !== '' || typeof retryRemoteLocalities === 'boolean';
  if (attempts === 0 && configured) {
    found.error('http retry policy configured when attempts are set to 0 (disabled)');
  }
  validateDuration(perTryTimeout, found);
  for (const entry of retryOn === '' ? [] : retryOn.split(',')) {
    const status = /^[+-]?\d+$/.test(entry) && statusCodes.has(Number(entry));
    if (!status && !retryConditions.has(entry)) found.error(`${quoted(entry)} is not a valid retryOn policy`);
  }
  validateDuration(backoff, found);
}

/** Istio: `validateHTTPRewrite`. */
export function validateRewrite(rewrite: HttpRewrite | undefined, found: Collector): void {
  if (!rewrite) return;
  const {uri, authority, uriRegexRewrite} = rewrite;
  if (uri && uriRegexRewrite) {
    found.error('rewrite may only contain one of URI or UriRegexRewrite');
  } else if (!uri && !authority && !uriRegexRewrite) {
    found.error(
      'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
    );
  } else if (uriRegexRewrite) {
    const fault = regexRewriteFault(uriRegexRewrite);
    if (fault) found.error(`UriRegexRewrite has errors\n${fault}`);
  }
}

function regexRewriteFault({match, rewrite}: {match?: string; rewrite?: string}): string | undefined {
  if (!match || !rewrite) return 'UriRegexRewrite requires both Rewrite and Match fields to be specified';
  return regexMatchFault(match, 'HTTPRewrite.UriRegexRewrite.Match');
}
