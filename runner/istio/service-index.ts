import {memoized} from './memoized.ts';
import type {MeshService, MeshSnapshot} from './snapshot.ts';

/** Services by what can be asked of them. */
export interface ServiceIndex {
  /** Those that a namespace sees: exported to it by name before public ones, each the oldest first. */
  visibleFrom(namespace: string): readonly MeshService[];
  /** Those of a hostname, one for each namespace. */
  named(hostname: string): ReadonlyMap<string, MeshService>;
}

const none: ReadonlyMap<string, MeshService> = new Map();

/** Made once for each snapshot (Istio: `initServiceRegistry`). */
export const serviceIndex = memoized((snapshot: MeshSnapshot): ServiceIndex => {
  const exported = new Map<string, MeshService[]>();
  const open: MeshService[] = [];
  const byHost = new Map<string, Map<string, MeshService>>();
  for (const service of [...snapshot.services].sort(byCreation)) {
    const {hostname, namespace} = service;
    const named = byHost.get(hostname) ?? new Map<string, MeshService>();
    byHost.set(hostname, named);
    const known = named.get(namespace);
    if (!known || (known.source !== 'kubernetes' && service.source === 'kubernetes')) {
      named.set(namespace, service);
    }
    if (service.exportTo.includes('*')) open.push(service);
    else if (!service.exportTo.includes('~')) {
      const targets = service.exportTo.map(entry => (entry === '.' ? namespace : entry));
      for (const target of new Set(targets)) exported.set(target, [...(exported.get(target) ?? []), service]);
    }
  }
  return {
    visibleFrom: namespace => [...(exported.get(namespace) ?? []), ...open],
    named: hostname => byHost.get(hostname) ?? none,
  };
});

/** Whether a service is exported to a namespace. */
export function isVisible({exportTo, namespace}: MeshService, viewer: string): boolean {
  return (
    exportTo.includes('*') || exportTo.includes(viewer) || (exportTo.includes('.') && namespace === viewer)
  );
}

/**
 * The service that a hostname means to a namespace: its own, else Kubernetes', else the oldest that it sees (Istio:
 * `pickBestVisibleNamespace`).
 */
export function serviceNamed(
  snapshot: MeshSnapshot,
  hostname: string,
  viewer: string,
): MeshService | undefined {
  const named = serviceIndex(snapshot).named(hostname);
  const own = named.get(viewer);
  if (own) return own;
  const visible = [...named.values()].filter(service => isVisible(service, viewer)).sort(byCreation);
  return visible.find(({source}) => source === 'kubernetes') ?? visible[0];
}

function byCreation(left: MeshService, right: MeshService): number {
  return (
    compare(left.created, right.created) ||
    compare(left.name, right.name) ||
    compare(left.namespace, right.namespace)
  );
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
