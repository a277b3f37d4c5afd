import {configOf, labelsMatch, type MeshSnapshot} from './snapshot.ts';
import {type ObjectRef, type PeerAuthentication, refOf} from './types.ts';

export type MutualTlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** A mode, and what says so; without a policy Istio's own default holds. */
export interface MutualTlsChoice {
  mode: MutualTlsMode;
  policy?: ObjectRef;
  /** `spec.mtls.mode` */
  path: string;
}

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
  return serverMutualTlsBy(snapshot, workload, port).mode;
}

/** As {@link serverMutualTls}, with the policy that says so. */
export function serverMutualTlsBy(
  snapshot: MeshSnapshot,
  workload: {namespace: string; labels: Record<string, string>},
  port?: number,
): MutualTlsChoice {
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
  if (own && portMode && portMode !== 'UNSET') {
    return {mode: portMode as MutualTlsMode, policy: refOf(own), path: `spec.portLevelMtls.${port}.mode`};
  }
  for (const level of levels) {
    const mode = level?.spec?.mtls?.mode;
    if (level && mode && mode !== 'UNSET') {
      return {mode: mode as MutualTlsMode, policy: refOf(level), path: 'spec.mtls.mode'};
    }
  }
  return {mode: 'PERMISSIVE', path: 'spec.mtls.mode'};
}

/**
 * Whether a caller sends mutual TLS by itself (auto mTLS) to a pod that has a sidecar: a cluster has none where its
 * namespace switches it off, and of the others a pod whose own policy does so for the port is left out (Istio:
 * `cluster_tls.go`, `mtls_checker.go`).
 * @param port the pod's port
 */
export function sendsMutualTls(
  snapshot: MeshSnapshot,
  workload: {namespace: string; labels: Record<string, string>},
  port: number,
): boolean {
  const assumed = serverMutualTls(snapshot, {namespace: workload.namespace, labels: {}});
  return assumed !== 'DISABLE' && serverMutualTls(snapshot, workload, port) !== 'DISABLE';
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
