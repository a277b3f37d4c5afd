import {ApiError} from '../api/errors.ts';
import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject} from '../objects.ts';
import {withCondition} from './conditions.ts';
import {customResource, definitions, type ResourceWatch} from './known-resources.ts';
import {ignoringGone} from './refusals.ts';
import type {Runtime} from './runtime.ts';

const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

/** Establishes CRDs, and deletes their objects before a CRD itself goes. */
export function startCustomResourceDefinitions(runtime: Runtime, resources: ResourceWatch): void {
  const {client, clock} = runtime;
  const queue = runtime.queue(reconcile, definitions);

  resources.listen((known, {type, object}) => {
    if (known.resource === definitions) queue.add(object.metadata.name);
    // A CRD is named as the resource that it defines.
    else if (type === 'DELETED') queue.add(known.resource);
  });

  function* reconcile(name: string) {
    const definition = client.get(definitions, name);
    if (!definition) return;
    if (definition.metadata.deletionTimestamp !== undefined) yield* finalize(definition);
    else establish(definition);
  }

  function establish(definition: KubeObject) {
    let current = definition;
    const finalizers = definition.metadata.finalizers ?? [];
    if (!finalizers.includes(cleanup)) {
      const {name} = definition.metadata;
      current = client.patch(definitions, name, {metadata: {finalizers: [...finalizers, cleanup]}});
    }
    const stored = current['spec'].versions?.find((version: any) => version.storage)?.name;
    const {conditions, storedVersions = [stored], ...status} = current['status'] ?? {};
    const accepted: Condition[] = [
      {type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found'},
      {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ];
    write(current, {
      ...status,
      conditions: accepted.reduce(
        (list, one) => withCondition(list, one, rfc3339(clock.now())),
        conditions ?? [],
      ),
      acceptedNames: current['spec'].names,
      storedVersions,
    });
  }

  function* finalize(definition: KubeObject) {
    const {resource, namespaced} = customResource(definition);
    const condition: Condition = {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionInProgress',
      message: 'CustomResource deletion is in progress',
    };
    const status = definition['status'] ?? {};
    write(definition, {
      ...status,
      conditions: withCondition(status.conditions, condition, rfc3339(clock.now())),
    });
    for (const object of listed(resource)) {
      const {name, namespace, deletionTimestamp} = object.metadata;
      if (deletionTimestamp !== undefined) continue;
      ignoringGone(() => client.delete(resource, name, namespaced && namespace ? {namespace} : {}));
      yield;
    }
    if (listed(resource).length > 0) return;
    const rest = (definition.metadata.finalizers ?? []).filter(finalizer => finalizer !== cleanup);
    client.patch(definitions, definition.metadata.name, {
      metadata: {finalizers: rest.length > 0 ? rest : null},
    });
  }

  function listed(resource: string): KubeObject[] {
    try {
      return client.list(resource);
    } catch (error) {
      if (error instanceof ApiError && error.status.code === 404) return [];
      throw error;
    }
  }

  const write = (definition: KubeObject, status: any) =>
    client.updateStatus(definitions, {...definition, status});
}
