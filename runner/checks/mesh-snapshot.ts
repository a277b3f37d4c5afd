import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {KubeError} from '../engines/kube/rest.ts';
import {buildSnapshot, type SnapshotInput} from '../istio/build-snapshot.ts';
import {readMeshConfig} from '../istio/mesh-config.ts';
import type {MeshSnapshot} from '../istio/snapshot.ts';

/** Istio's kinds that decide where a request goes, or whether it may; and those of which that is only said. */
export const configResources = [
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'gateways.networking.istio.io',
  'serviceentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'peerauthentications.security.istio.io',
  'authorizationpolicies.security.istio.io',
  'requestauthentications.security.istio.io',
  'httproutes.gateway.networking.k8s.io',
  'envoyfilters.networking.istio.io',
  'wasmplugins.extensions.istio.io',
];

export interface ReadMesh {
  snapshot: MeshSnapshot;
  /** What the snapshot was made of. */
  input: SnapshotInput;
  pods: readonly KubeItem[];
  deployments: readonly KubeItem[];
  /** Services and Istio's objects as the API returns them. */
  items: readonly KubeItem[];
  /** Only the pods of our own namespace may be seen, so that those of istiod are not. */
  partial: boolean;
  /** What we may not see, a sentence each. */
  unread: readonly string[];
}

/** Where the labs are, for those who may see no more of a shared cluster. */
const own = 'bookinfo';
const root = 'istio-system';

/**
 * Reads what a cluster routes by, through its kubeconfig: the same on the sandbox and on a real one, and with the rights
 * of a namespace's admin, who sees less of it.
 * @throws KubeError where not even the pods and Services of our own namespace can be read.
 */
export async function readMesh(kube: Kube): Promise<ReadMesh> {
  const reading = new Reading(kube);
  const [services, pods, deployments, slices, namespaces, mesh, config] = await Promise.all([
    reading.list('services', 'needed'),
    reading.list('pods', 'needed'),
    reading.list('deployments.apps'),
    reading.list('endpointslices.discovery.k8s.io'),
    reading.namespaces(),
    reading.meshConfig(),
    Promise.all(configResources.map(resource => reading.list(resource))),
  ]);
  const input = {
    services,
    pods,
    endpointSlices: slices,
    namespaces,
    config: config.flat(),
    meshConfig: readMeshConfig(mesh),
  };
  const snapshot = buildSnapshot(input);
  return {
    snapshot,
    input,
    pods,
    deployments,
    items: [...services, ...config.flat()],
    partial: reading.partial,
    unread: reading.unread(),
  };
}

class Reading {
  readonly #kube: Kube;
  readonly #elsewhere: string[] = [];
  readonly #nowhere: string[] = [];
  partial = false;

  constructor(kube: Kube) {
    this.#kube = kube;
  }

  /** All that we may see: everything, else what is in our own namespace. */
  async list(resource: string, how: 'needed' | 'wanted' = 'wanted'): Promise<readonly KubeItem[]> {
    try {
      return await this.#kube.list(resource);
    } catch (error) {
      if (!isForbidden(error)) throw error;
    }
    try {
      const found = await this.#kube.list(resource, {namespace: own});
      this.#elsewhere.push(nameOf(resource));
      if (resource === 'pods') this.partial = true;
      return found;
    } catch (error) {
      if (!isForbidden(error) || how === 'needed') throw error;
      this.#nowhere.push(nameOf(resource));
      return [];
    }
  }

  async namespaces(): Promise<readonly KubeItem[]> {
    try {
      return await this.#kube.list('namespaces');
    } catch (error) {
      if (!isForbidden(error)) throw error;
    }
    const namespace = await this.#get('namespaces', own);
    return namespace ? [namespace] : [];
  }

  meshConfig(): Promise<KubeItem | undefined> {
    return this.#get('configmaps', 'istio', root);
  }

  unread(): readonly string[] {
    return [
      ...(this.#nowhere.length > 0 ? [`you may not read ${this.#nowhere.sort().join(', ')}`] : []),
      ...(this.#elsewhere.length > 0
        ? [`of ${this.#elsewhere.sort().join(', ')} you may read those in ${own} only`]
        : []),
    ];
  }

  async #get(resource: string, name: string, namespace?: string): Promise<KubeItem | undefined> {
    try {
      return await this.#kube.get(resource, name, namespace);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.#nowhere.push(
        namespace === undefined ? `the ${nameOf(resource)} ${name}` : `the mesh configuration`,
      );
      return undefined;
    }
  }
}

function isForbidden(error: unknown): error is KubeError {
  return error instanceof KubeError && error.code === 403;
}

function nameOf(resource: string): string {
  return resource.replace(/\..*$/, '');
}
