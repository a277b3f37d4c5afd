import {
  closeSync,
  existsSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {WorkshopError} from '../../errors.ts';
import type {Clock, Timer} from '../clock.ts';
import type {KubeObject} from '../objects.ts';

/** One write: the object as stored, or the place that became empty. */
export type JournalEntry =
  | {revision: number; resource: string; put: KubeObject}
  | {revision: number; resource: string; removed: {namespace?: string; name: string}}
  /** The revision reached, where no object shows it. */
  | {revision: number};

/** Where the store's writes are kept. */
export interface Journal {
  /** Hands the entry to the operating system before it returns; it then survives a crash of this process. */
  append(entry: JournalEntry): void;
  /** True when the file is much larger than what a snapshot would need. */
  readonly wantsCompaction: boolean;
  /** Replaces the file by a snapshot, atomically. */
  compact(entries: Iterable<JournalEntry>): void;
  close(): void;
}

const kind = 'sandbox-journal';
const format = 1;
const fsyncDelay = 50;
const smallestCompaction = 8 * 1024 * 1024;

/**
 * Opens (or starts) the journal in a folder, which is created with mode 0700.
 *
 * An entry is written with one system call before its write is acknowledged, so a kill -9 loses nothing; fsync
 * is batched (50 ms), so a power cut may lose the last moment. A last line that a crash left unfinished was
 * never acknowledged and is cut off.
 *
 * @throws WorkshopError `journal-newer` when a later version wrote the file, `journal-damaged` when a line
 * before the last can't be read.
 */
export function openJournal(options: {folder: string; clock: Clock}): {
  journal: Journal;
  entries: JournalEntry[];
} {
  mkdirSync(options.folder, {recursive: true, mode: 0o700});
  const path = join(options.folder, 'journal.jsonl');
  const {entries, goodBytes} = existsSync(path) ? readJournal(path) : {entries: [], goodBytes: 0};
  const file = openSync(path, 'a', 0o600);
  ftruncateSync(file, goodBytes);
  const journal = new FileJournal({folder: options.folder, path, file, clock: options.clock});
  if (goodBytes === 0) journal.compact([]);
  return {journal, entries};
}

function readJournal(path: string): {entries: JournalEntry[]; goodBytes: number} {
  const content = readFileSync(path);
  const entries: JournalEntry[] = [];
  let start = 0;
  let first = true;
  for (;;) {
    const end = content.indexOf(10, start);
    if (end < 0) return {entries, goodBytes: start};
    let line: any;
    try {
      line = JSON.parse(content.toString('utf8', start, end));
    } catch {
      // A torn line can only be the last one; anything after it means that the file was damaged otherwise.
      if (end === content.length - 1) return {entries, goodBytes: start};
      throw damaged(path, `The line at byte ${start} is not JSON.`);
    }
    if (first) checkHeader(path, line);
    else entries.push(line);
    first = false;
    start = end + 1;
  }
}

function checkHeader(path: string, header: any): void {
  if (header?.kind !== kind || !Number.isInteger(header.format)) {
    throw damaged(path, 'Its first line does not name the format.');
  }
  if (header.format > format) {
    throw new WorkshopError({
      code: 'journal-newer',
      message: `A newer version of istio-workshop wrote the sandbox's state (format ${header.format}; this version reads ${format}).`,
      detail: path,
      remedies: [
        'Use the newer version.',
        'Or delete the sandbox and start again: istio-workshop sandbox down',
      ],
    });
  }
}

function damaged(path: string, detail: string): WorkshopError {
  return new WorkshopError({
    code: 'journal-damaged',
    message: "The sandbox's state can't be read.",
    detail: `${path}: ${detail}`,
    remedies: ['Delete the sandbox and start again: istio-workshop sandbox down'],
  });
}

class FileJournal implements Journal {
  readonly #folder: string;
  readonly #path: string;
  readonly #clock: Clock;
  #file: number;
  #size: number;
  #snapshotSize: number;
  #sync: Timer | undefined;

  constructor(options: {folder: string; path: string; file: number; clock: Clock}) {
    this.#folder = options.folder;
    this.#path = options.path;
    this.#file = options.file;
    this.#clock = options.clock;
    this.#size = fstatSync(options.file).size;
    this.#snapshotSize = this.#size;
  }

  append(entry: JournalEntry): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      writeFully(this.#file, line);
    } catch (error) {
      // Half a line (disk full) would hide every later one.
      ftruncateSync(this.#file, this.#size);
      throw error;
    }
    this.#size += line.length;
    this.#sync ??= this.#clock.after(fsyncDelay, () => {
      this.#sync = undefined;
      fsync(this.#file, () => {});
    });
  }

  get wantsCompaction(): boolean {
    return this.#size > Math.max(smallestCompaction, 4 * this.#snapshotSize);
  }

  compact(entries: Iterable<JournalEntry>): void {
    const next = `${this.#path}.next`;
    rmSync(next, {force: true});
    const file = openSync(next, 'a', 0o600);
    writeFully(file, Buffer.from(`${JSON.stringify({kind, format})}\n`));
    for (const entry of entries) writeFully(file, Buffer.from(`${JSON.stringify(entry)}\n`));
    fsyncSync(file);
    renameSync(next, this.#path);
    syncFolder(this.#folder);
    closeSync(this.#file);
    this.#file = file;
    this.#size = fstatSync(file).size;
    this.#snapshotSize = this.#size;
  }

  close(): void {
    this.#sync?.cancel();
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

function writeFully(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
