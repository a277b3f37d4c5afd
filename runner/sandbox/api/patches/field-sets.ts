import {isMap} from '../../json.ts';
import {keyDefaults, type Shape} from './shape.ts';

/**
 * The fields of an object, as `managedFields` counts them: leaves with their values, and the items of keyed
 * lists. A path is a list of `fieldsV1` steps: `f:name`, `k:{"name":"x"}`, `v:"x"`.
 */
export type FieldSet = Map<string, Field>;

export interface Field {
  path: readonly string[];
  /** Absent for an item of a list that is only known to be there. */
  value?: unknown;
}

const separator = '\u0000';

export function keyOfPath(path: readonly string[]): string {
  return path.join(separator);
}

/** All fields of a value; an atomic part counts as one. */
export function fieldsOf(shape: Shape, value: unknown): FieldSet {
  const set: FieldSet = new Map();
  visit(shape, value, [], set);
  return set;
}

function visit(shape: Shape, value: unknown, path: readonly string[], set: FieldSet): void {
  if (isMap(value) && !shape.atomic && Object.keys(value).length > 0) {
    for (const [name, child] of Object.entries(value)) {
      if (child !== undefined) visit(shape.field(name), child, [...path, `f:${name}`], set);
    }
  } else if (Array.isArray(value) && shape.keys && !shape.atomic && value.length > 0) {
    for (const item of value) {
      const at = [...path, itemStep(shape, item)];
      set.set(keyOfPath(at), {path: at});
      if (shape.keys.length > 0) visit(shape.item(), item, at, set);
    }
  } else if (path.length > 0) set.set(keyOfPath(path), {path, value});
}

/** How `fieldsV1` names an item of a list with keys, or a value of a set. */
export function itemStep(shape: Shape, item: unknown): string {
  if (shape.keys?.length === 0 || !isMap(item)) return `v:${JSON.stringify(item)}`;
  const key: Record<string, unknown> = {};
  for (const name of [...(shape.keys ?? [])].sort()) {
    const value = item[name] ?? keyDefaults[name];
    if (value !== undefined) key[name] = value;
  }
  return `k:${JSON.stringify(key)}`;
}

/** The tree that `managedFields[].fieldsV1` holds. */
export function toFieldsV1(paths: Iterable<readonly string[]>): Record<string, any> {
  const sorted = [...paths].sort((a, b) => (keyOfPath(a) < keyOfPath(b) ? -1 : 1));
  const root: Record<string, any> = {};
  const members = new Set<object>();
  for (const path of sorted) {
    let node = root;
    for (const step of path) {
      // A field that is owned itself and also has owned children says so by a dot.
      if (members.has(node) && node !== root) node['.'] ??= {};
      node[step] ??= {};
      node = node[step];
    }
    members.add(node);
  }
  return root;
}

/** The paths in a `fieldsV1` tree; malformed parts count as nothing. */
export function fromFieldsV1(tree: unknown): FieldSet {
  const set: FieldSet = new Map();
  const walk = (node: unknown, path: readonly string[]): void => {
    if (!isMap(node)) return;
    const steps = Object.keys(node).filter(step => step !== '.');
    if (path.length > 0 && (steps.length === 0 || '.' in node)) set.set(keyOfPath(path), {path});
    for (const step of steps) walk(node[step], [...path, step]);
  };
  walk(tree, []);
  return set;
}

/** The path as conflicts print it: `.spec.containers[name="c"].image`. */
export function printPath(path: readonly string[]): string {
  return path
    .map(step => {
      const rest = step.slice(2);
      if (step.startsWith('f:')) return `.${rest}`;
      if (step.startsWith('v:')) return `[=${rest}]`;
      const keys = Object.entries(JSON.parse(rest)).map(
        ([name, value]) => `${name}=${JSON.stringify(value)}`,
      );
      return `[${keys.join(',')}]`;
    })
    .join('');
}

/** Whether any field of the set lies below the path. */
export function hasBelow(set: FieldSet, path: readonly string[]): boolean {
  const prefix = `${keyOfPath(path)}${separator}`;
  for (const key of set.keys()) if (key.startsWith(prefix)) return true;
  return false;
}
