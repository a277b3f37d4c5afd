import {buildRoutes} from '../build-routes.ts';
import type {Cluster} from '../clusters.ts';
import {matches, virtualHostFor} from '../decide.ts';
import type {RouteRequest} from '../match.ts';
import type {CompiledRoute, Routes, VirtualHost, WeightedDestination} from '../route-table.ts';
import type {Endpoint} from '../snapshot.ts';
import type {AskedRequest, Scene} from './hop.ts';

/** What becomes of the requests that one weighted destination gets. */
export interface Outcome {
  /** 0 to 1. */
  share: number;
  destination: WeightedDestination;
  /** Its index in the rule's `route`, as far as weights above 0 tell it. */
  cluster?: Cluster;
  failure?: 'unknown-cluster' | 'no-endpoints';
}

/** Who answers a request, by the caller's routes: shares instead of one throw of the dice. */
export interface Prediction {
  request: RouteRequest;
  routes: Routes;
  virtualHost?: VirtualHost;
  route?: CompiledRoute;
  outcomes: readonly Outcome[];
  /** Share of each version, and of what no pod answers. */
  versions: Readonly<Record<string, number>>;
  failed: number;
}

/** Works out who answers. A caller without a sidecar is not routed: all pods of the service answer. */
export function predict(scene: Scene, asked: AskedRequest): Prediction {
  const {hop, proxy, snapshot, service} = scene;
  const routes = buildRoutes(snapshot, proxy);
  const request: RouteRequest = {
    method: 'GET',
    authority: proxy.kind === 'gateway' ? hop.host : `${hop.host}:${hop.port}`,
    path: asked.path ?? '/',
    scheme: 'http',
    headers: asked.headers,
    port: hop.port,
    ...(service?.addresses[0] ? {destinationIp: service.addresses[0]} : {}),
  };
  const base = {request, routes};
  if (proxy.kind === 'sidecar' && !hasSidecar(scene)) return {...base, ...spread(scene)};
  const virtualHost = virtualHostFor(routes.table(hop.port, request.destinationIp), request.authority);
  const route = virtualHost?.routes.find(candidate => matches(candidate, request));
  const found = {...base, ...(virtualHost ? {virtualHost} : {}), ...(route ? {route} : {})};
  if (route?.action.kind === 'passthrough') return {...found, ...spread(scene)};
  if (route?.action.kind !== 'forward') return {...found, outcomes: [], versions: {}, failed: 1};
  const {destinations} = route.action;
  const total = destinations.reduce((sum, destination) => sum + destination.weight, 0);
  const outcomes = destinations.map(destination => outcomeOf(routes, destination, total));
  return {...found, outcomes, ...tally(outcomes)};
}

export function hasSidecar({callers}: Scene): boolean {
  return callers.length > 0 && callers.every(caller => caller.mutualTls);
}

function outcomeOf(routes: Routes, destination: WeightedDestination, total: number): Outcome {
  const share = total > 0 ? destination.weight / total : 0;
  const cluster = routes.clusters.find(destination.host, destination.port, destination.subset);
  if (!cluster) return {share, destination, failure: 'unknown-cluster'};
  if (cluster.endpoints.length === 0) return {share, destination, cluster, failure: 'no-endpoints'};
  return {share, destination, cluster};
}

function tally(outcomes: readonly Outcome[]): Pick<Prediction, 'versions' | 'failed'> {
  const versions: Record<string, number> = {};
  let failed = 0;
  for (const {share, cluster, failure} of outcomes) {
    if (failure || !cluster) failed += share;
    else
      for (const [version, part] of Object.entries(even(cluster.endpoints))) {
        versions[version] = (versions[version] ?? 0) + share * part;
      }
  }
  return {versions, failed};
}

function spread({port}: Scene): Pick<Prediction, 'outcomes' | 'versions' | 'failed'> {
  const endpoints = port?.endpoints ?? [];
  return {outcomes: [], versions: even(endpoints), failed: endpoints.length === 0 ? 1 : 0};
}

function even(endpoints: readonly Endpoint[]): Record<string, number> {
  const versions: Record<string, number> = {};
  for (const {labels} of endpoints) {
    const version = labels['version'] ?? '';
    versions[version] = (versions[version] ?? 0) + 1 / endpoints.length;
  }
  return versions;
}

/** How right a prediction is: 1 is as wanted, 0 has nothing of it. */
export function rightness({expected, anyShare}: AskedRequest, {versions, failed}: Prediction): number {
  const wanted = Object.entries(expected);
  if (wanted.length === 0) return 1 - failed;
  if (anyShare) {
    const seen = wanted.filter(([version]) => (versions[version] ?? 0) > 0).length;
    return (seen / wanted.length) * (1 - failed);
  }
  return wanted.reduce((sum, [version, share]) => sum + Math.min(share, versions[version] ?? 0), 0);
}

/** Shares are computed, not counted, so only rounding may separate them from what is wanted. */
export const wholly = 0.999;
