import {readFileSync} from 'node:fs';
import {WorkshopError} from '../../errors.ts';
import {decodeEntry, decodeHeader, type JournalEntry, type JournalHeader} from './journal-line.ts';

/** What of the store's writes can't be read any more. */
export interface JournalDamage {
  /** Writes that are missing, as far as they can be counted; at least one. */
  lost: number;
  /** Writes that are there. */
  kept: number;
  /** Some of the objects that unreadable lines still name: `configmaps default/a`. */
  named: readonly string[];
}

export interface JournalContent {
  entries: JournalEntry[];
  /** Where the next entry belongs: behind the last whole line. */
  goodBytes: number;
  /** How large the lines are that still count, in bytes. */
  liveBytes: number;
  damage: JournalDamage | undefined;
}

export const journalFormat = 1;
const newline = 10;
const mostNamed = 5;

/**
 * Reads what a journal holds, over damaged places: an entry is whole by its own sum, whatever became of its neighbours.
 * A last line without its end was never acknowledged and is no damage.
 *
 * @param tip the revision that the journal is known to have reached, 0 when nothing is known.
 * @throws WorkshopError `journal-newer` when a later version wrote the file.
 */
export function readJournal(path: string, tip: number): JournalContent {
  const content = readFileSync(path);
  const entries: JournalEntry[] = [];
  const sizes = new Map<string, number>();
  const named = new Set<string>();
  let unreadable = 0;
  let header: JournalHeader | undefined;
  let start = 0;
  for (let end = content.indexOf(newline); end >= 0; end = content.indexOf(newline, start)) {
    const line = content.subarray(start, end);
    if (start === 0) header = decodeHeader(line);
    if (header && header.format > journalFormat) throw newer(path, header.format);
    const entry = start === 0 && header ? undefined : decodeEntry(line);
    if (entry) {
      entries.push(entry);
      measure(sizes, entry, line.length + 1);
    } else if (!(start === 0 && header)) {
      unreadable += 1;
      const name = nameIn(line);
      if (name && named.size < mostNamed) named.add(name);
    }
    start = end + 1;
  }
  // The first line is put in place whole, so a file without it has lost it.
  if (start === 0) unreadable += 1;
  const lost = Math.max(unreadable, missingWrites(header, entries, tip));
  const reached = Math.max(tip, header?.revision ?? 0);
  const kept = entries.length;
  if (reached > revisionOf(entries)) entries.push({revision: reached});
  const liveBytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const damage = lost > 0 ? {lost, kept, named: [...named]} : undefined;
  return {entries, goodBytes: start, liveBytes, damage};
}

/** Revisions have no gaps behind the snapshot, and the header counts what is in it. */
function missingWrites(
  header: JournalHeader | undefined,
  entries: readonly JournalEntry[],
  tip: number,
): number {
  const last = revisionOf(entries);
  const atTheEnd = Math.max(0, tip - last);
  if (header?.records === undefined || header.revision === undefined) return atTheEnd;
  const {records, revision} = header;
  const inSnapshot = entries.filter(entry => entry.revision <= revision).length;
  const behind = new Set(entries.map(entry => entry.revision).filter(each => each > revision)).size;
  return Math.max(0, records - inSnapshot) + (Math.max(last, tip, revision) - revision - behind);
}

function revisionOf(entries: readonly JournalEntry[]): number {
  return entries.reduce((highest, {revision}) => Math.max(highest, revision), 0);
}

function measure(sizes: Map<string, number>, entry: JournalEntry, size: number): void {
  if ('put' in entry) {
    const {namespace = '', name} = entry.put.metadata;
    sizes.set(`${entry.resource} ${namespace}/${name}`, size);
  } else if ('removed' in entry) {
    sizes.delete(`${entry.resource} ${entry.removed.namespace ?? ''}/${entry.removed.name}`);
  }
}

/** The object that a damaged line is about, where that can still be read in it. */
function nameIn(line: Buffer): string | undefined {
  const text = line.toString('latin1');
  const resource = /"resource":"([\w.-]+)"/.exec(text)?.[1];
  const place = text.slice(Math.max(text.indexOf('"removed":{'), text.indexOf('"metadata":{')));
  const name = /"name":"([\w.:-]+)"/.exec(place)?.[1];
  const namespace = /"namespace":"([\w-]+)"/.exec(place)?.[1];
  if (!resource || !name) return undefined;
  return `${resource} ${namespace ? `${namespace}/` : ''}${name}`;
}

function newer(path: string, format: number): WorkshopError {
  return new WorkshopError({
    code: 'journal-newer',
    message: `A newer version of istio-workshop wrote the sandbox's state (format ${format}; this version reads ${journalFormat}).`,
    detail: path,
    remedies: [
      'Use the newer version',
      {say: 'Or delete the sandbox with its state and start again', command: 'sandbox down --delete'},
    ],
  });
}
