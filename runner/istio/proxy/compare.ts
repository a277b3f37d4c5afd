import {buildRoutes} from '../build-routes.ts';
import {clusterName} from '../clusters.ts';
import {matches, virtualHostFor} from '../decide.ts';
import type {RouteRequest} from '../match.ts';
import type {Routes} from '../route-table.ts';
import type {MeshSnapshot, Workload} from '../snapshot.ts';
import type {ObjectRef, VirtualService} from '../types.ts';
import {objectIn, sameObject} from '../way/objects.ts';
import {proxyOf} from '../way/parties.ts';
import type {Hop, ProxyFact} from '../way/way.ts';
import {type ProxyConfig, type RouteEffect, routesFor} from './config.ts';

/**
 * Compares what the objects make of a call with what one of the caller's proxies has for the same call: the route that
 * takes it, the clusters that it leads to, and the pods behind them.
 * @returns undefined where a proxy decides nothing: without a sidecar, or for a Service that is not there.
 */
export function compareProxy(
  snapshot: MeshSnapshot,
  hop: Hop,
  caller: Workload,
  config: ProxyConfig,
): Omit<ProxyFact, 'pod'> | undefined {
  const {kind} = hop.from;
  if (kind === 'visitor' || !decides.has(hop.decision.kind)) return undefined;
  const routes = buildRoutes(snapshot, proxyOf(caller, kind));
  const request = requestOf(snapshot, hop);
  const state = {updatedAt: config.updatedAt};
  const candidates = routesFor(config, request, {kind, host: hop.service});
  const compared = (asked: RouteRequest) => {
    const wanted = effectOf(routes, asked);
    const found: RouteEffect = candidates.find(route => route.takes(asked)) ?? nothing;
    const named = !isDelegate(snapshot, wanted.object);
    return {wanted, found, same: textOf(found, named) === textOf(wanted, named)};
  };
  const {wanted, found, same} = compared(request);
  if (!same) {
    const {object} = wanted;
    const known = candidates.some(route => object && route.object && sameObject(object, route.object));
    const missing = object !== undefined && !known;
    return {...state, state: missing ? 'not-there' : 'older', has: told(found)};
  }
  const behind = clusterDifference(routes, wanted, config);
  if (behind !== undefined) return {...state, state: 'older', has: behind};
  const other = othersLike(request).find(asked => !compared(asked).same);
  if (other) return {...state, state: 'older', has: 'the same for this call, and not for those of others'};
  return {...state, state: 'same'};
}

/** Calls of others at the same place, so that a rule for them that has not come yet shows too. */
function othersLike(request: RouteRequest): readonly RouteRequest[] {
  const {'end-user': _, ...anonymous} = request.headers;
  return [
    {...request, headers: anonymous},
    ...['jason', 'john'].map(name => ({...request, headers: {...anonymous, 'end-user': name}})),
    ...['/', '/static/bookinfo.css'].map(path => ({...request, path})),
  ];
}

/** What is decided by routes at all; a port that is no HTTP has none, and what is passed on has no Service's. */
const decides: ReadonlySet<Hop['decision']['kind']> = new Set(['rule', 'default', 'no-rule', 'no-listener']);

function requestOf({services}: MeshSnapshot, {request, from, service}: Hop): RouteRequest {
  const {host, port, path, headers} = request;
  const address = services.find(({hostname}) => hostname === service)?.addresses[0];
  return {
    method: 'GET',
    authority: from.kind === 'gateway' ? host : `${host}:${port}`,
    path,
    scheme: 'http',
    headers,
    port,
    ...(address && from.kind === 'sidecar' ? {destinationIp: address} : {}),
  };
}

const nothing: RouteEffect = {kind: 'none', to: [], timeout: 0, retries: 0, mirrors: []};

function effectOf(routes: Routes, request: RouteRequest): RouteEffect {
  const table = routes.table(request.port, request.destinationIp);
  const route = virtualHostFor(table, request.authority)?.routes.find(each => matches(each, request));
  if (!route) return nothing;
  const {action, origin, fault} = route;
  const base = {
    ...nothing,
    ...(origin ? {object: origin.virtualService} : {}),
    ...(fault?.delay && fault.delay.percentage > 0
      ? {delay: {ms: fault.delay.milliseconds, percentage: fault.delay.percentage}}
      : {}),
    ...(fault?.abort && fault.abort.percentage > 0
      ? {abort: {status: fault.abort.httpStatus, percentage: fault.abort.percentage}}
      : {}),
  };
  switch (action.kind) {
    case 'forward': {
      const total = action.destinations.reduce((sum, {weight}) => sum + weight, 0);
      return {
        ...base,
        kind: 'forward',
        to: action.destinations.map(({host, port, subset, weight}) => ({
          cluster: clusterName(host, port, subset),
          share: weight / total,
        })),
        timeout: action.timeout,
        retries: action.retries?.attempts ?? 0,
        mirrors: action.mirrors.map(({host, port, subset}) => clusterName(host, port, subset)),
      };
    }
    case 'redirect':
      return {...base, kind: 'redirect', status: action.status};
    case 'direct-response':
      return {...base, kind: 'direct', status: action.status};
    case 'passthrough':
      return {...base, kind: 'forward', to: [{cluster: 'PassthroughCluster', share: 1}]};
    case 'block-all':
      return {...base, kind: 'direct', status: 502};
  }
}

