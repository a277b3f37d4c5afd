import {covers, resolveHost} from './hosts.ts';
import {configOf, labelsMatch, type MeshProxy, type MeshService, type MeshSnapshot} from './snapshot.ts';
import type {IstioObject, Sidecar} from './types.ts';

/** Whether something exported to these namespaces can be seen from `viewer`. */
export function exported(exportTo: readonly string[] | undefined, owner: string, viewer: string): boolean {
  const list = exportTo?.length ? exportTo : ['*'];
  return list.some(entry => entry === '*' || entry === viewer || (entry === '.' && owner === viewer));
}

/** What a proxy may reach, by its Sidecar resource. */
export interface EgressScope {
  sidecar?: Sidecar;
  outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Whether a host of that namespace is imported. */
  imports(host: string, namespace: string): boolean;
}

/**
 * The Sidecar resource that applies: by workload selector (oldest first), else the namespace's, else the root
 * namespace's, else none, which imports everything (Istio: `doGetSidecarScope`).
 */
export function egressScope(snapshot: MeshSnapshot, proxy: MeshProxy): EgressScope {
  const {meshConfig} = snapshot;
  const sidecar = proxy.kind === 'gateway' ? undefined : selectSidecar(snapshot, proxy);
  const mode = sidecar?.spec?.outboundTrafficPolicy?.mode ?? meshConfig.outboundTrafficPolicy;
  const outboundTrafficPolicy = mode === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY';
  const listeners = sidecar?.spec?.egress;
  if (!sidecar || !listeners?.length) {
    return {...(sidecar ? {sidecar} : {}), outboundTrafficPolicy, imports: () => true};
  }
  const patterns = listeners
    .flatMap(listener => listener.hosts ?? [])
    .map(host => importPattern(host, sidecar));
  return {
    sidecar,
    outboundTrafficPolicy,
    imports: (host, namespace) =>
      patterns.some(
        pattern =>
          (pattern.namespace === '*' || pattern.namespace === namespace) &&
          (covers(pattern.host, host) || covers(host, pattern.host)),
      ),
  };
}

function selectSidecar(snapshot: MeshSnapshot, proxy: MeshProxy): Sidecar | undefined {
  const sidecars = configOf<Sidecar>(snapshot, 'Sidecar');
  const own = sidecars.filter(sidecar => sidecar.metadata.namespace === proxy.namespace);
  return (
    own.find(
      sidecar =>
        sidecar.spec?.workloadSelector?.labels &&
        labelsMatch(sidecar.spec.workloadSelector.labels, proxy.labels),
    ) ??
    own.find(sidecar => !sidecar.spec?.workloadSelector?.labels) ??
    sidecars.find(
      sidecar =>
        sidecar.metadata.namespace === snapshot.meshConfig.rootNamespace &&
        !sidecar.spec?.workloadSelector?.labels,
    )
  );
}

function importPattern(entry: string, sidecar: IstioObject): {namespace: string; host: string} {
  const slash = entry.indexOf('/');
  const namespace = slash < 0 ? '*' : entry.slice(0, slash);
  const own = sidecar.metadata.namespace ?? '';
  const host = entry.slice(slash + 1);
  return {namespace: namespace === '.' ? own : namespace, host: resolveHost(host, own)};
}

/**
 * The services that a proxy knows, one for each hostname: its own namespace's, else Kubernetes' own, else the
 * oldest (Istio 1.30: `pickBestVisibleNamespace`).
 */
export function visibleServices(
  snapshot: MeshSnapshot,
  proxy: MeshProxy,
  scope: EgressScope,
): Map<string, MeshService> {
  const found = new Map<string, MeshService>();
  for (const service of snapshot.services) {
    if (!exported(service.exportTo, service.namespace, proxy.namespace)) continue;
    if (!scope.imports(service.hostname, service.namespace)) continue;
    const other = found.get(service.hostname);
    if (!other || preferred(service, other, proxy.namespace)) found.set(service.hostname, service);
  }
  return found;
}

function preferred(candidate: MeshService, other: MeshService, namespace: string): boolean {
  if ((candidate.namespace === namespace) !== (other.namespace === namespace)) {
    return candidate.namespace === namespace;
  }
  if (candidate.source !== other.source) return candidate.source === 'kubernetes';
  return candidate.created < other.created;
}
