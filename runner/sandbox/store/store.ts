import type {KubeObject} from '../objects.ts';
import type {Journal, JournalEntry, Snapshot} from './journal.ts';
import {freezeJson} from './json.ts';

/** One change, in the order of `revision`. `previous` is what the place held before. */
export interface StoreEvent {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: string;
  object: KubeObject;
  previous: KubeObject | undefined;
}

export interface StoreOptions {
  /** Without one, everything lives in memory only. */
  journal?: Journal;
  /** What an earlier process wrote; see `openJournal`. */
  entries?: readonly JournalEntry[];
  /** How many events are kept for watches that resume. @default 10000 */
  history?: number;
}

/**
 * The objects of the cluster, under one global revision.
 *
 * Everything handed out is frozen. A write is in the journal before it is visible, visible before it is
 * announced, and announced to all subscribers in the same order, also when a subscriber writes in turn.
 */
export class Store {
  readonly #journal: Journal | undefined;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #events: StoreEvent[] = [];
  readonly #history: number;
  readonly #subscribers = new Set<(event: StoreEvent) => void>();
  readonly #undelivered: StoreEvent[] = [];
  #delivering = false;
  #revision = 0;
  /** Watches can resume from this revision on. */
  #oldest = 0;

  constructor(options: StoreOptions = {}) {
    this.#journal = options.journal;
    this.#history = options.history ?? 10_000;
    for (const entry of options.entries ?? []) this.#replay(entry);
    this.#oldest = this.#revision;
    this.#journal?.keepSmall(() => this.#snapshot());
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(resource)?.get(keyOf(namespace, name));
  }

  /** In the order of namespace and name, as etcd keeps them. */
  list(resource: string, namespace?: string): KubeObject[] {
    const objects = this.#objects.get(resource);
    if (!objects) return [];
    const keys = [...objects.keys()].sort();
    const prefix = namespace === undefined ? '' : keyOf(namespace, '');
    const found: KubeObject[] = [];
    for (const key of keys) if (key.startsWith(prefix)) found.push(objects.get(key) as KubeObject);
    return found;
  }

  /** The resources that hold at least one object. */
  resources(): string[] {
    return [...this.#objects].filter(([, objects]) => objects.size > 0).map(([resource]) => resource);
  }

  /**
   * Stores the object under a new resourceVersion and takes possession of it.
   * @returns the frozen object. @throws what the file system throws; nothing is changed then.
   */
  put(resource: string, object: KubeObject): KubeObject {
    const revision = this.#revision + 1;
    object.metadata.resourceVersion = String(revision);
    // Before it is written: what can't be frozen could not be read again either.
    freezeJson(object);
    this.#journal?.append({revision, resource, put: object});
    const previous = this.#keep(resource, object);
    this.#revision = revision;
    this.#announce({revision, type: previous ? 'MODIFIED' : 'ADDED', resource, object, previous});
    return object;
  }

  /** Removes an object. @returns its last state, under the resourceVersion of the removal. */
  remove(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const previous = this.get(resource, namespace, name);
    if (!previous) return undefined;
    const revision = this.#revision + 1;
    const place = {...(namespace === undefined ? {} : {namespace}), name};
    this.#journal?.append({revision, resource, removed: place});
    this.#objects.get(resource)?.delete(keyOf(namespace, name));
    this.#revision = revision;
    const object = freezeJson({
      ...previous,
      metadata: {...previous.metadata, resourceVersion: String(revision)},
    });
    this.#announce({revision, type: 'DELETED', resource, object, previous});
    return object;
  }

  /** Calls back inside every write from now on. @returns a function that ends it. */
  subscribe(subscriber: (event: StoreEvent) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** The events after a revision, or undefined when they are no longer kept. */
  since(revision: number): StoreEvent[] | undefined {
    if (revision < this.#oldest) return undefined;
    return this.#events.filter(event => event.revision > revision);
  }

  /** The oldest revision that `since` accepts. */
  get oldest(): number {
    return this.#oldest;
  }

  close(): void {
    this.#subscribers.clear();
    this.#journal?.close();
  }

  #replay(entry: JournalEntry): void {
    if ('put' in entry) this.#keep(entry.resource, entry.put);
    else if ('removed' in entry) {
      this.#objects.get(entry.resource)?.delete(keyOf(entry.removed.namespace, entry.removed.name));
    }
    this.#revision = Math.max(this.#revision, entry.revision);
  }

  #keep(resource: string, object: KubeObject): KubeObject | undefined {
    const objects = this.#objects.get(resource) ?? new Map<string, KubeObject>();
    this.#objects.set(resource, objects);
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    const previous = objects.get(key);
    objects.set(key, object);
    return previous;
  }

  #announce(event: StoreEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#history) {
      const dropped = this.#events.shift();
      if (dropped) this.#oldest = dropped.revision;
    }
    this.#undelivered.push(event);
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#undelivered.shift(); next; next = this.#undelivered.shift()) {
        for (const subscriber of [...this.#subscribers]) notify(subscriber, next);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #snapshot(): Snapshot {
    const entries: JournalEntry[] = [];
    for (const [resource, objects] of this.#objects) {
      for (const put of objects.values()) {
        entries.push({revision: Number(put.metadata.resourceVersion), resource, put});
      }
    }
    return {revision: this.#revision, entries};
  }
}

/** A subscriber's fault is ours, but not that of whoever happened to write. */
function notify(subscriber: (event: StoreEvent) => void, event: StoreEvent): void {
  try {
    subscriber(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
