import type {IstioObject} from '../../../runner/istio/types.ts';
import {groupOf, pluralOf, servedVersion} from './kinds.ts';

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: IstioObject;
  revision: number;
}

/** Objects with revisions, and what happened to them. Nothing is checked, nothing defaulted. */
export interface ObjectStore {
  revision(): number;
  all(): IstioObject[];
  put(object: IstioObject): IstioObject;
  remove(object: IstioObject): void;
  /** What happened after that revision. */
  since(revision: number): readonly StoreEvent[];
  /** @returns ends the listening. */
  listen(listener: (event: StoreEvent) => void): () => void;
}

const keptEvents = 10_000;

export function objectStore(): ObjectStore {
  let revision = 1;
  const stored = new Map<string, IstioObject>();
  const history: StoreEvent[] = [];
  const listeners = new Set<(event: StoreEvent) => void>();

  function emit(type: StoreEvent['type'], object: IstioObject): void {
    const event = {type, object, revision};
    history.push(event);
    if (history.length > 2 * keptEvents) history.splice(0, keptEvents);
    for (const listener of listeners) listener(event);
  }

  return {
    revision: () => revision,
    all: () => [...stored.values()],
    put(object) {
      const key = keyOf(object);
      const known: any = stored.get(key)?.metadata;
      revision += 1;
      const kept: IstioObject = {
        ...object,
        apiVersion: servedVersion(object.apiVersion, object.kind),
        metadata: {
          ...object.metadata,
          creationTimestamp:
            object.metadata.creationTimestamp ?? known?.creationTimestamp ?? '1970-01-01T00:00:00Z',
          resourceVersion: `${revision}`,
          ...{uid: known?.uid ?? `uid-${revision}`, generation: (known?.generation ?? 0) + 1},
        },
      };
      stored.set(key, kept);
      emit(known ? 'MODIFIED' : 'ADDED', kept);
      return kept;
    },
    remove(object) {
      const key = keyOf(object);
      const known = stored.get(key);
      if (!known) return;
      stored.delete(key);
      revision += 1;
      emit('DELETED', {...known, metadata: {...known.metadata, resourceVersion: `${revision}`}});
    },
    since: from => history.filter(event => event.revision > from),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keyOf({apiVersion, kind, metadata}: IstioObject): string {
  return [groupOf(apiVersion), pluralOf(kind), metadata.namespace ?? '', metadata.name].join('/');
}
