import {copyJson, equalJson} from '../json.ts';
import {applyMergePatch} from '../merge-patch.ts';
import type {KubeObject, WatchEvent} from '../objects.ts';
import {admin} from './authentication.ts';
import type {ApiClient, ListOptions, ResourceName} from './client.ts';
import {ApiError} from './errors.ts';
import {badRequest} from './failures.ts';
import type {Operations, WriteContext} from './operations.ts';
import {toStored} from './presentation.ts';
import type {ServedType} from './served-type.ts';
import type {TypeRegistry} from './type-registry.ts';

/** The API for the sandbox's own controllers: the pipeline of `Operations` without the wire. */
export function createInProcessClient(options: {
  operations: Operations;
  types: TypeRegistry;
  /** The name under which its changes appear in `managedFields`. */
  manager: string;
  /** Hears of a listener that threw; what it missed is lost to it alone. */
  onFault: (error: unknown, what: string) => void;
}): ApiClient {
  const {operations, types, manager, onFault} = options;
  const {store} = operations;

  function known(resource: ResourceName): ServedType {
    const type = types.byName(resource);
    if (!type) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
    return type;
  }

  function context(type: ServedType): WriteContext {
    return {
      user: admin,
      manager,
      version: type.versions[0] as string,
      dryRun: false,
      fieldValidation: 'Ignore',
      warn: () => {},
    };
  }

  /** The preferred version's form, as clients read and write it; stored forms differ for none but events. */
  function stored(type: ServedType, object: KubeObject): KubeObject {
    return toStored(type, type.versions[0] as string, object);
  }

  /** Writes what differs; what is as it should be, most of what controllers write, costs a comparison. */
  function write(type: ServedType, object: KubeObject, subresource: string): KubeObject {
    const {name, namespace} = object.metadata;
    const current = store.get(type.storage, type.namespaced ? namespace : undefined, name);
    if (current && equalJson(object, current)) return current;
    return operations.update(type, object, context(type), {subresource});
  }

  return {
    get: (resource, name, namespace) => {
      const type = known(resource);
      return store.get(type.storage, type.namespaced ? namespace : undefined, name) as any;
    },
    list: (resource, listOptions = {}) => {
      const type = known(resource);
      const objects = store.list(type.storage, type.namespaced ? listOptions.namespace : undefined);
      if (!listOptions.labels) return objects as any;
      return objects.filter(object => hasLabels(object, listOptions.labels)) as any;
    },
    managedBy: (resource, namespace, uid) => {
      const type = known(resource);
      return store.managedBy(type.storage, type.namespaced ? namespace : undefined, uid) as any;
    },
    create: (resource, object) => {
      const type = known(resource);
      return operations.create(type, stored(type, object), context(type)) as any;
    },
    update: (resource, object) => {
      const type = known(resource);
      // The namespace controller says through an update that a namespace's content is gone.
      const subresource = type.storage === 'namespaces' ? 'finalize' : '';
      return write(type, stored(type, object), subresource) as any;
    },
    updateStatus: (resource, object) => {
      const type = known(resource);
      return write(type, stored(type, object), 'status') as any;
    },
    patch: (resource, name, patch, {namespace, subresource = ''} = {}) => {
      const type = known(resource);
      const current = operations.get(type, type.namespaced ? namespace : undefined, name);
      const patched = applyMergePatch(copyJson(current), patch) as KubeObject;
      if (patched.metadata?.name !== name) throw badRequest('a patch can not rename an object');
      return write(type, patched, subresource) as any;
    },
    delete: (resource, name, deleteOptions = {}) => {
      const type = known(resource);
      const {namespace, uid, ...request} = deleteOptions;
      const preconditions = uid === undefined ? {} : {preconditions: {uid}};
      operations.delete(
        type,
        type.namespaced ? namespace : undefined,
        name,
        {...request, ...preconditions},
        context(type),
      );
    },
    watch: (resource, listOptions, listener) => {
      const type = types.byName(resource);
      const storage = type?.storage ?? resource;
      const concerns = (object: KubeObject) =>
        (listOptions.namespace === undefined || object.metadata.namespace === listOptions.namespace) &&
        hasLabels(object, listOptions.labels);
      const deliver = (event: WatchEvent<any>) => {
        try {
          listener(event);
        } catch (error) {
          const {namespace, name} = event.object.metadata;
          onFault(error, `${manager}: ${event.type} ${resource} ${namespace ?? ''}/${name}`);
        }
      };
      for (const object of store.list(storage, listOptions.namespace)) {
        if (concerns(object)) deliver({type: 'ADDED', object});
      }
      const from = store.revision;
      return store.subscribe(event => {
        if (event.resource !== storage || event.revision <= from) return;
        const was = event.previous !== undefined && concerns(event.previous);
        const is = event.type !== 'DELETED' && concerns(event.object);
        const seen = is ? (was ? 'MODIFIED' : 'ADDED') : was ? 'DELETED' : undefined;
        if (seen) deliver({type: seen, object: event.object});
      });
    },
  };
}

function hasLabels(object: KubeObject, labels: ListOptions['labels']): boolean {
  for (const key in labels) if (object.metadata.labels?.[key] !== labels[key]) return false;
  return true;
}
