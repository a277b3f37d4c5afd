import {freezeJson} from '../json.ts';
import type {KubeObject} from '../objects.ts';
import {Collection} from './collection.ts';
import {History} from './history.ts';
import type {Journal, JournalEntry, Snapshot} from './journal.ts';
import {memoryOf} from './memory.ts';
import type {StoreEvent} from './store-event.ts';

export interface StoreOptions {
  /** Without one, everything lives in memory only. */
  journal?: Journal;
  /** What an earlier process wrote; see `openJournal`. */
  entries?: readonly JournalEntry[];
  /** How many events are kept for watches that resume. @default 10000 */
  history?: number;
  /** How much memory the objects may take, in bytes as `memoryOf` counts them. @default 96 MiB */
  quota?: number;
  /** Hears of a subscriber that threw; the others are told all the same. */
  onFault?: (error: unknown, event: StoreEvent) => void;
}

/** A write was refused because the objects take as much room as they may; in etcd's words. */
export class SpaceExceeded extends Error {
  constructor() {
    super('etcdserver: mvcc: database space exceeded');
    this.name = 'SpaceExceeded';
  }
}

const defaultQuota = 96 * 1024 * 1024;
/** What the events kept for watches may hold beside the objects that exist. */
const historyBytes = 24 * 1024 * 1024;
/** A full store keeps this share of its quota for changes of what exists: scaling down, states, finalizers. */
const reserve = 1 / 8;

/**
 * The objects of the cluster, under one global revision.
 *
 * Everything handed out is frozen. A write is in the journal before it is visible, visible before it is
 * announced, and announced to all subscribers in the same order, also when a subscriber writes in turn.
 */
export class Store {
  readonly #journal: Journal | undefined;
  readonly #objects = new Map<string, Collection>();
  readonly #sizes = new WeakMap<KubeObject, number>();
  readonly #history: History;
  readonly #quota: number;
  readonly #onFault: NonNullable<StoreOptions['onFault']>;
  readonly #subscribers = new Set<(event: StoreEvent) => void>();
  readonly #undelivered: StoreEvent[] = [];
  #delivering = false;
  #revision = 0;
  #used = 0;

