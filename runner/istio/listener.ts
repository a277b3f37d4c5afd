import type {Cluster} from './clusters.ts';
import {resolveDestination} from './compile-rule.ts';
import {covers, resolveGateway} from './hosts.ts';
import type {Routes} from './route-table.ts';
import {labelsMatch, type MeshService} from './snapshot.ts';
import {hostsOf, selectVirtualServices} from './virtual-services.ts';

/** How a sidecar treats a connection that its pod opens, before any byte of it is read. */
export type OutboundListener =
  /** HTTP; `sniff`: only if the first bytes say so, else `tcp` applies. */
  {kind: 'http'; sniff: boolean; tcp: TcpTarget} | TcpTarget;

export type TcpTarget =
  | {kind: 'tcp'; cluster: Cluster}
  /** A destination that has no cluster: the connection is closed. */
  | {kind: 'tcp-unknown'; clusterName: string}
  | {kind: 'tcp-passthrough'}
  | {kind: 'tcp-blocked'};

/**
 * Finds the listener: a port of a known HTTP service is HTTP for every address, other services own their
 * address and port, and the rest is passed through or blocked as `outboundTrafficPolicy` says.
 */
export function outboundListener(
  routes: Routes,
  destination: {ip: string; port: number},
  random: () => number = () => 0,
): OutboundListener {
  const owner = ownerOf(routes, destination);
  const fallback: TcpTarget =
    routes.scope.outboundTrafficPolicy === 'REGISTRY_ONLY'
      ? {kind: 'tcp-blocked'}
      : {kind: 'tcp-passthrough'};
  if (owner) {
    const port = owner.ports.find(candidate => candidate.number === destination.port);
    if (port?.protocol === 'http') return {kind: 'http', sniff: false, tcp: fallback};
    const tcp = tcpTarget(routes, owner, destination.port, random);
    return port?.protocol === 'auto' ? {kind: 'http', sniff: true, tcp} : tcp;
  }
  for (const service of routes.services.values()) {
    const port = service.ports.find(candidate => candidate.number === destination.port);
    if (port?.protocol === 'http') return {kind: 'http', sniff: false, tcp: fallback};
  }
  return {kind: 'http', sniff: true, tcp: fallback};
}

function ownerOf(routes: Routes, destination: {ip: string; port: number}): MeshService | undefined {
  for (const service of routes.services.values()) {
    const port = service.ports.find(candidate => candidate.number === destination.port);
    if (!port) continue;
    if (service.addresses.includes(destination.ip)) return service;
    if (service.headless && port.endpoints.some(endpoint => endpoint.ip === destination.ip)) return service;
  }
  return undefined;
}

function tcpTarget(routes: Routes, service: MeshService, port: number, random: () => number): TcpTarget {
  const destination = tcpRoute(routes, service, port, random) ?? {host: service.hostname, port};
  const cluster = routes.clusters.find(destination.host, destination.port, destination.subset);
  if (cluster) return {kind: 'tcp', cluster};
  return {
    kind: 'tcp-unknown',
    clusterName: `outbound|${destination.port}|${destination.subset ?? ''}|${destination.host}`,
  };
}

function tcpRoute(
  routes: Routes,
  service: MeshService,
  port: number,
  random: () => number,
): {host: string; port: number; subset?: string} | undefined {
  const {proxy, snapshot} = routes;
  for (const virtualService of selectVirtualServices(snapshot, proxy, 'mesh')) {
    if (!hostsOf(virtualService).some(host => covers(host, service.hostname))) continue;
    const namespace = virtualService.metadata.namespace ?? '';
    for (const rule of virtualService.spec?.tcp ?? []) {
      const applies =
        !rule.match?.length ||
        rule.match.some(
          match =>
            (match.port === undefined || match.port === port) &&
            labelsMatch(match.sourceLabels, proxy.labels) &&
            (!match.sourceNamespace || match.sourceNamespace === proxy.namespace) &&
            (!match.gateways?.length ||
              match.gateways.some(name => resolveGateway(name, namespace) === 'mesh')),
        );
      if (!applies) continue;
      const entries = rule.route ?? [];
      const total = entries.reduce((sum, entry) => sum + (entry.weight ?? 0), 0);
      let left = random() * total;
      const picked =
        entries.length === 1
          ? entries[0]
          : entries.find(entry => {
              left -= entry.weight ?? 0;
              return left < 0;
            });
      if (picked) return resolveDestination(picked.destination, namespace, {services: routes.services, port});
    }
  }
  return undefined;
}
