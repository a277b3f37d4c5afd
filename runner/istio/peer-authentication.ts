import {configOf, labelsMatch, type MeshSnapshot} from './snapshot.ts';
import type {PeerAuthentication} from './types.ts';

export type MutualTlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/**
 * The mode in which a workload's port takes connections: workload, then namespace, then mesh; UNSET inherits,
 * the oldest of a level wins (Istio: `ComposePeerAuthentication`).
 * @param port the pod's port; left out to ask for the mode of the workload as a whole.
 */
export function serverMutualTls(
  snapshot: MeshSnapshot,
  workload: {namespace: string; labels: Record<string, string>},
  port?: number,
): MutualTlsMode {
  const policies = configOf<PeerAuthentication>(snapshot, 'PeerAuthentication');
  const root = snapshot.meshConfig.rootNamespace;
  const own = policies.find(
    policy =>
      policy.metadata.namespace === workload.namespace &&
      hasSelector(policy) &&
      labelsMatch(policy.spec?.selector?.matchLabels, workload.labels),
  );
  const levels = [
    own,
    namespaceLevel(policies, workload.namespace, root),
    namespaceLevel(policies, root, ''),
  ];
  const portMode = port === undefined ? undefined : own?.spec?.portLevelMtls?.[String(port)]?.mode;
  if (portMode && portMode !== 'UNSET') return portMode as MutualTlsMode;
  for (const level of levels) {
    const mode = level?.spec?.mtls?.mode;
    if (mode && mode !== 'UNSET') return mode as MutualTlsMode;
  }
  return 'PERMISSIVE';
}

/** What clients assume of a namespace: they don't see policies of single workloads (auto mTLS). */
export function assumedMutualTls(snapshot: MeshSnapshot, namespace: string): MutualTlsMode {
  return serverMutualTls(snapshot, {namespace, labels: {}});
}

function hasSelector(policy: PeerAuthentication): boolean {
  return Object.keys(policy.spec?.selector?.matchLabels ?? {}).length > 0;
}

function namespaceLevel(
  policies: readonly PeerAuthentication[],
  namespace: string,
  except: string,
): PeerAuthentication | undefined {
  if (namespace === except) return undefined;
  return policies.find(policy => policy.metadata.namespace === namespace && !hasSelector(policy));
}