  constructor(options: StoreOptions = {}) {
    this.#journal = options.journal;
    this.#quota = options.quota ?? defaultQuota;
    this.#onFault = options.onFault ?? rethrow;
    for (const entry of options.entries ?? []) this.#replay(entry);
    this.#history = new History({
      events: options.history ?? 10_000,
      bytes: historyBytes,
      revision: this.#revision,
    });
    this.#journal?.keepSmall(() => this.#snapshot());
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(resource)?.get(namespace, name);
  }

  /** A new array, in the order of namespace and name, as etcd keeps them. */
  list(resource: string, namespace?: string): KubeObject[] {
    return this.#objects.get(resource)?.list(namespace) ?? [];
  }

  /** What a controller of that UID manages in a namespace, or what none does where it is empty; a new array, unordered. */
  managedBy(resource: string, namespace: string | undefined, uid: string): KubeObject[] {
    return this.#objects.get(resource)?.managedBy(namespace, uid) ?? [];
  }

  /** The resources that hold at least one object. */
  resources(): string[] {
    return [...this.#objects].filter(([, objects]) => objects.size > 0).map(([resource]) => resource);
  }

  /**
   * Stores the object under a new resourceVersion and takes possession of it.
   * @returns the frozen object. @throws SpaceExceeded, or what the file system throws; nothing is changed then.
   */
  put(resource: string, object: KubeObject): KubeObject {
    const revision = this.#revision + 1;
    object.metadata.resourceVersion = String(revision);
    // Before it is written: what can't be frozen could not be read again either.
    freezeJson(object);
    const size = memoryOf(object);
    this.#requireSpace(size, object, this.get(resource, object.metadata.namespace, object.metadata.name));
    this.#journal?.append({revision, resource, put: object});
    const previous = this.#keep(resource, object, size);
    this.#revision = revision;
    this.#announce({revision, type: previous ? 'MODIFIED' : 'ADDED', resource, object, previous}, size);
    return object;
  }

  /** Removes an object. @returns its last state, under the resourceVersion of the removal. */
  remove(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const previous = this.get(resource, namespace, name);
    if (!previous) return undefined;
    const revision = this.#revision + 1;
    const place = {...(namespace === undefined ? {} : {namespace}), name};
    this.#journal?.append({revision, resource, removed: place});
    this.#drop(resource, namespace, name);
    this.#revision = revision;
    const object = freezeJson({
      ...previous,
      metadata: {...previous.metadata, resourceVersion: String(revision)},
    });
    this.#announce({revision, type: 'DELETED', resource, object, previous}, this.#sizeOf(previous));
    return object;
  }

  /** Calls back inside every write from now on. @returns a function that ends it. */
  subscribe(subscriber: (event: StoreEvent) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** The events after a revision, or undefined when they are no longer kept. */
  since(revision: number): StoreEvent[] | undefined {
    if (revision < this.oldest) return undefined;
    const events: StoreEvent[] = [];
    for (let event = this.next(revision); event; event = this.next(event.revision)) events.push(event);
    return events;
  }

  /** The event after a revision that `oldest` reaches back to, or undefined when nothing came after it. */
  next(revision: number): StoreEvent | undefined {
    return this.#history.next(revision);
  }

  /** The oldest revision that watches can resume from. */
  get oldest(): number {
    return this.#history.oldest;
  }

  close(): void {
    this.#subscribers.clear();
    this.#journal?.close();
  }

  #replay(entry: JournalEntry): void {
    if ('put' in entry) this.#keep(entry.resource, entry.put, memoryOf(entry.put));
    else if ('removed' in entry) this.#drop(entry.resource, entry.removed.namespace, entry.removed.name);
    this.#revision = Math.max(this.#revision, entry.revision);
  }

  #keep(resource: string, object: KubeObject, size: number): KubeObject | undefined {
    const objects = this.#objects.get(resource) ?? new Collection();
    this.#objects.set(resource, objects);
    const previous = objects.set(freezeJson(object));
    this.#sizes.set(object, size);
    this.#used += size - (previous ? this.#sizeOf(previous) : 0);
    return previous;
  }

  #drop(resource: string, namespace: string | undefined, name: string): void {
    const previous = this.#objects.get(resource)?.delete(namespace, name);
    if (previous) this.#used -= this.#sizeOf(previous);
  }

  #sizeOf(object: KubeObject): number {
    return this.#sizes.get(object) ?? 0;
  }

  /** What makes room is always let through: an object that shrinks, and the mark that one has to go. */
  #requireSpace(size: number, object: KubeObject, previous: KubeObject | undefined): void {
    const growth = size - (previous ? this.#sizeOf(previous) : 0);
    const isMark = object.metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp;
    if (growth <= 0 || isMark) return;
    const limit = previous ? this.#quota * (1 + reserve) : this.#quota;
    if (this.#used + growth > limit) throw new SpaceExceeded();
  }

  #announce(event: StoreEvent, size: number): void {
    this.#history.add(event, size);
    this.#undelivered.push(event);
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#undelivered.shift(); next; next = this.#undelivered.shift()) {
        for (const subscriber of [...this.#subscribers]) this.#notify(subscriber, next);
      }
    } finally {
      this.#delivering = false;
    }
  }

  /** A subscriber's fault is ours, but not that of whoever happened to write. */
  #notify(subscriber: (event: StoreEvent) => void, event: StoreEvent): void {
    try {
      subscriber(event);
    } catch (error) {
      this.#onFault(error, event);
    }
  }

  #snapshot(): Snapshot {
    const entries: JournalEntry[] = [];
    for (const [resource, objects] of this.#objects) {
      for (const put of objects.list()) {
        entries.push({revision: Number(put.metadata.resourceVersion), resource, put});
      }
    }
    return {revision: this.#revision, entries};
  }
}

/** Nobody listens for faults, as in tests: none may pass unseen. */
function rethrow(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
