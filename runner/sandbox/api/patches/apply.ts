import {rfc3339} from '../../clock.ts';
import {copyJson, equalJson, isMap} from '../../json.ts';
import type {KubeObject} from '../../objects.ts';
import {ApiError} from '../errors.ts';
import {type ManagedEntry, ownedFields, readEntries, writeEntries} from '../managed-fields.ts';
import {type FieldSet, hasBelow, itemStep, keyOfPath, printPath} from './field-sets.ts';
import {lastAppliedFields, updateLastApplied} from './last-applied.ts';
import type {Shape} from './shape.ts';

export interface ApplyOptions {
  shape: Shape;
  hasStatus: boolean;
  /** Absent when the apply creates the object. */
  live: KubeObject | undefined;
  applied: KubeObject;
  manager: string;
  /** The version that the client applied. */
  apiVersion: string;
  subresource: string;
  force: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Server-side apply: merges the applied fields into the live object, takes out what this manager applied
 * before and no longer does, and records who owns what.
 * @throws ApiError 409 when somebody else owns a field with another value, unless forced.
 */
export function applyConfiguration(options: ApplyOptions): KubeObject {
  const {shape, live, applied, manager, subresource, hasStatus} = options;
  const wanted = ownedFields(shape, applied, subresource, hasStatus);
  const entries = liveEntries(options);
  const isMine = (entry: ManagedEntry) =>
    entry.operation === 'Apply' && entry.manager === manager && entry.subresource === subresource;
  const mine = entries.find(isMine);
  const others = entries.filter(entry => !isMine(entry));
  settleConflicts(options, wanted, others);

  const object = copyJson(live ? (mergeApplied(shape, live, stripped(applied)) as KubeObject) : applied);
  // Items before their fields: an item that lost its key could not be found any more.
  for (const [key, {path}] of mine?.fields ?? []) {
    if (wanted.has(key) || hasBelow(wanted, path)) continue;
    if (others.some(entry => entry.fields.has(key) || hasBelow(entry.fields, path))) continue;
    removeAt(shape, object, path, emptied => wanted.has(keyOfPath(emptied)));
  }
  updateLastApplied(object, options);
  const same =
    mine && mine.fields.size === wanted.size && [...wanted.keys()].every(key => mine.fields.has(key));
  const entry: ManagedEntry = {
    manager,
    operation: 'Apply',
    apiVersion: options.apiVersion,
    subresource,
    time: same && live && equalContent(object, live) ? mine.time : rfc3339(options.now),
    fields: wanted,
  };
  writeEntries(object, [...others, entry]);
  return object;
}

function liveEntries({live, shape, hasStatus, now}: ApplyOptions): ManagedEntry[] {
  const entries = readEntries(live);
  if (!live || entries.length > 0) return entries;
  const fields = ownedFields(shape, live, '', hasStatus);
  const time = rfc3339(now);
  const {apiVersion} = live;
  return [{manager: 'before-first-apply', operation: 'Update', apiVersion, subresource: '', time, fields}];
}

interface Conflict {
  entry: ManagedEntry;
  path: readonly string[];
}

/** Refuses conflicts, or takes the fields from their owners when the client forces it. */
function settleConflicts(options: ApplyOptions, wanted: FieldSet, others: readonly ManagedEntry[]): void {
  const {live, shape, subresource, hasStatus, force} = options;
  if (!live) return;
  const present = ownedFields(shape, live, subresource, hasStatus);
  const conflicts: Conflict[] = [];
  for (const [key, field] of wanted) {
    if (equalJson(present.get(key)?.value, field.value) && present.has(key)) continue;
    for (const entry of others) if (entry.fields.has(key)) conflicts.push({entry, path: field.path});
  }
  if (conflicts.length === 0) return;
  if (!force) {
    const own = lastAppliedFields({...options, live, present});
    const refused = conflicts.filter(({path}) => !own.has(keyOfPath(path)));
    if (refused.length > 0) throw conflictError(refused);
  }
  for (const {entry, path} of conflicts) entry.fields.delete(keyOfPath(path));
}

function conflictError(conflicts: readonly Conflict[]): ApiError {
  const byOwner = new Map<string, string[]>();
  for (const {entry, path} of conflicts) {
    const owner = printOwner(entry);
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), printPath(path)]);
  }
  const owners = [...byOwner].sort(([a], [b]) => (a < b ? -1 : 1));
  const count = conflicts.length;
  const text =
    count === 1
      ? owners.map(([owner, [path]]) => `conflict with ${owner}: ${path}`).join()
      : owners
          .map(([owner, paths]) => `conflicts with ${owner}:\n${paths.map(path => `- ${path}`).join('\n')}`)
          .join('\n');
  const causes = owners.flatMap(([owner, paths]) =>
    paths.map(field => ({reason: 'FieldManagerConflict', message: `conflict with ${owner}`, field})),
  );
  return new ApiError(
    409,
    'Conflict',
    `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${text}`,
    {causes},
  );
}

