import {parseDuration} from '../duration.ts';
import type {HttpRoute} from '../types.ts';
import {
  validateDestination,
  validateDuration,
  validateHeaderName,
  validatePercentage,
  validateRegex,
  validateStringMatch,
} from './common.ts';
import type {Collector} from './findings.ts';

/** What a rule does with a request (Istio: `validateRootHTTPRoute`, `validateHTTPRoute`). */
export function validateHttpActions(http: HttpRoute, found: Collector): void {
  const {route = [], redirect, directResponse} = http;
  if (redirect) {
    if (route.length > 0) found.error('HTTP route cannot contain both route and redirect');
    if (http.fault) found.error('HTTP route cannot contain both fault and redirect');
    if (http.rewrite) found.error('HTTP route rule cannot contain both rewrite and redirect');
    if (directResponse) found.error('HTTP route cannot contain both redirect and direct_response');
    validateRedirect(redirect, found);
  } else if (directResponse) {
    if (route.length > 0) found.error('HTTP route cannot contain both route and direct_response');
    if (http.rewrite) found.error('HTTP route rule cannot contain both rewrite and direct_response');
    validateDirectResponse(directResponse, found);
  } else if (route.length === 0) {
    found.error('HTTP route, redirect or direct_response is required');
  }
  validateMirrors(http, found);
  for (const headers of [http.headers, ...route.map(entry => entry.headers)]) {
    for (const operations of [headers?.request, headers?.response]) {
      const names = [
        ...Object.keys(operations?.set ?? {}),
        ...Object.keys(operations?.add ?? {}),
        ...(operations?.remove ?? []),
      ];
      for (const name of names) validateHeaderName(name, found);
    }
  }
  validateCors(http, found);
  validateFault(http, found);
  validateDuration(http.timeout, found);
  validateRetries(http, found);
  validateRewrite(http, found);
}

function validateRedirect(redirect: NonNullable<HttpRoute['redirect']>, found: Collector): void {
  if (!redirect.uri && !redirect.authority && !redirect.scheme && !redirect.port && !redirect.derivePort) {
    found.error('redirect must specify URI, authority, scheme, or port');
  }
  const code = redirect.redirectCode;
  if (code && (code < 300 || code > 399)) {
    found.error(`${code} is not a valid redirect code, must be 3xx`);
  }
  if (redirect.scheme && !['http', 'https'].includes(redirect.scheme)) {
    found.error('invalid redirect scheme, must be "http" or "https"');
  }
}

function validateDirectResponse(
  {status, body}: NonNullable<HttpRoute['directResponse']>,
  found: Collector,
): void {
  if (body) {
    const size = (body.string ?? body.bytes ?? '').length;
    if (size === 0) found.warn('direct_response body is empty');
    if (size > 1024 * 1024) {
      found.error(`direct_response body size must be less than or equal to 1MB, found: ${size}`);
    }
  }
  if (status < 200 || status > 600) found.error(`HTTP status ${status} is not in range 200-599`);
}

function validateMirrors(http: HttpRoute, found: Collector): void {
  if (http.mirror && http.mirrors?.length) {
    found.error('HTTP route cannot contain both mirror and mirrors');
  }
  const legacy = http.mirrorPercent ?? http.mirror_percent;
  if (legacy !== undefined) {
    if (legacy > 100) found.error(`mirror_percent must have a max value of 100 (it has ${legacy})`);
    found.warn('using deprecated setting "mirrorPercent", use "mirrorPercentage" instead');
  }
  const percentages = [http.mirrorPercentage, ...(http.mirrors ?? []).map(mirror => mirror.percentage)];
  for (const percentage of percentages) {
    const value = percentage?.value ?? 0;
    if (value > 100) {
      found.error(`mirror_percentage must have a max value of 100 (it has ${value.toFixed(6)})`);
    }
    if (value < 0) found.error(`mirror_percentage must have a min value of 0 (it has ${value.toFixed(6)})`);
  }
  validateDestination(http.mirror, found);
  for (const mirror of http.mirrors ?? []) validateDestination(mirror.destination, found);
}

function validateCors({corsPolicy}: HttpRoute, found: Collector): void {
  if (!corsPolicy) return;
  for (const origin of corsPolicy.allowOrigins ?? [])
    validateStringMatch(origin, 'corsPolicy.allowOrigins', found);
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];
  for (const method of corsPolicy.allowMethods ?? []) {
    if (!methods.includes(method)) found.error(`"${method}" is not a supported HTTP method`);
  }
  for (const name of [...(corsPolicy.allowHeaders ?? []), ...(corsPolicy.exposeHeaders ?? [])]) {
    validateHeaderName(name, found);
  }
  if (corsPolicy.maxAge !== undefined) {
    const age = parseDuration(corsPolicy.maxAge);
    if (age !== undefined && age % 1000 !== 0)
      found.error('max_age duration is accurate only to seconds precision');
  }
}

function validateFault({fault}: HttpRoute, found: Collector): void {
  if (!fault) return;
  const {abort, delay} = fault;
  if (!abort && !delay) found.error('HTTP fault injection must have an abort and/or a delay');
  if (abort) {
    validatePercentage(abort.percentage, found);
    if (abort.httpStatus === undefined && !abort.grpcStatus && !abort.http2Error) {
      found.warn('abort configured, but error type not set');
    }
    if (abort.httpStatus !== undefined && (abort.httpStatus < 200 || abort.httpStatus > 600)) {
      found.error(`HTTP status ${abort.httpStatus} is not in range 200-599`);
    }
    if (abort.http2Error) found.error('HTTP/2 abort fault injection not supported yet');
  }
  if (delay) {
    validatePercentage(delay.percentage, found);
    if (delay.percent !== undefined && (delay.percent < 0 || delay.percent > 100)) {
      found.error(`percentage ${delay.percent} is not in range 0..100`);
    }
    validateDuration(delay.fixedDelay, found);
    if (delay.exponentialDelay !== undefined) {
      validateDuration(delay.exponentialDelay, found);
      found.error('exponentialDelay not supported yet');
    }
  }
}

const retryPolicies = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

function validateRetries({retries}: HttpRoute, found: Collector): void {
  if (!retries) return;
  const attempts = retries.attempts ?? 0;
  if (attempts < 0) found.error('attempts cannot be negative');
  if (
    attempts === 0 &&
    (retries.perTryTimeout !== undefined || retries.retryOn || retries.retryRemoteLocalities !== undefined)
  ) {
    found.error('http retry policy configured when attempts are set to 0 (disabled)');
  }
  validateDuration(retries.perTryTimeout, found);
  validateDuration(retries.backoff, found);
  if (!retries.retryOn) return;
  for (const entry of retries.retryOn.split(',')) {
    const status = /^\d+$/.test(entry) && Number(entry) >= 100 && Number(entry) < 600;
    if (!status && !retryPolicies.has(entry)) found.error(`"${entry}" is not a valid retryOn policy`);
  }
}

function validateRewrite({rewrite}: HttpRoute, found: Collector): void {
  if (!rewrite) return;
  const {uri, authority, uriRegexRewrite} = rewrite;
  const empty = !uri && !authority && !uriRegexRewrite;
  if (empty || (uri && uriRegexRewrite)) {
    found.error(
      'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
    );
  }
  if (uriRegexRewrite) validateRegex(uriRegexRewrite.match ?? '', 'uriRegexRewrite', found);
}
