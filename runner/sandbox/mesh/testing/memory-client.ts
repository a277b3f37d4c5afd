import type {ApiClient} from '../../api/client.ts';
import type {KubeObject, WatchEvent} from '../../objects.ts';

interface Watcher {
  resource: string;
  listener: (event: WatchEvent<any>) => void;
}

/** The API without its pipeline: objects in memory, with watches. Enough for what only reads and writes. */
export function createMemoryClient(): ApiClient {
  const resources = new Map<string, Map<string, KubeObject>>();
  const watchers = new Set<Watcher>();
  let version = 0;
  const keyOf = (name: string, namespace: string | undefined) => `${namespace ?? ''}/${name}`;
  const storeOf = (resource: string) => {
    const store = resources.get(resource) ?? new Map<string, KubeObject>();
    resources.set(resource, store);
    return store;
  };

  function put(resource: string, object: any, type: WatchEvent['type']): any {
    version += 1;
    const stored = structuredClone(object);
    stored.metadata.resourceVersion = String(version);
    const key = keyOf(stored.metadata.name, stored.metadata.namespace);
    if (type === 'DELETED') storeOf(resource).delete(key);
    else storeOf(resource).set(key, stored);
    for (const watcher of watchers)
      if (watcher.resource === resource) watcher.listener({type, object: stored});
    return stored;
  }

  return {
    get: (resource, name, namespace) => storeOf(resource).get(keyOf(name, namespace)) as any,
    list: (resource, options) =>
      [...storeOf(resource).values()].filter(
        ({metadata}) =>
          (!options?.namespace || metadata.namespace === options.namespace) &&
          Object.entries(options?.labels ?? {}).every(([key, value]) => metadata.labels?.[key] === value),
      ) as any,
    managedBy: () => {
      throw new Error('the memory client knows no controllers');
    },
    create: (resource, object) => put(resource, object, 'ADDED'),
    update: (resource, object) => put(resource, object, 'MODIFIED'),
    updateStatus: (resource, object) => put(resource, object, 'MODIFIED'),
    patch: () => {
      throw new Error('the memory client does not patch');
    },
    delete(resource, name, options) {
      const object = storeOf(resource).get(keyOf(name, options?.namespace));
      if (object) put(resource, object, 'DELETED');
    },
    watch(resource, _options, listener) {
      for (const object of storeOf(resource).values()) listener({type: 'ADDED', object: object as any});
      const watcher = {resource, listener};
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
