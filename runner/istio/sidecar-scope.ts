import {type EgressListener, egressListener, everything} from './egress-listener.ts';
import {resolveHost} from './hosts.ts';
import {serviceIndex, serviceNamed} from './service-index.ts';
import {
  configOf,
  labelsMatch,
  type MeshPort,
  type MeshProxy,
  type MeshService,
  type MeshSnapshot,
} from './snapshot.ts';
import type {Destination, Sidecar, VirtualService} from './types.ts';

/** What a proxy may reach, by its Sidecar resource (Istio: `SidecarScope`). */
export interface SidecarScope {
  sidecar?: Sidecar;
  outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Those for one port come first, the last one is for all other ports. */
  listeners: readonly EgressListener[];
  /** Everything that has a cluster, by hostname. */
  services: ReadonlyMap<string, MeshService>;
}

/** A gateway sees every service that is exported to its namespace, a sidecar what its Sidecar resource imports. */
export function sidecarScope(snapshot: MeshSnapshot, proxy: MeshProxy): SidecarScope {
  const {namespace} = proxy;
  const policy = snapshot.meshConfig.outboundTrafficPolicy;
  if (proxy.kind === 'gateway') {
    const services = new Map<string, MeshService>();
    for (const service of serviceIndex(snapshot).visibleFrom(namespace)) addService(services, service);
    return {outboundTrafficPolicy: policy, listeners: [], services};
  }
  const sidecar = selectSidecar(snapshot, proxy);
  const egress = sidecar?.spec?.egress?.length ? sidecar.spec.egress : [everything];
  const listeners = egress.map(entry => egressListener(snapshot, namespace, entry));
  // The API's default mode is REGISTRY_ONLY, whatever the mesh's is, as soon as the field is there.
  const own = sidecar?.spec?.outboundTrafficPolicy;
  return {
    ...(sidecar ? {sidecar} : {}),
    outboundTrafficPolicy: own ? (own.mode === 'ALLOW_ANY' ? 'ALLOW_ANY' : 'REGISTRY_ONLY') : policy,
    listeners,
    services: importedServices(snapshot, namespace, listeners),
  };
}

/** The egress listener that is asked for the routes of a port (Istio: `GetEgressListenerForRDS`). */
export function listenerForPort(scope: SidecarScope, port: number): EgressListener | undefined {
  return scope.listeners.find(listener => listener.port === undefined || listener.port === port);
}

/**
 * The Sidecar resource that applies: by workload selector, else the namespace's, each the oldest; else the root
 * namespace's, else none (Istio: `doGetSidecarScope`).
 */
function selectSidecar(snapshot: MeshSnapshot, proxy: MeshProxy): Sidecar | undefined {
  const all = configOf<Sidecar>(snapshot, 'Sidecar');
  const own = all.filter(({metadata}) => metadata.namespace === proxy.namespace);
  const general = ({spec}: Sidecar) => spec?.workloadSelector === undefined;
  return (
    own.find(
      sidecar => !general(sidecar) && labelsMatch(sidecar.spec?.workloadSelector?.labels, proxy.labels),
    ) ??
    own.find(general) ??
    all.find(sidecar => sidecar.metadata.namespace === snapshot.meshConfig.rootNamespace && general(sidecar))
  );
}

/**
 * What the listeners import, and the destinations of the VirtualServices that they import (Istio:
 * `collectImportedServices`).
 */
function importedServices(
  snapshot: MeshSnapshot,
  namespace: string,
  listeners: readonly EgressListener[],
): Map<string, MeshService> {
  const services = new Map<string, MeshService>();
  for (const listener of listeners) {
    for (const service of listener.services) addService(services, service);
    for (const virtualService of listener.virtualServices) {
      for (const [host, ports] of destinationsOf(virtualService, namespace)) {
        const service = serviceNamed(snapshot, host, namespace);
        const wanted = listener.port === undefined ? ports : new Set([listener.port]);
        const trimmed = service && withPorts(service, wanted);
        if (trimmed) addService(services, trimmed);
      }
    }
  }
  return services;
}

/** Every destination that a VirtualService names, with its ports; 0 stands for one without a port. */
function destinationsOf({metadata, spec = {}}: VirtualService, namespace: string): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  const note = (destination: Destination | undefined) => {
    if (!destination) return;
    const host = resolveHost(destination.host, metadata.namespace ?? '');
    const ports = found.get(host) ?? new Set<number>();
    found.set(host, ports.add(destination.port?.number ?? 0));
  };
  for (const {match = [], route = [], mirror, mirrors = []} of spec.http ?? []) {
    const sources = match.flatMap(({sourceNamespace}) => sourceNamespace || []);
    if (sources.length > 0 && !sources.includes(namespace)) continue;
    for (const {destination} of [...route, ...mirrors]) note(destination);
    note(mirror);
  }
  for (const {route = []} of [...(spec.tcp ?? []), ...(spec.tls ?? [])]) {
    for (const {destination} of route) note(destination);
  }
  return found;
}

/** The service with those of its ports alone, or undefined where it has none of them. */
function withPorts(service: MeshService, wanted: ReadonlySet<number>): MeshService | undefined {
  if (wanted.has(0)) return service;
  const ports = service.ports.filter(({number}) => wanted.has(number));
  if (ports.length === service.ports.length) return service;
  return ports.length > 0 ? {...service, ports} : undefined;
}

/**
 * The first of a hostname stays, unless another is Kubernetes' own; ports of ones alike add up (Istio:
 * `appendSidecarServices`).
 */
function addService(services: Map<string, MeshService>, service: MeshService): void {
  const known = services.get(service.hostname);
  if (!known || (known.source !== 'kubernetes' && service.source === 'kubernetes')) {
    services.set(service.hostname, service);
  } else if (known !== service && known.source === service.source && alike(known, service)) {
    const fresh = service.ports.filter(port => !known.ports.some(({number}) => number === port.number));
    if (fresh.length > 0)
      services.set(service.hostname, {...known, ports: [...known.ports, ...fresh] as MeshPort[]});
  }
}

function alike(left: MeshService, right: MeshService): boolean {
  const traits = ({namespace, resolution, labels, selector, exportTo}: MeshService) =>
    JSON.stringify([namespace, resolution, sorted(labels), sorted(selector), [...exportTo].sort()]);
  return traits(left) === traits(right);
}

function sorted(labels: Record<string, string> | undefined): [string, string][] {
  return Object.entries(labels ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
}
