import type {KubeObject} from '../objects.ts';

interface Sorted {
  byName: Map<string, KubeObject>;
  /** In the order of their names. */
  names: string[];
  /** The names of what each controller manages, by its UID; of what none does under the empty one. */
  managed: Map<string, Set<string>>;
}

/** The objects of one resource, in the order of namespace and name, as etcd keeps them. */
export class Collection {
  /** Under `namespace/`, which sorts as etcd's keys do. */
  readonly #places = new Map<string, Sorted>();
  #prefixes: string[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#places.get(prefixOf(namespace))?.byName.get(name);
  }

  /** Puts an object at its place. @returns what was there. */
  set(object: KubeObject): KubeObject | undefined {
    const {namespace, name} = object.metadata;
    const place = this.#placeOf(prefixOf(namespace));
    const previous = place.byName.get(name);
    place.byName.set(name, object);
    manage(place, name, previous && managerOf(previous), managerOf(object));
    if (!previous) {
      place.names.splice(position(place.names, name), 0, name);
      this.#size += 1;
    }
    return previous;
  }

  delete(namespace: string | undefined, name: string): KubeObject | undefined {
    const prefix = prefixOf(namespace);
    const place = this.#places.get(prefix);
    const previous = place?.byName.get(name);
    if (!place || !previous) return undefined;
    place.byName.delete(name);
    manage(place, name, managerOf(previous), undefined);
    place.names.splice(position(place.names, name), 1);
    this.#size -= 1;
    if (place.names.length === 0) {
      this.#places.delete(prefix);
      this.#prefixes.splice(position(this.#prefixes, prefix), 1);
    }
    return previous;
  }

  /** A new array, of one namespace or of all. */
  list(namespace?: string): KubeObject[] {
    const prefixes = namespace === undefined ? this.#prefixes : [prefixOf(namespace)];
    const found: KubeObject[] = [];
    for (const prefix of prefixes) {
      const place = this.#places.get(prefix);
      for (const name of place?.names ?? []) found.push(place?.byName.get(name) as KubeObject);
    }
    return found;
  }

  /** A new array of what a controller of that UID manages in one namespace, or none where it is empty; unordered. */
  managedBy(namespace: string | undefined, uid: string): KubeObject[] {
    const place = this.#places.get(prefixOf(namespace));
    const found: KubeObject[] = [];
    for (const name of place?.managed.get(uid) ?? []) found.push(place?.byName.get(name) as KubeObject);
    return found;
  }

  #placeOf(prefix: string): Sorted {
    let place = this.#places.get(prefix);
    if (!place) {
      place = {byName: new Map(), names: [], managed: new Map()};
      this.#places.set(prefix, place);
      this.#prefixes.splice(position(this.#prefixes, prefix), 0, prefix);
    }
    return place;
  }
}

/** The UID of the controller that an object names, empty where it names none. What is stored may be of any form. */
function managerOf({metadata}: KubeObject): string {
  const references: unknown = metadata.ownerReferences;
  if (!Array.isArray(references)) return '';
  const uid: unknown = references.find(reference => reference?.controller)?.uid;
  return typeof uid === 'string' ? uid : '';
}

function manage(
  {managed}: Sorted,
  name: string,
  before: string | undefined,
  after: string | undefined,
): void {
  if (before === after) return;
  if (before !== undefined) {
    const names = managed.get(before);
    names?.delete(name);
    if (names?.size === 0) managed.delete(before);
  }
  if (after === undefined) return;
  const names = managed.get(after) ?? new Set();
  managed.set(after, names.add(name));
}

function prefixOf(namespace: string | undefined): string {
  return `${namespace ?? ''}/`;
}

/** Where a text stands among sorted ones, or would. */
function position(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
