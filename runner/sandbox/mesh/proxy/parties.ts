import type {MeshSnapshot, Workload} from '../../../istio/snapshot.ts';
import type {Party} from './exchange.ts';

/** How telemetry names a workload (labels of Istio's standard metrics). */
export function partyOf(workload: Workload, trustDomain: string): Party {
  const {labels} = workload;
  const name = labels['app'] ?? labels['app.kubernetes.io/name'] ?? labels['service.istio.io/canonical-name'];
  const version = labels['version'] ?? labels['app.kubernetes.io/version'];
  return {
    workload: workload.workload,
    namespace: workload.namespace,
    principal: spiffeId(workload, trustDomain),
    app: name ?? 'unknown',
    version: labels['version'] ?? 'unknown',
    canonicalService:
      labels['service.istio.io/canonical-name'] ??
      labels['app.kubernetes.io/name'] ??
      labels['app'] ??
      workload.workload,
    canonicalRevision: labels['service.istio.io/canonical-revision'] ?? version ?? 'latest',
  };
}

export function spiffeId(workload: {namespace: string; serviceAccount: string}, trustDomain: string): string {
  return `spiffe://${trustDomain}/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}

export function workloadAt(snapshot: MeshSnapshot, ip: string): Workload | undefined {
  return snapshot.workloads.find(workload => workload.ip === ip);
}
