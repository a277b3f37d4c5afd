import {ApiError} from '../api/errors.ts';
import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject} from '../objects.ts';
import {withCondition} from './conditions.ts';
import type {KnownResource, ResourceWatch} from './known-resources.ts';
import {ignoringGone} from './refusals.ts';
import type {Runtime} from './runtime.ts';

interface Remaining {
  known: KnownResource;
  objects: KubeObject[];
}

/** Empties namespaces that are being deleted, and lets go of them when nothing is left. */
export function startNamespaces(runtime: Runtime, resources: ResourceWatch): void {
  const {client, clock} = runtime;
  const queue = runtime.queue(reconcile, 'namespaces');
  const terminating = new Set<string>();

  resources.listen((known, {type, object}) => {
    const {name, namespace, deletionTimestamp} = object.metadata;
    if (known.resource === 'namespaces') {
      if (type === 'DELETED') terminating.delete(name);
      else if (deletionTimestamp !== undefined) {
        terminating.add(name);
        queue.add(name);
      }
    } else if (type === 'DELETED' && namespace !== undefined && terminating.has(namespace))
      queue.add(namespace);
  });

  function* reconcile(name: string) {
    if (client.get('namespaces', name)?.metadata.deletionTimestamp === undefined) return;
    for (const {known, objects} of contents(name)) {
      for (const object of objects) {
        if (object.metadata.deletionTimestamp !== undefined) continue;
        remove(known, object);
        yield;
      }
    }
    const found = client.get('namespaces', name);
    if (!found) return;
    const left = contents(name);
    if (left.length > 0) {
      writeConditions(found, left);
      return;
    }
    client.update('namespaces', {...found, spec: {...found['spec'], finalizers: []}});
  }

  function contents(namespace: string): Remaining[] {
    return resources
      .all()
      .filter(known => known.namespaced)
      .map(known => ({known, objects: listed(known, namespace)}))
      .filter(({objects}) => objects.length > 0);
  }

  function listed({resource}: KnownResource, namespace: string): KubeObject[] {
    try {
      return client.list(resource, {namespace});
    } catch (error) {
      // Its CRD went away.
      if (error instanceof ApiError && error.status.code === 404) return [];
      throw error;
    }
  }

  function remove({resource}: KnownResource, {metadata: {name, namespace, uid}}: KubeObject) {
    ignoringGone(() =>
      client.delete(resource, name, {
        ...(namespace ? {namespace} : {}),
        ...(uid ? {uid} : {}),
        propagationPolicy: 'Background',
      }),
    );
  }

  function writeConditions(found: KubeObject, left: Remaining[]) {
    const now = rfc3339(clock.now());
    const conditions = deletionConditions(left).reduce(
      (list, condition) => withCondition(list, condition, now),
      (found['status']?.conditions ?? []) as Condition[],
    );
    client.updateStatus('namespaces', {...found, status: {...found['status'], conditions}});
  }
}

/** What `kubectl describe namespace` tells of a deletion that waits. */
function deletionConditions(left: Remaining[]): Condition[] {
  const remaining = left.map(
    ({known, objects}) => `${known.resource} has ${objects.length} resource instances`,
  );
  const finalizers = new Map<string, number>();
  for (const object of left.flatMap(one => one.objects)) {
    for (const finalizer of object.metadata.finalizers ?? []) {
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    }
  }
  const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      status: 'False',
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      status: 'False',
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      status: 'False',
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${remaining.join(', ')}`,
    },
    held.length > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        },
  ];
}
