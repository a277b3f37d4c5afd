import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {KubeError} from '../engines/kube/rest.ts';
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
    ['services', 'pods', 'namespaces', ...configResources].map(resource => readable(kube, resource)),
  );
  const snapshot = buildSnapshot({
    services: services ?? [],
    pods: pods ?? [],
    namespaces: namespaces ?? [],
    config: config.flat(),
  });
  return {snapshot, pods: pods ?? []};
}

/** Where the labs are, for those who may see no more of a shared cluster. */
const own = 'bookinfo';

/** All that we may see: everything, else what is in our own namespace. @throws KubeError when not even that. */
async function readable(kube: Kube, resource: string): Promise<readonly KubeItem[]> {
  try {
    return await kube.list(resource);
  } catch (error) {
    if (!(error instanceof KubeError && error.code === 403)) throw error;
    if (resource !== 'namespaces') return kube.list(resource, {namespace: own});
    const namespace = await kube.get(resource, own);
    return namespace ? [namespace] : [];
  }
}
