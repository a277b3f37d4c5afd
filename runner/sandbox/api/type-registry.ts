import type {Store} from '../store/store.ts';
import {builtinTypes} from './builtin-types.ts';
import {customType} from './custom-types.ts';
import {resourceName} from './registry.ts';
import type {ServedType} from './served-type.ts';

const crds = 'customresourcedefinitions.apiextensions.k8s.io';

/** What the server serves right now: the built-in resources, and those of the CRDs in the store. */
export class TypeRegistry {
  readonly #builtins = builtinTypes();
  readonly #byName = new Map<string, ServedType>();
  readonly #listeners = new Set<(type: ServedType) => void>();
  #all: readonly ServedType[] = [];

  constructor(store: Store) {
    for (const type of this.#builtins) this.#byName.set(resourceName(type), type);
    for (const crd of store.list(crds)) this.#addCustom(customType(crd));
    this.#refresh();
    store.subscribe(event => {
      if (event.resource !== crds) return;
      const before = event.previous && customType(event.previous);
      if (before && this.#byName.get(resourceName(before))?.custom) this.#byName.delete(resourceName(before));
      const after = event.type === 'DELETED' ? undefined : customType(event.object);
      this.#addCustom(after);
      this.#refresh();
      if (after) for (const listener of [...this.#listeners]) listener(after);
    });
  }

  all(): readonly ServedType[] {
    return this.#all;
  }

  byName(name: string): ServedType | undefined {
    return this.#byName.get(name);
  }

  find(group: string, version: string, resource: string): ServedType | undefined {
    const type = this.#byName.get(resourceName({group, resource}));
    return type?.versions.includes(version) ? type : undefined;
  }

  findKind(group: string, kind: string): ServedType | undefined {
    return this.#all.find(type => type.group === group && type.kind === kind);
  }

  /** Calls back when a CRD brings a resource or changes it. */
  onType(listener: (type: ServedType) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #addCustom(type: ServedType | undefined): void {
    if (!type) return;
    const name = resourceName(type);
    if (this.#byName.get(name)?.custom === false) return;
    this.#byName.set(name, type);
  }

  #refresh(): void {
    this.#all = [...this.#byName.values()];
  }
}
