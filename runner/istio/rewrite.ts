import {pathOf, type RouteRequest} from './match.ts';
import type {Rewrite, RouteAction, WeightedDestination} from './route-table.ts';
import type {HeaderOperations, Headers, HttpRedirect} from './types.ts';

export interface Rewritten {
  path: string;
  authority: string;
  requestHeaders: readonly HeaderOperations[];
  responseHeaders: readonly HeaderOperations[];
}

/** What the upstream is asked for: path, authority and header changes; the rule's come before the destination's. */
export function rewriteRequest(
  action: Extract<RouteAction, {kind: 'forward'}>,
  destination: WeightedDestination,
  request: RouteRequest,
): Rewritten {
  const levels = [action.headers, destination.headers];
  const hosts = levels.map(hostHeader);
  return {
    path: action.rewrite ? rewritePath(request, action.rewrite) : request.path,
    authority: action.rewrite?.authority ?? hosts[0] ?? hosts[1] ?? request.authority,
    requestHeaders: levels.flatMap(level => (level?.request ? [level.request] : [])),
    responseHeaders: levels.flatMap(level => (level?.response ? [level.response] : [])),
  };
}

/** Setting `host` or `:authority` is how a VirtualService changes the Host of the request. */
function hostHeader(headers: Headers | undefined): string | undefined {
  for (const operations of [headers?.request?.set, headers?.request?.add]) {
    for (const [name, value] of Object.entries(operations ?? {})) {
      if (['host', ':authority'].includes(name.toLowerCase())) return value;
    }
  }
  return undefined;
}

/** Replaces the matched part of the path literally, so the prefix `/a` to `/` makes `//b` of `/a/b`. */
function rewritePath(request: RouteRequest, rewrite: Rewrite): string {
  const path = pathOf(request);
  const query = request.path.slice(path.length);
  if (rewrite.regex) return rewrite.regex.pattern.replaceAll(path, rewrite.regex.substitution) + query;
  if (!rewrite.uri) return request.path;
  const {matched} = rewrite;
  if (matched?.exact !== undefined || matched?.regex !== undefined) return rewrite.uri + query;
  const prefix = matched?.prefix ?? '/';
  return rewrite.uri + path.slice(prefix.length) + query;
}

const wellKnownPorts: Record<string, number> = {http: 80, https: 443};

/** The Location of a redirect: what it does not name is taken from the request (Istio: `ApplyRedirect`). */
export function redirectLocation(redirect: HttpRedirect, request: RouteRequest): string {
  const scheme = redirect.scheme || request.scheme;
  const [host, requestPort] = splitAuthority(request.authority);
  const path = pathOf(request);
  const query = request.path.slice(path.length);
  const target = (redirect.uri || path) + (redirect.uri?.includes('?') ? '' : query);
  if (redirect.authority) {
    return `${scheme}://${redirect.authority}${portSuffix(redirect.port, scheme)}${target}`;
  }
  const port =
    redirect.port ??
    (redirect.derivePort === 'FROM_REQUEST_PORT'
      ? (requestPort ?? request.port)
      : redirect.derivePort === 'FROM_PROTOCOL_DEFAULT' || redirect.scheme
        ? undefined
        : requestPort);
  return `${scheme}://${host}${portSuffix(port, scheme)}${target}`;
}

function portSuffix(port: number | undefined, scheme: string): string {
  return port === undefined || port === wellKnownPorts[scheme] ? '' : `:${port}`;
}

function splitAuthority(authority: string): [string, number | undefined] {
  const match = /^(.*):(\d+)$/.exec(authority);
  return match ? [match[1] ?? '', Number(match[2])] : [authority, undefined];
}
