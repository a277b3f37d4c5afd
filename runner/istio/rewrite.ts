import {pathOf, type RouteRequest} from './match.ts';
import type {Rewrite, RouteAction} from './route-table.ts';

/** What the upstream is asked for; without a rewrite what the client asked for. */
export function rewritePath(request: RouteRequest, rewrite: Rewrite | undefined): string {
  if (!rewrite) return request.path;
  const path = pathOf(request);
  const query = request.path.slice(path.length);
  return rewritten(path, rewrite) + query;
}

/** Replaces the matched part of the path literally, so the prefix `/a` to `/` makes `//b` of `/a/b`. */
function rewritten(path: string, {regex, uri, matched}: Rewrite): string {
  if (regex) return regex.pattern.replaceAll(path, regex.substitution);
  if (!uri) return path;
  if (matched?.exact !== undefined || matched?.regex !== undefined) return uri;
  return uri + path.slice((matched?.prefix ?? '/').length);
}

/** The Location of a redirect: what it does not name is taken from the request (Envoy: `newUri`). */
export function redirectLocation(
  {redirect, port}: Extract<RouteAction, {kind: 'redirect'}>,
  request: RouteRequest,
): string {
  const scheme = redirect.scheme || request.scheme;
  const path = pathOf(request);
  const query = request.path.slice(path.length);
  const target = (redirect.uri || path) + (redirect.uri?.includes('?') ? '' : query);
  const host = redirect.authority || requestHost(request, scheme, port);
  return `${scheme}://${host}${port ? `:${port}` : ''}${target}`;
}

/** The Host as the client wrote it; its port goes for another port, or where it is the old scheme's own. */
function requestHost({authority, scheme}: RouteRequest, newScheme: string, port?: number): string {
  const [, host = authority, written] = /^(.*?)(:[^:\]]*)?$/.exec(authority) ?? [];
  const own = scheme === 'https' ? ':443' : ':80';
  return port !== undefined || (newScheme !== scheme && written === own) ? host : authority;
}
