import {type Cluster, clusterName} from './clusters.ts';
import {type Connection, type FilterChain, matchChain, type TcpDestination} from './filter-chains.ts';
import type {Routes} from './route-table.ts';
import {pickWeighted} from './weights.ts';

/** How a sidecar treats a connection that its pod opens. */
export type OutboundListener =
  /** HTTP if the first bytes say so, else `tcp` applies. */
  {kind: 'http'; tcp: TcpTarget} | TcpTarget;

export type TcpTarget =
  | {kind: 'tcp'; cluster: Cluster}
  /** A destination that has no cluster: the connection is closed. */
  | {kind: 'tcp-unknown'; clusterName: string}
  | {kind: 'tcp-passthrough'}
  | {kind: 'tcp-blocked'};

/**
 * What becomes of a connection: HTTP where a service has the port, or goes to a cluster; else it is passed on unread,
 * or blocked, as `outboundTrafficPolicy` says.
 */
export function outboundListener(
  routes: Routes,
  destination: Omit<Connection, 'http'> & {port: number},
  random: () => number = () => 0,
): OutboundListener {
  const chains = routes.listeners(destination.ip, destination.port)?.chains ?? [];
  const chosen = (http: boolean) => matchChain(chains, {...destination, http});
  const tcp = tcpTarget(routes, chosen(false), random);
  return chosen(true)?.target.kind === 'http' ? {kind: 'http', tcp} : tcp;
}

/** Whether connections there go by the name that a TLS client asks for. */
export function asksServerName(routes: Routes, {ip, port}: {ip: string; port: number}): boolean {
  return routes.listeners(ip, port)?.chains.some(({serverNames}) => serverNames.length > 0) ?? false;
}

function tcpTarget(routes: Routes, chain: FilterChain | undefined, random: () => number): TcpTarget {
  if (chain?.target.kind !== 'tcp') {
    const blocked = routes.scope.outboundTrafficPolicy === 'REGISTRY_ONLY';
    return {kind: blocked ? 'tcp-blocked' : 'tcp-passthrough'};
  }
  const picked = pickWeighted(chain.target.destinations, random) as TcpDestination;
  const cluster = routes.clusters.find(picked.host, picked.port, picked.subset);
  if (cluster) return {kind: 'tcp', cluster};
  return {kind: 'tcp-unknown', clusterName: clusterName(picked.host, picked.port, picked.subset)};
}
