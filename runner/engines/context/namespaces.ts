import {WorkshopError} from '../../errors.ts';
import type {Kube, KubeItem} from '../kube/kube.ts';
import {KubeError} from '../kube/rest.ts';

/** On what the labs make in a cluster that is shared; the value is the workshop's own. */
export const ownerLabel = 'istio-workshop';

/** The namespaces that the labs make; with an Istio that was there before, only the first. */
export const labNamespaces: readonly string[] = ['bookinfo', 'istio-ingress', 'istio-system'];

/** @throws WorkshopError `namespace-taken` when a namespace that the labs would make is somebody else's. */
export async function requireFreeNamespaces(
  kube: Kube,
  options: {owner: string; installing: boolean},
): Promise<void> {
  for (const name of options.installing ? labNamespaces : labNamespaces.slice(0, 1)) {
    const namespace = await readable(() => kube.get('namespaces', name));
    if (!namespace || namespace.metadata.labels?.[ownerLabel] === options.owner) continue;
    throw new WorkshopError({
      code: 'namespace-taken',
      message: `There is a namespace ${name} in this cluster already, and this workshop did not make it.`,
      remedies: [
        'Use another cluster: --context NAME',
        `If it was made for you: kubectl label namespace ${name} ${ownerLabel}=${options.owner}`,
        `If nobody needs it any more: kubectl delete namespace ${name}`,
      ],
    });
  }
}

/** The namespaces that carry this workshop's label, in the order in which they are to be removed. */
export async function ownNamespaces(kube: Kube, owner: string): Promise<readonly string[]> {
  const listed = await readable(() => kube.list('namespaces', {labels: `${ownerLabel}=${owner}`}));
  // Who may not list all of them may still read each by its name.
  const found = listed ?? (await named(kube)).filter(({metadata}) => metadata.labels?.[ownerLabel] === owner);
  const rank = (name: string): number => labNamespaces.indexOf(name);
  return found.map(({metadata}) => metadata.name).sort((a, b) => rank(a) - rank(b));
}

/** Namespaces under the labs' names without this workshop's label. */
export async function foreignNamespaces(kube: Kube, owner: string): Promise<readonly string[]> {
  return (await named(kube))
    .filter(({metadata}) => metadata.labels?.[ownerLabel] !== owner)
    .map(({metadata}) => metadata.name);
}

async function named(kube: Kube): Promise<readonly KubeItem[]> {
  const found = await Promise.all(labNamespaces.map(name => readable(() => kube.get('namespaces', name))));
  return found.flatMap(namespace => namespace ?? []);
}

async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof KubeError && error.code === 403) return undefined;
    throw error;
  }
}
