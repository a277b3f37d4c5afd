import {parseDuration} from '../../../istio/duration.ts';
import type {RouteRequest} from '../../../istio/match.ts';
import {fullMatch} from '../../../istio/re2.ts';
import type {CorsPolicy, StringMatch} from '../../../istio/types.ts';
import {wireText} from './headers.ts';
import type {HeaderMap} from './hop.ts';
import type {LocalReply} from './reply.ts';

function originAllowed(policy: CorsPolicy, origin: string): boolean {
  const patterns: StringMatch[] = [
    ...(policy.allowOrigins ?? []),
    ...(policy.allowOrigin ?? []).map(exact => ({exact})),
  ];
  return patterns.some(pattern => {
    if (pattern.exact === '*') return true;
    if (pattern.exact !== undefined) return pattern.exact === origin;
    if (pattern.prefix !== undefined) return origin.startsWith(pattern.prefix);
    return pattern.regex !== undefined && fullMatch(pattern.regex).test(origin);
  });
}

/**
 * Answers a preflight as Envoy's CORS filter does. One of an origin that is not allowed is left alone, unless
 * `unmatchedPreflights` says otherwise: then it is answered without the headers that would allow it.
 */
export function answerPreflight(
  policy: CorsPolicy,
  request: RouteRequest,
  reply: (reply: LocalReply) => void,
): boolean {
  const origin = request.headers['origin'];
  const wanted = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || origin === undefined || !wanted) return false;
  const allowed = originAllowed(policy, origin);
  if (!allowed && policy.unmatchedPreflights !== 'IGNORE') return false;
  const age = parseDuration(policy.maxAge);
  // What every response to the origin gains, the answer to a preflight gains too.
  const headers: HeaderMap = corsHeaders(policy, request.headers);
  if (policy.allowCredentials) headers['access-control-allow-credentials'] = 'true';
  if (policy.allowMethods?.length) {
    headers['access-control-allow-methods'] = wireText(policy.allowMethods.join(','));
  }
  if (policy.allowHeaders?.length) {
    headers['access-control-allow-headers'] = wireText(policy.allowHeaders.join(','));
  }
  if (age !== undefined) headers['access-control-max-age'] = String(Math.round(age / 1000));
  reply({status: 200, body: '', details: 'cors_response', headers});
  return true;
}

/** What an allowed origin's ordinary response gains. */
export function corsHeaders(
  policy: CorsPolicy,
  headers: Readonly<Record<string, string | undefined>>,
): HeaderMap {
  const origin = headers['origin'];
  if (origin === undefined || !originAllowed(policy, origin)) return {};
  return {
    'access-control-allow-origin': wireText(origin),
    ...(policy.allowCredentials ? {'access-control-allow-credentials': 'true'} : {}),
    ...(policy.exposeHeaders?.length
      ? {'access-control-expose-headers': wireText(policy.exposeHeaders.join(','))}
      : {}),
  };
}
