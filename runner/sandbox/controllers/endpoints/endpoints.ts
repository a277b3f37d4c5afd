import type {KubeObject, Pod, Service} from '../../objects.ts';
import {keyOf, splitKey} from '../keys.ts';
import type {Runtime} from '../runtime.ts';
import {type EndpointGroup, endpointsOf} from './endpoints-of.ts';
import {createReachablePods, isReachable} from './reachable-pods.ts';
import {legacyEndpoints, managedBy, sliceOf} from './slice-of.ts';

const slices = 'endpointslices.discovery.k8s.io';

/** Keeps EndpointSlices, and the Endpoints of old, in step with the pods that Services select. */
export function startEndpoints(runtime: Runtime): void {
  const {client} = runtime;
  const queue = runtime.queue(reconcile, 'services');
  const reachable = createReachablePods();
  const enqueueFor = (pod: Pod) => {
    const {namespace, labels} = pod.metadata;
    for (const service of client.list<Service>('services', namespace === undefined ? {} : {namespace})) {
      if (selects(service, labels)) queue.add(keyOf(service));
    }
  };

  runtime.watch('services', ({object}) => queue.add(keyOf(object)));
  runtime.watch<Pod>('pods', ({type, object}) => {
    const before = reachable.note(object, type === 'DELETED');
    const is = type !== 'DELETED' && isReachable(object);
    if (is) enqueueFor(object);
    // A pod whose labels changed has to leave the Services that selected it before.
    if (before && !(is && before.metadata.labels === object.metadata.labels)) enqueueFor(before);
  });
  runtime.watch(slices, ({type, object}) => {
    const service = object.metadata.labels?.['kubernetes.io/service-name'];
    if (type === 'DELETED' && service) queue.add(`${object.metadata.namespace}/${service}`);
  });

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const service = client.get<Service>('services', name, namespace);
    const existing = client
      .list(slices, {namespace, labels: {'kubernetes.io/service-name': name}})
      .filter(slice => slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy);
    if (!service) {
      for (const slice of existing) client.delete(slices, slice.metadata.name, {namespace});
      const endpoints = client.get('endpoints', name, namespace);
      if (endpoints?.metadata.labels?.['endpoints.kubernetes.io/managed-by']) {
        client.delete('endpoints', name, {namespace});
      }
      return;
    }
    // Without a selector somebody else keeps the endpoints.
    if (!service.spec.selector || service.metadata.deletionTimestamp !== undefined) return;
    const pods = reachable.of(namespace).filter(pod => selects(service, pod.metadata.labels));
    const groups = endpointsOf(service, pods);
    const wanted: EndpointGroup[] = groups.length > 0 ? groups : [{ports: [], endpoints: []}];
    writeSlices(service, wanted, existing);
    writeLegacy(service, groups);
  }

  function writeSlices(service: Service, groups: EndpointGroup[], existing: KubeObject[]) {
    for (const [index, group] of groups.entries()) {
      const slice = sliceOf(service, group);
      const before = existing[index];
      if (!before) {
        client.create(slices, slice);
        continue;
      }
      const {labels, ownerReferences} = slice.metadata;
      client.update(slices, {
        ...slice,
        metadata: {
          ...before.metadata,
          ...(labels ? {labels} : {}),
          ...(ownerReferences ? {ownerReferences} : {}),
        },
      });
    }
    for (const extra of existing.slice(groups.length)) {
      const {name, namespace} = extra.metadata;
      client.delete(slices, name, namespace === undefined ? {} : {namespace});
    }
  }

  function writeLegacy(service: Service, groups: EndpointGroup[]) {
    const endpoints = legacyEndpoints(service, groups);
    const before = client.get('endpoints', endpoints.metadata.name, endpoints.metadata.namespace);
    if (before)
      client.update('endpoints', {...endpoints, metadata: {...before.metadata, ...endpoints.metadata}});
    else client.create('endpoints', endpoints);
  }
}

function selects(service: Service, labels: Record<string, string> = {}): boolean {
  const wanted = Object.entries(service.spec?.selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
