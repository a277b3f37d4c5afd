import {withDelegates} from './delegates.ts';
import {resolveGateway, resolveHost} from './hosts.ts';
import {memoized} from './memoized.ts';
import {configOf, type MeshSnapshot} from './snapshot.ts';
import type {VirtualService} from './types.ts';

/** The gateways a VirtualService is bound to: `mesh` unless it names others. */
export function gatewaysOf(virtualService: VirtualService): string[] {
  const names = virtualService.spec?.gateways ?? [];
  if (names.length === 0) return ['mesh'];
  return names.map(name => resolveGateway(name, virtualService.metadata.namespace ?? ''));
}

export function hostsOf(virtualService: VirtualService): string[] {
  const namespace = virtualService.metadata.namespace ?? '';
  return (virtualService.spec?.hosts ?? []).map(host => resolveHost(host, namespace).toLowerCase());
}

/** Finds the VirtualServices of one gateway (or `mesh`) that a namespace sees, in the order in which they win. */
export type VirtualServiceIndex = (namespace: string, gateway: string) => readonly VirtualService[];

/**
 * Those exported to their own namespace alone come first, then those exported to this one by name, then the public
 * ones; each the oldest first (Istio: `initVirtualServices`).
 */
export const virtualServiceIndex = memoized((snapshot: MeshSnapshot): VirtualServiceIndex => {
  const all = configOf<VirtualService>(snapshot, 'VirtualService');
  const own = new Map<string, VirtualService[]>();
  const exported = new Map<string, VirtualService[]>();
  const open = new Map<string, VirtualService[]>();
  const note = (index: Map<string, VirtualService[]>, key: string, found: VirtualService) => {
    const list = index.get(key);
    if (list) list.push(found);
    else index.set(key, [found]);
  };
  for (const root of all) {
    if (!root.spec?.hosts?.length) continue;
    const merged = withDelegates(root, all);
    const namespace = root.metadata.namespace ?? '';
    const exportTo = new Set(
      (root.spec.exportTo?.length ? root.spec.exportTo : ['*']).map(entry =>
        entry === '.' ? namespace : entry,
      ),
    );
    for (const gateway of gatewaysOf(root)) {
      if (exportTo.has('*')) note(open, gateway, merged);
      else if (!exportTo.has('~')) {
        for (const target of exportTo) {
          note(target === namespace ? own : exported, `${target} ${gateway}`, merged);
        }
      }
    }
  }
  return (namespace, gateway) => {
    const key = `${namespace} ${gateway}`;
    return [...(own.get(key) ?? []), ...(exported.get(key) ?? []), ...(open.get(gateway) ?? [])];
  };
});
