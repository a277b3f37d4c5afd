import {copyJson} from '../json.ts';
import type {KubeObject} from '../objects.ts';
import type {Store} from '../store/store.ts';
import {allocateAddresses} from './service-addresses.ts';

/** What the API server itself does to a kind on its way into the store, beyond defaulting. */
export interface Strategy {
  /** Status given at creation is kept (nodes) instead of dropped. */
  keepsStatus?: true;
  /** Runs on the copy that will be stored. `previous` is absent at creation. */
  prepare?(
    object: KubeObject,
    previous: KubeObject | undefined,
    place: {store: Store; subresource: string},
  ): void;
}

const strategies: Readonly<Record<string, Strategy>> = {
  nodes: {keepsStatus: true},
  namespaces: {
    prepare(namespace, previous, {subresource}) {
      const {metadata} = namespace;
      metadata.labels = {...metadata.labels, 'kubernetes.io/metadata.name': metadata.name};
      if (previous) {
        // Only `finalize` may say that the content is gone.
        if (subresource !== 'finalize') namespace['spec'] = copyJson(previous['spec']);
        return;
      }
      namespace['spec'] = {...namespace['spec'], finalizers: ['kubernetes']};
      namespace['status'] = {phase: 'Active'};
    },
  },
  pods: {
    prepare(pod, previous) {
      if (previous) return;
      pod['status'] = {phase: 'Pending', qosClass: qosClass(pod)};
    },
  },
  persistentvolumeclaims: {
    prepare(claim, previous) {
      if (!previous) claim['status'] = {phase: 'Pending'};
    },
  },
  persistentvolumes: {
    prepare(volume, previous) {
      if (!previous) volume['status'] = {phase: 'Pending'};
    },
  },
  services: {
    prepare(service, previous, {store}) {
      if (!previous) service['status'] = {loadBalancer: {}};
      allocateAddresses(service, previous, store);
    },
  },
  'ingresses.networking.k8s.io': {
    prepare(ingress, previous) {
      if (!previous) ingress['status'] = {loadBalancer: {}};
    },
  },
  secrets: {
    prepare(secret) {
      const plain: Record<string, string> | undefined = secret['stringData'];
      if (!plain) return;
      secret['data'] = {...secret['data']};
      for (const [key, value] of Object.entries(plain)) {
        secret['data'][key] = Buffer.from(value).toString('base64');
      }
      delete secret['stringData'];
    },
  },
  'customresourcedefinitions.apiextensions.k8s.io': {
    prepare(crd, previous) {
      const stored = crd['spec']?.versions?.find?.((version: any) => version.storage)?.name;
      if (!stored) return;
      const known: string[] = (previous ?? crd)['status']?.storedVersions ?? [];
      crd['status'] = {
        ...crd['status'],
        storedVersions: known.includes(stored) ? known : [...known, stored],
      };
    },
  },
};

/** By the name of the collection in the store. */
export function strategyOf(storage: string): Strategy {
  return strategies[storage] ?? {};
}

/** Guaranteed, Burstable or BestEffort, by the CPU and memory that the containers ask for. */
function qosClass(pod: KubeObject): string {
  const containers: any[] = [...(pod['spec']?.containers ?? []), ...(pod['spec']?.initContainers ?? [])];
  const asks = containers.some(
    ({resources}) =>
      Object.keys(resources?.requests ?? {}).length + Object.keys(resources?.limits ?? {}).length > 0,
  );
  if (!asks) return 'BestEffort';
  const guaranteed = containers.every(({resources}) =>
    ['cpu', 'memory'].every(name => {
      const limit = resources?.limits?.[name];
      return limit !== undefined && (resources?.requests?.[name] ?? limit) === limit;
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
