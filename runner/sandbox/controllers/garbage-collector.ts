import type {ApiClient} from '../api/client.ts';
import {ApiError} from '../api/errors.ts';
import type {KubeObject, OwnerReference} from '../objects.ts';
import type {KnownResource, ResourceWatch} from './known-resources.ts';
import {ignoringGone} from './refusals.ts';
import type {Runtime} from './runtime.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

interface Entry {
  known: KnownResource;
  name: string;
  namespace: string | undefined;
  owners: readonly OwnerReference[];
  finalizers: readonly string[];
  deleting: boolean;
}

/**
 * Deletes what lost its owner, and carries out the foreground and the orphaning deletion, by the rules of
 * Kubernetes' garbage collector.
 */
export function startGarbageCollector(runtime: Runtime, resources: ResourceWatch): void {
  const {client} = runtime;
  const entries = new Map<string, Entry>();
  const dependents = new Map<string, Set<string>>();
  const queue = runtime.queue(reconcile);

  resources.listen((known, {type, object}) => {
    const uid = object.metadata.uid;
    if (uid === undefined || known.resource === 'events') return;
    const before = entries.get(uid);
    for (const owner of before?.owners ?? []) dependents.get(owner.uid)?.delete(uid);
    if (type === 'DELETED') {
      entries.delete(uid);
      for (const dependent of dependents.get(uid) ?? []) queue.add(dependent);
      for (const owner of before?.owners ?? []) if (entries.get(owner.uid)?.deleting) queue.add(owner.uid);
      return;
    }
    const {name, namespace, ownerReferences = [], finalizers = [], deletionTimestamp} = object.metadata;
    const deleting = deletionTimestamp !== undefined;
    entries.set(uid, {known, name, namespace, owners: ownerReferences, finalizers, deleting});
    for (const owner of ownerReferences) {
      const siblings = dependents.get(owner.uid) ?? new Set();
      siblings.add(uid);
      dependents.set(owner.uid, siblings);
    }
    const ownersChanged = ownerReferences.length !== (before?.owners.length ?? 0);
    if (ownersChanged && before) for (const owner of before.owners) queue.add(owner.uid);
    if (ownersChanged || (deleting && finalizers.length > 0)) queue.add(uid);
    if (deleting && !before?.deleting)
      for (const dependent of dependents.get(uid) ?? []) queue.add(dependent);
  });

  function* reconcile(uid: string) {
    const entry = entries.get(uid);
    if (!entry) return;
    if (entry.deleting) {
      if (entry.finalizers.includes(orphan)) yield* orphanDependents(uid, entry);
      else if (entry.finalizers.includes(foreground)) deleteDependents(uid, entry);
      return;
    }
    if (entry.owners.length > 0) judge(uid, entry);
  }

  function judge(uid: string, entry: Entry) {
    const solid: OwnerReference[] = [];
    let waiting = false;
    for (const reference of entry.owners) {
      const state = ownerState(client, resources, reference, entry.namespace);
      if (state === 'there') solid.push(reference);
      else if (state === 'waiting') waiting = true;
    }
    if (solid.length === entry.owners.length) return;
    if (solid.length > 0) {
      setOwners(entry, solid);
      return;
    }
    const blocks = waiting && (dependents.get(uid)?.size ?? 0) > 0;
    remove(uid, entry, blocks ? 'Foreground' : 'Background');
  }

  function deleteDependents(uid: string, entry: Entry) {
    const blocking = [...(dependents.get(uid) ?? [])].filter(dependent =>
      entries.get(dependent)?.owners.some(owner => owner.uid === uid && owner.blockOwnerDeletion),
    );
    if (blocking.length === 0) dropFinalizer(entry, foreground);
    else for (const dependent of blocking) queue.add(dependent);
  }

  function* orphanDependents(uid: string, entry: Entry) {
    for (const dependent of [...(dependents.get(uid) ?? [])]) {
      const child = entries.get(dependent);
      if (child) {
        setOwners(
          child,
          child.owners.filter(owner => owner.uid !== uid),
        );
      }
      yield;
    }
    dropFinalizer(entry, orphan);
  }

  function remove(
    uid: string,
    {known, name, namespace}: Entry,
    propagationPolicy: 'Foreground' | 'Background',
  ) {
    ignoringGone(() =>
      client.delete(known.resource, name, {...(namespace ? {namespace} : {}), uid, propagationPolicy}),
    );
  }

  function setOwners({known, name, namespace}: Entry, ownerReferences: readonly OwnerReference[]) {
    const value = ownerReferences.length > 0 ? [...ownerReferences] : null;
    ignoringGone(() =>
      client.patch(known.resource, name, {metadata: {ownerReferences: value}}, namespace ? {namespace} : {}),
    );
  }

  function dropFinalizer({known, name, namespace, finalizers}: Entry, gone: string) {
    const rest = finalizers.filter(finalizer => finalizer !== gone);
    ignoringGone(() =>
      client.patch(
        known.resource,
        name,
        {metadata: {finalizers: rest.length > 0 ? rest : null}},
        namespace ? {namespace} : {},
      ),
    );
  }
}

/** An owner of a kind that nobody knows is taken to be there: nothing is deleted on a guess. */
function ownerState(
  client: ApiClient,
  resources: ResourceWatch,
  reference: OwnerReference,
  namespace: string | undefined,
): 'there' | 'waiting' | 'gone' {
  const known = resources.find(reference.apiVersion, reference.kind);
  if (!known) return 'there';
  const owner = lookUp(client, known, reference.name, namespace);
  if (owner?.metadata.uid !== reference.uid) return 'gone';
  const {deletionTimestamp, finalizers = []} = owner.metadata;
  return deletionTimestamp !== undefined && finalizers.includes(foreground) ? 'waiting' : 'there';
}

function lookUp(
  client: ApiClient,
  known: KnownResource,
  name: string,
  namespace?: string,
): KubeObject | undefined {
  try {
    return client.get(known.resource, name, known.namespaced ? namespace : undefined);
  } catch (error) {
    // Its CRD went away.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
