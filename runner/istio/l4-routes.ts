import type {FilterChain, TcpDestination} from './filter-chains.ts';
import {resolveGateway, resolveHost} from './hosts.ts';
import {labelsMatch, type MeshPort, type MeshProxy, type MeshService} from './snapshot.ts';
import type {L4Match, L4Route, VirtualService} from './types.ts';

export interface L4Context {
  proxy: MeshProxy;
  /** The service that a destination's host means. */
  serviceNamed(host: string): MeshService | undefined;
}

export interface L4Options {
  service: MeshService;
  port: MeshPort;
  /** Those with a host for the service, in the order in which they win. */
  virtualServices: readonly VirtualService[];
  /** Whether the listener is shared with services of other addresses. */
  shared: boolean;
  context: L4Context;
}

/** Istio: `buildSidecarOutboundTCPFilterChainOpts`. */
export function tcpChains({service, port, virtualServices, context}: L4Options): FilterChain[] {
  const own = service.range ? [service.range] : [];
  const chains: FilterChain[] = [];
  for (const virtualService of virtualServices) {
    for (const rule of virtualService.spec?.tcp ?? []) {
      if (!rule.route?.length) continue;
      const target = tcpTarget(rule, virtualService, port, context);
      const matches = (rule.match ?? []).filter(match => applies(match, virtualService, port, context));
      const everything = matches.some(({destinationSubnets}) => !destinationSubnets?.length);
      if (!rule.match?.length || everything) {
        return [...chains, {destinations: own, serverNames: [], target}];
      }
      const subnets = matches.flatMap(({destinationSubnets = []}) => destinationSubnets);
      if (subnets.length > 0) chains.push({destinations: subnets, serverNames: [], target});
    }
  }
  const same = chains.some(({destinations}) => `${[...destinations].sort()}` === `${own}`);
  if (own.length > 0 && same) return chains;
  return [...chains, {destinations: own, serverNames: [], target: toService(service, port)}];
}

/** Istio: `buildSidecarOutboundTLSFilterChainOpts`. */
export function tlsChains({service, port, virtualServices, shared, context}: L4Options): FilterChain[] {
  let ranges = service.range ? [service.range] : [];
  const chains: FilterChain[] = [];
  const handled = new Set<string>();
  for (const virtualService of virtualServices) {
    for (const rule of virtualService.spec?.tls ?? []) {
      if (!rule.route?.length) continue;
      const target = tcpTarget(rule, virtualService, port, context);
      for (const match of rule.match ?? []) {
        if (!applies(match, virtualService, port, context)) continue;
        // Istio's own: from here on these hold for the matches that name none, too.
        if (match.destinationSubnets?.length) ranges = match.destinationSubnets;
        const serverNames = match.sniHosts ?? [];
        const key = `${serverNames}|${match.destinationSubnets ?? ''}`;
        if (!handled.has(key)) chains.push({destinations: ranges, serverNames, target});
        handled.add(key);
      }
    }
  }
  if (chains.length > 0) return chains;
  // The name is all that tells services of one listener apart.
  const named = ranges.length > 0 || (service.addresses.length === 0 && shared);
  return [
    {destinations: ranges, serverNames: named ? [service.hostname] : [], target: toService(service, port)},
  ];
}

function applies(
  match: L4Match,
  virtualService: VirtualService,
  port: MeshPort,
  {proxy}: L4Context,
): boolean {
  const namespace = virtualService.metadata.namespace ?? '';
  const gateways = (match.gateways ?? []).map(name => resolveGateway(name, namespace));
  return (
    (gateways.length === 0 || gateways.includes('mesh')) &&
    labelsMatch(match.sourceLabels, proxy.labels) &&
    (!match.port || match.port === port.number) &&
    (!match.sourceNamespace || match.sourceNamespace === proxy.namespace)
  );
}

function toService(service: MeshService, port: MeshPort): FilterChain['target'] {
  const number = onlyPort(service) ?? port.number;
  return {kind: 'tcp', destinations: [{host: service.hostname, port: number, weight: 1}]};
}

function tcpTarget(
  {route = []}: L4Route,
  virtualService: VirtualService,
  port: MeshPort,
  context: L4Context,
): FilterChain['target'] {
  const kept = route.length === 1 ? route : route.filter(({weight}) => (weight ?? 0) > 0);
  const destinations = kept.map(({destination, weight}): TcpDestination => {
    const host = resolveHost(destination.host, virtualService.metadata.namespace ?? '');
    const service = context.serviceNamed(host);
    return {
      host,
      port: destination.port?.number ?? (service && onlyPort(service)) ?? port.number,
      ...(destination.subset ? {subset: destination.subset} : {}),
      weight: route.length === 1 ? 1 : (weight ?? 0),
    };
  });
  return {kind: 'tcp', destinations};
}

function onlyPort({ports}: MeshService): number | undefined {
  return ports.length === 1 ? ports[0]?.number : undefined;
}
