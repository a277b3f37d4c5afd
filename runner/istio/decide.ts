import type {Cluster} from './clusters.ts';
import {clusterName} from './clusters.ts';
import {withoutPort} from './hosts.ts';
import type {RouteRequest} from './match.ts';
import {normalizedPath} from './normalize-path.ts';
import {redirectLocation, rewritePath} from './rewrite.ts';
import type {
  CompiledRoute,
  FaultPolicy,
  RetryPolicy,
  RouteOrigin,
  Routes,
  RouteTable,
  VirtualHost,
  WeightedDestination,
} from './route-table.ts';
import type {Endpoint} from './snapshot.ts';
import type {CorsPolicy, HeaderOperations} from './types.ts';
import {pickWeighted} from './weights.ts';

/** What holds for every decision: where it was made. */
export interface Decided {
  /** Envoy's virtual host, or undefined when no domain fits. */
  virtualHost?: string;
  /** The last field of the access log. */
  routeName: string;
  /** The rule that matched, where it comes from a VirtualService. */
  origin?: RouteOrigin;
  /** Injected before the route is carried out, whatever the route does. */
  fault?: FaultPolicy;
  cors?: CorsPolicy;
}

export interface Forwarding {
  clusterName: string;
  /** What the chosen one was picked from. */
  destinations: readonly WeightedDestination[];
  path: string;
  authority: string;
  /** In the order in which they are applied. */
  requestHeaders: readonly HeaderOperations[];
  responseHeaders: readonly HeaderOperations[];
  timeout: number;
  retries?: RetryPolicy;
  mirrors: readonly {clusterName: string; cluster?: Cluster}[];
}

/** Where a request goes, or which answer the proxy itself gives. */
export type RouteDecision = Decided &
  (
    | ({kind: 'forward'; cluster: Cluster; endpoints: readonly Endpoint[]} & Forwarding)
    /** 503 UH, `no healthy upstream`. */
    | ({kind: 'no-endpoints'; cluster: Cluster} & Forwarding)
    /** 503 NC, empty body. */
    | ({kind: 'unknown-cluster'} & Forwarding)
    /** 404 NR, empty body. */
    | {kind: 'no-route'}
    | {kind: 'redirect'; status: number; location: string; responseHeaders: readonly HeaderOperations[]}
    | {
        kind: 'direct-response';
        status: number;
        body: string;
        responseHeaders: readonly HeaderOperations[];
      }
    /** To the address that the client asked for, past all rules. */
    | {kind: 'passthrough'}
    /** 502, empty body (REGISTRY_ONLY). */
    | {kind: 'block-all'}
  );

/** The virtual host of an authority: exact, then the longest wildcard, then the catch-all; ports don't count. */
export function virtualHostFor(table: RouteTable, authority: string): VirtualHost | undefined {
  const host = withoutPort(authority).toLowerCase();
  const exact = table.exact.get(host);
  if (exact) return exact;
  const wildcard = table.wildcards.find(({suffix}) => host.length > suffix.length && host.endsWith(suffix));
  return wildcard?.virtualHost ?? table.catchAll;
}

/**
 * Decides as the proxy would. Picks among weighted destinations and mirrors by `random`; the endpoint within
 * the cluster is left to the load balancer.
 */
export function decide(routes: Routes, asked: RouteRequest, random: () => number): RouteDecision {
  const request = normalized(asked);
  const table = routes.table(request.port, request.destinationIp);
  const virtualHost = virtualHostFor(table, request.authority);
  if (!virtualHost) return {kind: 'no-route', routeName: '-'};
  if (virtualHost.requireTls && request.scheme !== 'https') {
    const location = `https://${request.authority}${request.path}`;
    const name = virtualHost.name;
    return {kind: 'redirect', virtualHost: name, routeName: '-', status: 301, location, responseHeaders: []};
  }
  const route = virtualHost.routes.find(candidate => matches(candidate, request));
  if (!route) return {kind: 'no-route', virtualHost: virtualHost.name, routeName: '-'};
  const decided: Decided = {
    virtualHost: virtualHost.name,
    routeName: route.name,
    ...(route.origin ? {origin: route.origin} : {}),
    ...(route.fault ? {fault: route.fault} : {}),
    ...(route.cors ? {cors: route.cors} : {}),
  };
  return carryOut(routes, route, request, random, decided);
}

/** Routes are matched, and requests forwarded, by the path in its plain form. */
function normalized(request: RouteRequest): RouteRequest {
  const path = normalizedPath(request.path);
  return path === request.path ? request : {...request, path};
}

export function matches(route: CompiledRoute, request: RouteRequest): boolean {
  return route.conditions.every(condition => condition.test(request));
}

function carryOut(
  routes: Routes,
  route: CompiledRoute,
  request: RouteRequest,
  random: () => number,
  decided: Decided,
): RouteDecision {
  const {action} = route;
  switch (action.kind) {
    case 'passthrough':
      return {...decided, kind: 'passthrough'};
    case 'block-all':
      return {...decided, kind: 'block-all'};
    case 'direct-response':
      return {
        ...decided,
        kind: 'direct-response',
        status: action.status,
        body: action.body,
        responseHeaders: action.responseHeaders,
      };
    case 'redirect':
      return {
        ...decided,
        kind: 'redirect',
        status: action.status,
        location: redirectLocation(action, request),
        responseHeaders: action.responseHeaders,
      };
    case 'forward': {
      const destination = pickWeighted(action.destinations, random);
      if (!destination) return {...decided, kind: 'no-route'};
      const forwarding: Forwarding = {
        clusterName: clusterName(destination.host, destination.port, destination.subset),
        destinations: action.destinations,
        path: rewritePath(request, action.rewrite),
        authority: action.rewrite?.authority ?? destination.headers.authority ?? request.authority,
        requestHeaders: destination.headers.request,
        responseHeaders: destination.headers.response,
        timeout: action.timeout,
        ...(action.retries ? {retries: action.retries} : {}),
        mirrors: action.mirrors
          .filter(mirror => random() * 100 < mirror.percentage)
          .map(mirror => {
            const cluster = routes.clusters.find(mirror.host, mirror.port, mirror.subset);
            return {
              clusterName: clusterName(mirror.host, mirror.port, mirror.subset),
              // A copy comes from no connection, so that there is no address that was dialled.
              ...(cluster && !cluster.toDialled ? {cluster} : {}),
            };
          }),
      };
      const cluster = routes.clusters.find(destination.host, destination.port, destination.subset);
      if (!cluster) return {...decided, ...forwarding, kind: 'unknown-cluster'};
      if (cluster.endpoints.length === 0 && !cluster.toDialled) {
        return {...decided, ...forwarding, kind: 'no-endpoints', cluster};
      }
      return {...decided, ...forwarding, kind: 'forward', cluster, endpoints: cluster.endpoints};
    }
  }
}
