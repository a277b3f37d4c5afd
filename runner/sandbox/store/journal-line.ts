import {crc32} from 'node:zlib';
import {freezeJson, isMap} from '../json.ts';
import type {KubeObject} from '../objects.ts';

/** One write: the object as stored, or the place that became empty. */
export type JournalEntry =
  | {revision: number; resource: string; put: KubeObject}
  | {revision: number; resource: string; removed: {namespace?: string; name: string}}
  /** The revision reached, where no object shows it. */
  | {revision: number};

/** The first line: what the file is, and what the snapshot behind it consists of. */
export interface JournalHeader {
  kind: typeof journalKind;
  format: number;
  /** How many entries of the file are its snapshot; files of earlier versions don't say it. */
  records?: number;
  /** The revision of the snapshot; every later one has an entry of its own. */
  revision?: number;
}

export const journalKind = 'sandbox-journal';

const prefix = '{"sum":"';
const sumEnd = prefix.length + 8;
/** Where the bytes begin that the sum is about: behind `{"sum":"xxxxxxxx",`. */
const summedFrom = sumEnd + 2;
const entryKeys = new Set(['sum', 'revision', 'resource', 'put', 'removed']);

/** One line of the journal: JSON whose first member is the CRC-32 of all the rest. */
export function encodeLine(record: JournalEntry | JournalHeader): Buffer {
  const line = Buffer.from(`${prefix}00000000",${JSON.stringify(record).slice(1)}\n`);
  line.write(sumOf(line.subarray(0, -1)), prefix.length, 'latin1');
  return line;
}

/** What an entry's line holds, frozen, or nothing when it is damaged or not ours. Lines of earlier versions have no sum. */
export function decodeEntry(line: Buffer): JournalEntry | undefined {
  const record = parse(line);
  if (!isMap(record) || !isRevision(record['revision'])) return undefined;
  for (const key in record) if (!entryKeys.has(key)) return undefined;
  const {revision, resource, put, removed} = record;
  if (resource === undefined) return put === undefined && removed === undefined ? {revision} : undefined;
  if (typeof resource !== 'string' || (put === undefined) === (removed === undefined)) return undefined;
  if (removed !== undefined) return isPlace(removed) ? {revision, resource, removed} : undefined;
  if (!isObject(put) || put.metadata.resourceVersion !== String(revision)) return undefined;
  try {
    return {revision, resource, put: freezeJson(put)};
  } catch {
    // Deeper than anything that this program can handle.
    return undefined;
  }
}

/** What the first line says, or nothing when it is damaged or not ours. */
export function decodeHeader(line: Buffer): JournalHeader | undefined {
  const record = parse(line);
  if (!isMap(record) || record['kind'] !== journalKind) return undefined;
  const {format, records, revision} = record;
  if (!Number.isSafeInteger(format)) return undefined;
  const counted = isCount(records) && isCount(revision) ? {records, revision} : {};
  return {kind: journalKind, format: format as number, ...counted};
}

function parse(line: Buffer): unknown {
  if (line.toString('latin1', 0, prefix.length) === prefix) {
    if (sumOf(line) !== line.toString('latin1', prefix.length, sumEnd)) return undefined;
  }
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

function sumOf(line: Buffer): string {
  return crc32(line.subarray(summedFrom)).toString(16).padStart(8, '0');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRevision(value: unknown): value is number {
  return isCount(value) && value > 0;
}

function isPlace(value: unknown): value is {namespace?: string; name: string} {
  if (!isMap(value) || typeof value['name'] !== 'string') return false;
  return value['namespace'] === undefined || typeof value['namespace'] === 'string';
}

function isObject(value: unknown): value is KubeObject {
  return isMap(value) && isPlace(value['metadata']);
}
