import {rfc3339} from '../clock.ts';
import {equalJson} from '../json.ts';
import type {KubeObject} from '../objects.ts';
import {type FieldSet, fieldsOf, fromFieldsV1, toFieldsV1} from './patches/field-sets.ts';
import type {Shape} from './patches/shape.ts';
import {shapeOf} from './patches/shapes.ts';
import {groupVersion, type ServedType} from './served-type.ts';

/** One entry of `metadata.managedFields`, with its fields as a set. */
export interface ManagedEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
  time: string | undefined;
  fields: FieldSet;
}

/** Entries of updates beyond this many are merged, the oldest first. */
const mostUpdates = 10;
const unowned = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'generateName',
  'managedFields',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** The fields of an object that managers can own. Status belongs to the status subresource alone. */
export function ownedFields(
  shape: Shape,
  object: KubeObject,
  subresource: string,
  hasStatus: boolean,
): FieldSet {
  const {apiVersion: _, kind: __, metadata, status, ...rest} = object;
  if (subresource === 'status') return fieldsOf(shape, status === undefined ? {} : {status});
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !unowned.has(name)));
  const withStatus = status !== undefined && !hasStatus ? {status} : {};
  return fieldsOf(shape, {...rest, ...withStatus, ...(Object.keys(kept).length > 0 ? {metadata: kept} : {})});
}

export function readEntries(object: KubeObject | undefined): ManagedEntry[] {
  return storedEntries(object).map(readEntry);
}

/** An entry as the object holds it. */
type StoredEntry = NonNullable<KubeObject['metadata']['managedFields']>[number];

function storedEntries(object: KubeObject | undefined): StoredEntry[] {
  const entries = object?.metadata.managedFields ?? [];
  return entries.filter(entry => entry?.fieldsType === 'FieldsV1' && typeof entry.manager === 'string');
}

function readEntry(entry: StoredEntry): ManagedEntry {
  return {
    manager: entry.manager,
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: entry.apiVersion,
    subresource: entry.subresource ?? '',
    time: entry.time,
    fields: fromFieldsV1(entry.fieldsV1),
  };
}

/**
 * Writes the entries back, in the order of Kubernetes: applied ones first, then by time.
 * @param untouched entries that stay as they are
 */
export function writeEntries(
  object: KubeObject,
  entries: readonly ManagedEntry[],
  untouched: readonly StoredEntry[] = [],
): void {
  const kept = [...untouched, ...limited(entries.filter(entry => entry.fields.size > 0)).map(entryJson)];
  const rank = (entry: StoredEntry) => `${entry.operation} ${entry.time ?? ''} ${entry.manager}`;
  kept.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
  if (kept.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = kept;
}

function entryJson(entry: ManagedEntry): StoredEntry {
  return {
    apiVersion: entry.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1([...entry.fields.values()].map(field => field.path)),
    manager: entry.manager,
    operation: entry.operation,
    ...(entry.subresource ? {subresource: entry.subresource} : {}),
    ...(entry.time ? {time: entry.time} : {}),
  };
}

function limited(entries: ManagedEntry[]): ManagedEntry[] {
  const updates = entries.filter(entry => entry.operation === 'Update');
  if (updates.length <= mostUpdates) return entries;
  updates.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1));
  const [oldest, next] = updates as [ManagedEntry, ManagedEntry];
  const merged: ManagedEntry = {
    ...next,
    manager: 'ancient-changes',
    fields: new Map([...oldest.fields, ...next.fields]),
  };
  return limited([...entries.filter(entry => entry !== oldest && entry !== next), merged]);
}

/**
 * Gives what a create, update or patch changed to whoever made it, and takes it from everybody else
 * (`metadata.managedFields`). Changes the object in place.
 */
export function trackUpdate(options: {
  type: ServedType;
  object: KubeObject;
  previous: KubeObject | undefined;
  context: {manager: string; version: string};
  /** Milliseconds since the epoch. */
  now: number;
  subresource?: string;
}): void {
  const {type, object, previous, context, subresource = ''} = options;
  const shape = shapeOf(type);
  const hasStatus = type.subresources.some(each => each.name === 'status');
  const before: FieldSet = previous ? ownedFields(shape, previous, subresource, hasStatus) : new Map();
  const after = ownedFields(shape, object, subresource, hasStatus);
  const changed: FieldSet = new Map();
  for (const [key, field] of after) {
    const old = before.get(key);
    if (!old || !equalJson(old.value, field.value)) changed.set(key, field);
  }
  const removed = [...before.keys()].filter(key => !after.has(key));
  const all = baseEntries(object, previous);
  // Nobody owns a part of the status by another way than its subresource, so the other entries stay unread.
  const isConcerned = (entry: StoredEntry) =>
    !hasStatus || (entry.subresource === 'status') === (subresource === 'status');
  const isNothing = changed.size === 0 && removed.length === 0;
  const concerned = isNothing ? [] : all.length > mostUpdates ? all : all.filter(isConcerned);
  const untouched = all.filter(entry => !concerned.includes(entry));
  const entries = concerned.map(readEntry);
  const apiVersion = groupVersion(type.group, context.version);
  const isMine = (entry: ManagedEntry) =>
    entry.operation === 'Update' &&
    entry.manager === context.manager &&
    entry.apiVersion === apiVersion &&
    entry.subresource === subresource;
  for (const entry of entries) {
    for (const key of removed) entry.fields.delete(key);
    if (!isMine(entry)) for (const key of changed.keys()) entry.fields.delete(key);
  }
  if (changed.size > 0) {
    const time = rfc3339(options.now);
    const mine = entries.find(isMine);
    if (mine) {
      for (const [key, field] of changed) mine.fields.set(key, field);
      mine.time = time;
    } else {
      entries.push({
        manager: context.manager,
        operation: 'Update',
        apiVersion,
        subresource,
        time,
        fields: changed,
      });
    }
  }
  writeEntries(object, entries, untouched);
}

/** A client may hand in entries of its own (kubectl's migration does); `[{}]` wipes them. */
function baseEntries(object: KubeObject, previous: KubeObject | undefined): StoredEntry[] {
  const given = object.metadata.managedFields;
  if (given?.length === 1 && Object.keys(given[0] ?? {}).length === 0) return [];
  return storedEntries(given && given.length > 0 ? object : previous);
}
