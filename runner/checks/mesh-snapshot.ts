import type {Kube, KubeItem} from '../clusters/kube/kube.ts';
import {buildSnapshot} from '../istio/build-snapshot.ts';
import type {MeshSnapshot} from '../istio/snapshot.ts';

/** Istio's kinds that decide where a request goes, or whether it may. */
const configResources = [
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'gateways.networking.istio.io',
  'serviceentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'peerauthentications.security.istio.io',
  'authorizationpolicies.security.istio.io',
  'requestauthentications.security.istio.io',
];

export interface ReadMesh {
  snapshot: MeshSnapshot;
  pods: readonly KubeItem[];
}

/** Reads what a cluster routes by, through its kubeconfig: the same on the sandbox and on a real one. */
export async function readMesh(kube: Kube): Promise<ReadMesh> {
  const [services, pods, namespaces, ...config] = await Promise.all(
    ['services', 'pods', 'namespaces', ...configResources].map(resource => kube.list(resource)),
  );
  const snapshot = buildSnapshot({
    services: services ?? [],
    pods: pods ?? [],
    namespaces: namespaces ?? [],
    config: config.flat(),
  });
  return {snapshot, pods: pods ?? []};
}
