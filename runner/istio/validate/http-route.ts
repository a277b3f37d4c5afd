import type {HttpMatch, HttpRoute} from '../types.ts';
import {validateRouteDestinations} from './destinations.ts';
import {type Collector, quietly} from './findings.ts';
import {validateAuthorityRewrite, validateHeaderOperations, validateMatchedHeader} from './headers.ts';
import {
  validateCors,
  validateDirectResponse,
  validateRedirect,
  validateRetries,
  validateRewrite,
} from './http-actions.ts';
import {validateFault} from './http-fault.ts';
import {validateMirrors} from './http-mirrors.ts';
import {isDnsLabel, validateGatewayNames, validateLabels, validatePortNumber} from './names.ts';
import {validateDuration, validateRegexMatch, validateStringMatch} from './values.ts';

/** Istio: `validateHTTPRoute`. */
export function validateHttpRoute(
  http: HttpRoute,
  {isDelegate}: {isDelegate: boolean},
  found: Collector,
): void {
  if (http.delegate && !isDelegate) validateRoot(http, found);
  else validateConflicts(http, {isDelegate}, found);
  for (const match of http.match ?? []) validateHttpMatch(match, found);
  for (const match of http.match ?? []) validateMatchPlace(match, found);
  validateHeaderOperations(http.headers, found);
  validateCors(http.corsPolicy, found);
  validateFault(http.fault, found);
  validateMirrors(http, found);
  validateRedirect(http.redirect, found);
  validateDirectResponse(http.directResponse, found);
  validateRetries(http.retries, found);
  validateRewrite(http.rewrite, found);
  validateAuthorityRewrite(http.rewrite, http.headers, found);
  validateRouteDestinations(http.route, found);
  validateDuration(http.timeout, found);
}

/** A rule that hands over to a delegate. */
function validateRoot(http: HttpRoute, found: Collector): void {
  const name = http.name ?? '';
  if (http.redirect) found.error(`root HTTP route ${name} must not specify redirect`);
  if (http.route?.length) found.error(`root HTTP route ${name} must not specify route`);
}

function validateConflicts(http: HttpRoute, {isDelegate}: {isDelegate: boolean}, found: Collector): void {
  const {redirect, directResponse, fault, rewrite} = http;
  const routed = (http.route?.length ?? 0) > 0;
  if (isDelegate && http.delegate) found.error('delegate HTTP route cannot contain delegate');
  const action = redirect ? 'redirect' : 'direct_response';
  if (redirect || directResponse) {
    if (routed) found.error(`HTTP route cannot contain both route and ${action}`);
    if (fault) found.error(`HTTP route cannot contain both fault and ${action}`);
    if (rewrite) found.error(`HTTP route rule cannot contain both rewrite and ${action}`);
    if (redirect && directResponse) {
      found.error('HTTP route rule cannot contain both direct_response and redirect');
    }
  } else if (!routed) found.error('HTTP route, redirect or direct_response is required');
  if (http.mirror && http.mirrors?.length) found.error('HTTP route cannot contain both mirror and mirrors');
}

function validateHttpMatch(match: HttpMatch, found: Collector): void {
  for (const [name, wanted] of Object.entries(match.headers ?? {})) {
    validateMatchedHeader(name, found);
    validateStringMatch(wanted, 'headers', found);
  }
  for (const [name, unwanted] of Object.entries(match.withoutHeaders ?? {})) {
    validateMatchedHeader(name, found);
    // `*` is no expression here: it means that the header is there.
    if (unwanted.regex !== '*') validateStringMatch(unwanted, 'withoutHeaders', found);
  }
  validateRegexMatch(match.uri, 'uri', found);
  validateStringMatch(match.scheme, 'scheme', found);
  validateStringMatch(match.method, 'method', found);
  validateStringMatch(match.authority, 'authority', found);
  for (const wanted of Object.values(match.queryParams ?? {}))
    validateStringMatch(wanted, 'queryParams', found);
}

function validateMatchPlace(
  {port, sourceLabels, gateways, sourceNamespace}: HttpMatch,
  found: Collector,
): void {
  if (port) validatePortNumber(port, found);
  validateLabels(sourceLabels, found);
  validateGatewayNames(gateways, quietly(found));
  if (sourceNamespace && !isDnsLabel(sourceNamespace)) {
    found.error(`sourceNamespace match ${sourceNamespace} is invalid`);
  }
}