/** A delegate's rules come to the proxy under the name of the VirtualService that delegates to it. */
function isDelegate(snapshot: MeshSnapshot, object: ObjectRef | undefined): boolean {
  const written = object && objectIn<VirtualService>(snapshot, object);
  return written !== undefined && (written.spec?.hosts ?? []).length === 0;
}

/** Of two routes the same text, where they do the same. */
function textOf(
  {object, kind, to, timeout, retries, delay, abort, mirrors, status}: RouteEffect,
  named: boolean,
): string {
  const shares = to
    .filter(({share}) => share > 0)
    .map(({cluster, share}) => `${cluster} ${share.toFixed(4)}`)
    .sort();
  const rounded = (fault: {percentage: number} | undefined) =>
    fault && {...fault, percentage: Number(fault.percentage.toFixed(4))};
  const from = named && object && `${object.namespace}/${object.name}`;
  // Where a proxy passes something on unread, its own limits say nothing of the objects.
  const limits = shares[0]?.startsWith('Passthrough') ? [] : [timeout, retries];
  return JSON.stringify([
    from,
    kind,
    shares,
    limits,
    rounded(delay),
    rounded(abort),
    [...mirrors].sort(),
    status,
  ]);
}

/** What a proxy's route does, in a few words: `VirtualService bookinfo/reviews to reviews v1`. */
function told({object, kind, to, delay, abort, timeout, status}: RouteEffect): string {
  const parts = [
    object ? `VirtualService ${object.namespace}/${object.name}` : 'no VirtualService',
    ...(kind === 'forward' ? [`to ${destinationsText(to)}`] : []),
    ...(kind === 'none' ? ['and no route for this call'] : []),
    ...(status === undefined ? [] : [`answers ${status}`]),
    ...(delay ? [`${delay.ms / 1000} s late for ${delay.percentage} %`] : []),
    ...(abort ? [`aborted with ${abort.status} for ${abort.percentage} %`] : []),
    ...(timeout > 0 ? [`timeout ${timeout / 1000} s`] : []),
  ];
  return parts.join(', ').replace(/, (to|and) /, ' $1 ');
}

function destinationsText(to: RouteEffect['to']): string {
  return to
    .map(({cluster, share}) => {
      const [, , subset = '', host = cluster] = cluster.split('|');
      const name = `${host.split('.')[0]}${subset === '' ? '' : ` ${subset}`}`;
      return to.length === 1 ? name : `${name} ${Math.round(share * 100)} %`;
    })
    .join(', ');
}

/** The clusters of the route, and the pods behind them, where the proxy has others than the objects say. */
function clusterDifference(routes: Routes, {to}: RouteEffect, config: ProxyConfig): string | undefined {
  for (const {cluster: name} of to) {
    const [, port = '', subset = '', host = ''] = name.split('|');
    if (host === '') continue;
    const wanted = routes.clusters.find(host, Number(port), subset === '' ? undefined : subset);
    const what = `${host.split('.')[0]}${subset === '' ? '' : ` ${subset}`}`;
    const has = config.clusters.has(name);
    if (!wanted) {
      if (has) return `a destination ${what}, which the objects no longer name`;
      continue;
    }
    if (!has) return `the rule, and not yet its destination ${what}`;
    const behind = config.endpoints.get(name);
    const pods = wanted.endpoints.map(({ip}) => ip).sort();
    if (
      behind &&
      wanted.service.source === 'kubernetes' &&
      !wanted.toDialled &&
      behind.join() !== pods.join()
    ) {
      return `other pods behind ${what}: ${behind.length}, and there are ${pods.length}`;
    }
  }
  return undefined;
}

/** The objects that decide a call: what has to reach the caller's proxy. */
export function objectsOf({decision, branches}: Hop): readonly ObjectRef[] {
  const rule =
    decision.kind === 'rule' ? [decision.at.object] : decision.kind === 'no-rule' ? [decision.object] : [];
  return [...rule, ...branches.flatMap(({subsetBy}) => subsetBy?.object ?? [])];
}
