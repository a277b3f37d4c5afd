import {isDeepStrictEqual} from 'node:util';
import type {ApiClient, DeleteOptions, ListOptions} from '../api/client.ts';
import {ApiError} from '../api/errors.ts';
import {type Clock, type Random, rfc3339} from '../clock.ts';
import type {KubeObject, WatchEvent} from '../objects.ts';

const clusterScoped = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'customresourcedefinitions.apiextensions.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
]);
/** What the API server itself would refuse, for tests of controllers that must cope with a refusal. */
export type Refuse = (request: {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  resource: string;
  object: KubeObject;
}) => ApiError | undefined;

export interface FakeClient extends ApiClient {
  /** Set to refuse writes. */
  refuse: Refuse | undefined;
  /** Counts the writes that changed something. */
  readonly writes: number;
}

const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

function mergePatch(target: any, patch: any): any {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result = target !== null && typeof target === 'object' && !Array.isArray(target) ? {...target} : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

/**
 * The rules of `ApiClient` in memory, for unit tests of what stands above it: no defaulting and no validation,
 * but generation, status apart from spec, conflicts, finalizers, graceful deletion of pods and namespaces, and
 * no event for a write that changes nothing.
 */
export function createFakeClient(options: {clock: Clock; random: Random}): FakeClient {
  const {clock, random} = options;
  const stored = new Map<string, Map<string, KubeObject>>();
  const watches = new Set<{
    resource: string;
    options: ListOptions;
    listener: (event: WatchEvent<any>) => void;
  }>();
  let version = 0;
  let uids = 0;
  let writes = 0;

  const tableOf = (resource: string) => {
    let table = stored.get(resource);
    if (!table) {
      table = new Map();
      stored.set(resource, table);
    }
    return table;
  };
  const keyOf = (resource: string, name: string, namespace?: string) =>
    clusterScoped.has(resource) ? name : `${namespace}/${name}`;
  const selects = (wanted: ListOptions, object: KubeObject) =>
    (wanted.namespace === undefined || object.metadata.namespace === wanted.namespace) &&
    Object.entries(wanted.labels ?? {}).every(([key, value]) => object.metadata.labels?.[key] === value);
  const notFound = (resource: string, name: string) =>
    new ApiError(404, 'NotFound', `${resource} "${name}" not found`, {name, kind: resource});

  function deliver(resource: string, type: WatchEvent['type'], object: KubeObject, before?: KubeObject) {
    writes++;
    for (const watch of [...watches]) {
      if (watch.resource !== resource || !watches.has(watch)) continue;
      const was = before !== undefined && selects(watch.options, before);
      const is = selects(watch.options, object);
      if (type === 'DELETED' || !is) {
        if (is || was) watch.listener({type: 'DELETED', object});
      } else watch.listener({type: type === 'MODIFIED' && !was ? 'ADDED' : type, object});
    }
  }
  const put = (resource: string, object: KubeObject, before?: KubeObject) => {
    object.metadata.resourceVersion = String(++version);
    const frozen = freeze(structuredClone(object));
    const key = keyOf(resource, object.metadata.name, object.metadata.namespace);
    tableOf(resource).set(key, frozen);
    deliver(resource, before ? 'MODIFIED' : 'ADDED', frozen, before);
    return frozen;
  };
  const drop = (resource: string, object: KubeObject) => {
    tableOf(resource).delete(keyOf(resource, object.metadata.name, object.metadata.namespace));
    const last = structuredClone(object);
    last.metadata.resourceVersion = String(++version);
    deliver(resource, 'DELETED', freeze(last), object);
  };
  const finished = (resource: string, object: KubeObject) =>
    object.metadata.deletionTimestamp !== undefined &&
    (object.metadata.finalizers ?? []).length === 0 &&
    (resource !== 'namespaces' || (object['spec']?.finalizers ?? []).length === 0) &&
    (resource !== 'pods' || object.metadata.deletionGracePeriodSeconds === 0);

  function write(resource: string, next: KubeObject, part: 'object' | 'status'): KubeObject {
    const before = tableOf(resource).get(keyOf(resource, next.metadata.name, next.metadata.namespace));
    if (!before) throw notFound(resource, next.metadata.name);
    const given = next.metadata.resourceVersion;
    if (given !== undefined && given !== before.metadata.resourceVersion) {
      throw new ApiError(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${resource} "${next.metadata.name}"`,
      );
    }
    const merged: KubeObject =
      part === 'status' ? {...before, status: next['status']} : {...next, status: before['status']};
    const object = structuredClone(merged);
    const {uid, creationTimestamp, deletionTimestamp, generation} = before.metadata;
    Object.assign(object.metadata, {
      uid,
      creationTimestamp,
      resourceVersion: before.metadata.resourceVersion,
    });
    if (deletionTimestamp !== undefined) object.metadata.deletionTimestamp = deletionTimestamp;
    object.metadata.generation = generation ?? 1;
    if (object['status'] === undefined) delete object['status'];
    if (isDeepStrictEqual(object, structuredClone(before))) return before;
    const refusal = api.refuse?.({operation: 'UPDATE', resource, object});
    if (refusal) throw refusal;
    if (part === 'object' && !isDeepStrictEqual(object['spec'], before['spec'])) object.metadata.generation++;
    if (!finished(resource, object)) return put(resource, object, before);
    drop(resource, object);
    return object;
  }

  const api: FakeClient = {
    refuse: undefined,
    get writes() {
      return writes;
    },
    get: <T extends KubeObject>(resource: string, name: string, namespace?: string) =>
      tableOf(resource).get(keyOf(resource, name, namespace)) as T | undefined,
    list: <T extends KubeObject>(resource: string, wanted: ListOptions = {}) =>
      [...tableOf(resource).values()].filter(object => selects(wanted, object)) as T[],
    managedBy: <T extends KubeObject>(resource: string, namespace: string | undefined, uid: string) =>
      api
        .list<T>(resource, namespace === undefined ? {} : {namespace})
        .filter(
          ({metadata}) => (metadata.ownerReferences?.find(({controller}) => controller)?.uid ?? '') === uid,
        ),
    create<T extends KubeObject>(resource: string, given: T) {
      const object = structuredClone(given) as KubeObject;
      const meta = object.metadata;
      if (!meta.name && meta.generateName) {
        const letter = () => suffixAlphabet[Math.floor(random() * suffixAlphabet.length)];
        meta.name = meta.generateName + Array.from({length: 5}, letter).join('');
      }
      const refusal = api.refuse?.({operation: 'CREATE', resource, object});
      if (refusal) throw refusal;
      if (tableOf(resource).has(keyOf(resource, meta.name, meta.namespace))) {
        throw new ApiError(409, 'AlreadyExists', `${resource} "${meta.name}" already exists`);
      }
      const parent = meta.namespace === undefined ? undefined : tableOf('namespaces').get(meta.namespace);
      if (parent?.metadata.deletionTimestamp) {
        throw new ApiError(
          403,
          'Forbidden',
          `${resource} "${meta.name}" is forbidden: namespace is terminating`,
        );
      }
      meta.uid = `uid-${++uids}`;
      meta.creationTimestamp = rfc3339(clock.now());
      meta.generation = 1;
      if (resource === 'namespaces') {
        object['spec'] = {finalizers: ['kubernetes']};
        object['status'] = {phase: 'Active'};
      }
      if (resource === 'pods') object['status'] ??= {phase: 'Pending', qosClass: 'BestEffort'};
      return put(resource, object) as T;
    },
    update: <T extends KubeObject>(resource: string, object: T) => write(resource, object, 'object') as T,
    updateStatus: <T extends KubeObject>(resource: string, object: T) =>
      write(resource, object, 'status') as T,
    patch<T extends KubeObject>(
      resource: string,
      name: string,
      patch: Record<string, unknown>,
      where: {namespace?: string; subresource?: 'status'} = {},
    ) {
      const before = tableOf(resource).get(keyOf(resource, name, where.namespace));
      if (!before) throw notFound(resource, name);
      const patched = mergePatch(structuredClone(before), patch);
      return write(resource, patched, where.subresource === 'status' ? 'status' : 'object') as T;
    },
    delete(resource: string, name: string, how: DeleteOptions = {}) {
      const before = tableOf(resource).get(keyOf(resource, name, how.namespace));
      if (!before) throw notFound(resource, name);
      if (how.uid !== undefined && how.uid !== before.metadata.uid) {
        throw new ApiError(409, 'Conflict', `the UID in the precondition (${how.uid}) does not match`);
      }
      const object = structuredClone(before);
      const meta = object.metadata;
      const asked = meta.deletionTimestamp !== undefined;
      if (how.propagationPolicy === 'Foreground' && !asked) {
        meta.finalizers = [...(meta.finalizers ?? []), 'foregroundDeletion'];
      }
      if (how.propagationPolicy === 'Orphan' && !asked) {
        meta.finalizers = [...(meta.finalizers ?? []), 'orphan'];
      }
      meta.deletionTimestamp ??= rfc3339(clock.now());
      if (resource === 'namespaces') object['status'] = {...object['status'], phase: 'Terminating'};
      if (resource === 'pods') {
        const scheduled = object['spec']?.nodeName !== undefined;
        const terminal = ['Succeeded', 'Failed'].includes(object['status']?.phase);
        const grace = object['spec']?.terminationGracePeriodSeconds ?? 30;
        meta.deletionGracePeriodSeconds =
          !scheduled || terminal
            ? 0
            : Math.min(how.gracePeriodSeconds ?? grace, meta.deletionGracePeriodSeconds ?? 1e9);
      }
      if (finished(resource, object)) drop(resource, object);
      else if (!isDeepStrictEqual(object, structuredClone(before))) put(resource, object, before);
    },
    watch<T extends KubeObject>(
      resource: string,
      wanted: ListOptions,
      listener: (event: WatchEvent<T>) => void,
    ) {
      const watch = {resource, options: wanted, listener};
      for (const object of api.list(resource, wanted)) listener({type: 'ADDED', object: object as T});
      watches.add(watch);
      return () => {
        watches.delete(watch);
      };
    },
  };
  return api;
}