function printOwner(entry: ManagedEntry): string {
  const sub = entry.subresource ? ` with subresource "${entry.subresource}"` : '';
  const using =
    entry.operation === 'Update' ? ` using ${entry.apiVersion}${entry.time ? ` at ${entry.time}` : ''}` : '';
  return `"${entry.manager}"${sub}${using}`;
}

/** The applied object without the metadata that the server keeps. */
function stripped(applied: KubeObject): KubeObject {
  const {
    creationTimestamp: _,
    managedFields: __,
    resourceVersion: ___,
    uid: ____,
    ...metadata
  } = applied.metadata;
  return {...applied, metadata};
}

function mergeApplied(shape: Shape, live: unknown, applied: unknown): unknown {
  if (shape.atomic) return applied;
  if (isMap(live) && isMap(applied)) {
    const result: Record<string, unknown> = {...live};
    for (const [key, value] of Object.entries(applied)) {
      result[key] = mergeApplied(shape.field(key), live[key], value);
    }
    return result;
  }
  if (Array.isArray(live) && Array.isArray(applied) && shape.keys) return mergeItems(shape, live, applied);
  return applied;
}

/** Items of the applied list in its order; those that only the live one has keep their place among them. */
function mergeItems(shape: Shape, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const step = (item: unknown) => itemStep(shape, item);
  const liveSteps = live.map(step);
  const appliedSteps = new Set(applied.map(step));
  const result: unknown[] = [];
  let next = 0;
  const takeOthers = () => {
    for (; next < live.length && !appliedSteps.has(liveSteps[next] as string); next += 1)
      result.push(live[next]);
  };
  for (const item of applied) {
    takeOthers();
    const index = liveSteps.indexOf(step(item));
    if (index < 0) result.push(item);
    else {
      result.push(shape.keys?.length ? mergeApplied(shape.item(), live[index], item) : item);
      if (index === next) next += 1;
    }
  }
  for (; next < live.length; next += 1)
    if (!appliedSteps.has(liveSteps[next] as string)) result.push(live[next]);
  return result;
}

/** Removes what a path names, and the maps and lists that become empty by it, except those to keep. */
function removeAt(
  shape: Shape,
  parent: unknown,
  path: readonly string[],
  keep: (path: readonly string[]) => boolean,
  depth = 0,
): void {
  const step = path[depth] ?? '';
  const isLast = depth === path.length - 1;
  if (step.startsWith('f:')) {
    const name = step.slice(2);
    if (!isMap(parent) || !(name in parent)) return;
    if (!isLast) {
      removeAt(shape.field(name), parent[name], path, keep, depth + 1);
      if (!isEmpty(parent[name]) || keep(path.slice(0, depth + 1))) return;
    }
    delete parent[name];
  } else if (Array.isArray(parent)) {
    const index = parent.findIndex(item => itemStep(shape, item) === step);
    if (index < 0) return;
    if (isLast) parent.splice(index, 1);
    else removeAt(shape.item(), parent[index], path, keep, depth + 1);
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}

function equalContent(left: KubeObject, right: KubeObject): boolean {
  const {managedFields: _, ...a} = left.metadata;
  const {managedFields: __, ...b} = right.metadata;
  return equalJson({...left, metadata: a}, {...right, metadata: b});
}
