import {
  close,
  closeSync,
  existsSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  open,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import type {Clock, Timer} from '../clock.ts';
import {type Compaction, compactJournal, type Replacement} from './compaction.ts';
import {encodeLine, type JournalEntry, journalKind} from './journal-line.ts';
import {type JournalTip, openTip, readTip} from './journal-tip.ts';
import {type JournalDamage, journalFormat, readJournal} from './read-journal.ts';

export type {JournalEntry} from './journal-line.ts';

/** What a store consists of at one moment. */
export interface Snapshot {
  revision: number;
  /** One entry for each object. */
  entries: readonly JournalEntry[];
}

/** Where the store's writes are kept. */
export interface Journal {
  /** Hands the entry to the operating system before it returns; it then survives a crash of this process. */
  append(entry: JournalEntry): void;
  /** From now on the file is replaced by a snapshot when it has become much larger than one, aside from all writes. */
  keepSmall(snapshot: () => Snapshot): void;
  /** Resolves when no replacement goes on. */
  settled(): Promise<void>;
  close(): void;
}

export interface OpenedJournal {
  journal: Journal;
  entries: JournalEntry[];
  /** What could not be read; the file as it was found stays beside the journal. */
  damage?: JournalDamage & {path: string};
}

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
const fsyncDelay = 50;
const compactionDelay = 1000;
const longestCompactionDelay = 60_000;
const smallestCompaction = 8 * 1024 * 1024;
const smallestAtStart = 64 * 1024;

/**
 * Opens (or starts) the journal in a folder, which is created with mode 0700. Nothing of it is rewritten for that, so
 * that a start needs no room.
 *
 * An entry is written with one system call before its write is acknowledged, so a kill -9 loses nothing; fsync
 * is batched (50 ms), so a power cut may lose the last moment. A last line that a crash left unfinished was
 * never acknowledged and is cut off. What is damaged otherwise is left out, counted and kept aside.
 *
 * @param options.onError hears of work that failed and is tried again.
 * @throws WorkshopError `journal-newer` when a later version wrote the file; what the file system throws.
 */
export function openJournal(options: {
  folder: string;
  clock: Clock;
  onError?: (what: string, error: unknown) => void;
}): OpenedJournal {
  const {folder, clock, onError = () => {}} = options;
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const path = join(folder, 'journal.jsonl');
  const tipPath = join(folder, 'tip.json');
  rmSync(`${path}.next`, {force: true});
  const reached = readTip(tipPath);
  if (!existsSync(path)) begin(path);
  const {entries, goodBytes, liveBytes, damage} = readJournal(path, reached);
  const file = openSync(path, 'a+', 0o600);
  // What a damaged file ends with is evidence, and stays.
  if (!damage) ftruncateSync(file, goodBytes);
  const journal = new FileJournal({
    path,
    file,
    clock,
    onError,
    tip: openTip(tipPath),
    limit: damage ? 0 : Math.max(smallestAtStart, 2 * liveBytes),
    insideLine: fstatSync(file).size > goodBytes,
  });
  if (!damage) return {journal, entries};
  return {
    journal,
    entries,
    damage: {...damage, path: keepAside(path, join(folder, 'journal.damaged.jsonl'))},
  };
}

/** Puts an empty journal in place whole, so that a file without its first line is known to be damaged. */
function begin(path: string): void {
  const next = `${path}.next`;
  const file = openSync(next, 'w', 0o600);
  writeSync(file, encodeLine({kind: journalKind, format: journalFormat, records: 0, revision: 0}));
  fsyncSync(file);
  closeSync(file);
  renameSync(next, path);
}

/** A second name for the file costs no room, and remains when a snapshot takes the place of the first. */
function keepAside(path: string, aside: string): string {
  try {
    rmSync(aside, {force: true});
    linkSync(path, aside);
    return aside;
  } catch {
    return path;
  }
}

class FileJournal implements Journal {
  readonly path: string;
  file: number;
  size: number;
  readonly #clock: Clock;
  readonly #onError: (what: string, error: unknown) => void;
  readonly #tip: JournalTip;
  #limit: number;
  #insideLine: boolean;
  /**
   * Whether a replacement gives way to a write that finds no room. Not after a write was refused or a replacement gave
   * way: writers that never rest would otherwise keep the one thing away that makes room.
   */
  #givesWay = true;
  #snapshot: (() => Snapshot) | undefined;
  #compaction: Compaction | undefined;
  #compacted: Promise<void> = Promise.resolve();
  #compactionTimer: Timer | undefined;
  #delay = compactionDelay;
  #revision = 0;
  #sync: Timer | undefined;
  #syncing: Promise<void> | undefined;
  #closed = false;

  constructor(options: {
    path: string;
    file: number;
    clock: Clock;
    onError: (what: string, error: unknown) => void;
    tip: JournalTip;
    /** Beyond this size the file is replaced. */
    limit: number;
    /** Whether the file ends within a line that nobody can read. */
    insideLine: boolean;
  }) {
    this.path = options.path;
    this.file = options.file;
    this.#clock = options.clock;
    this.#onError = options.onError;
    this.#tip = options.tip;
    this.size = fstatSync(options.file).size;
    this.#limit = options.limit;
    this.#insideLine = options.insideLine;
  }

  append(entry: JournalEntry): void {
    const encoded = encodeLine(entry);
    const line = this.#insideLine ? Buffer.concat([Buffer.from('\n'), encoded]) : encoded;
    try {
      this.#write(line);
    } catch (error) {
      const inTheWay = this.#givesWay ? this.#compaction : undefined;
      this.#givesWay = false;
      // What is superseded in the file takes room that may do.
      this.#limit = 0;
      this.#compactSoon();
      if (!inTheWay) throw error;
      inTheWay.abandon();
      this.#write(line);
    }
    this.size += line.length;
    this.#insideLine = false;
    this.#revision = entry.revision;
    this.#syncSoon();
    this.#compactSoon();
  }

  keepSmall(snapshot: () => Snapshot): void {
    this.#snapshot = snapshot;
    this.#compactSoon();
  }

  settled(): Promise<void> {
    return this.#compacted;
  }

  close(): void {
    this.#closed = true;
    this.#compactionTimer?.cancel();
    this.#compaction?.abandon();
    this.#sync?.cancel();
    fsyncSync(this.file);
    if (this.#revision > 0) this.#tip.write(this.#revision);
    this.#tip.close();
    closeSync(this.file);
  }

  #write(line: Buffer): void {
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.file, line, written);
    } catch (error) {
      // Half a line (disk full) would hide every later one.
      ftruncateSync(this.file, this.size);
      throw error;
    }
  }

  #syncSoon(): void {
    this.#sync ??= this.#clock.after(fsyncDelay, () => {
      this.#sync = undefined;
      if (this.#syncing) return this.#syncSoon();
      const revision = this.#revision;
      this.#syncing = syncFile(this.file)
        .then(() => {
          if (!this.#closed && revision > 0) this.#tip.write(revision);
        })
        .catch(error => this.#onError('writing the state to the disk', error))
        .finally(() => {
          this.#syncing = undefined;
        });
    });
  }

  #compactSoon(): void {
    if (!this.#snapshot || this.size <= this.#limit || this.#compaction || this.#compactionTimer) return;
    this.#compactionTimer = this.#clock.after(this.#delay, () => {
      this.#compactionTimer = undefined;
      this.#compacted = this.#compact();
    });
  }

  /** One attempt; another one follows later when it fails. */
  async #compact(): Promise<void> {
    if (!this.#snapshot) return;
    const replaced = this.file;
    const compaction = compactJournal({
      journal: this,
      snapshot: this.#snapshot(),
      onReplaced: replacement => this.#goOnWith(replacement),
    });
    this.#compaction = compaction;
    try {
      await compaction.done;
      await this.#syncing;
      await closeFile(replaced);
    } catch (error) {
      this.#compaction = undefined;
      // There is no room for it either: writes come first again.
      if (!compaction.abandoned) this.#givesWay = true;
      if (this.#closed) return;
      this.#onError('making the state smaller', error);
      this.#delay = Math.min(2 * this.#delay, longestCompactionDelay);
      this.#compactSoon();
    }
  }

  #goOnWith({file, size, snapshotSize}: Replacement): void {
    this.file = file;
    this.size = size;
    this.#limit = Math.max(smallestCompaction, 4 * snapshotSize);
    this.#insideLine = false;
    this.#givesWay = true;
    this.#delay = compactionDelay;
    this.#compaction = undefined;
    const earlier = this.#syncing;
    // Until the folder is safe, what is appended to the new file is not.
    this.#syncing = Promise.resolve(earlier)
      .then(() => syncFolder(dirname(this.path)))
      .catch(error => this.#onError('writing the state to the disk', error))
      .finally(() => {
        this.#syncing = undefined;
      });
    this.#syncSoon();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await openFile(path, 'r');
  try {
    await syncFile(folder);
  } finally {
    await closeFile(folder);
  }
}
