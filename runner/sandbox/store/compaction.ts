import {
  close,
  fsync,
  ftruncateSync,
  open,
  read,
  readSync,
  renameSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs';
import {promisify} from 'node:util';
import {encodeLine, type JournalEntry, journalKind} from './journal-line.ts';
import {journalFormat} from './read-journal.ts';

/** The journal that is being replaced, which goes on growing meanwhile. */
export interface GrowingJournal {
  path: string;
  /** Open for reading. */
  file: number;
  /** Its size now. */
  readonly size: number;
}

/** The file that took the old one's place, open for appending. */
export interface Replacement {
  file: number;
  size: number;
  /** How much of it is the snapshot. */
  snapshotSize: number;
}

/** A replacement that is being written aside. */
export interface Compaction {
  /** Rejects when it did not come to a replacement; nothing is left of it then. */
  done: Promise<void>;
  /** Gives it up and frees its room at once. */
  abandon(): void;
  readonly abandoned: boolean;
}

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
const writeSome = promisify(write);
const readSome = promisify(read);

/** How much is encoded at once: a few milliseconds of work, between which requests are answered. */
const sliceBytes = 256 * 1024;

/**
 * Replaces a journal by a snapshot and what was appended since it was taken. Other work goes on between slices; only
 * the last stretch is copied in one go, together with the rename and `onReplaced`, so that no write falls between.
 */
export function compactJournal(options: {
  journal: GrowingJournal;
  snapshot: {revision: number; entries: readonly JournalEntry[]};
  onReplaced(replacement: Replacement): void;
}): Compaction {
  const {journal, snapshot, onReplaced} = options;
  const next = `${journal.path}.next`;
  let file: number | undefined;
  let abandoned = false;

  function goOn(): void {
    if (abandoned) throw new Error('It was given up, since a write needed its room.');
  }

  async function replace(from: number): Promise<void> {
    const target = await openFile(next, 'a+', 0o600);
    file = target;
    let size = 0;
    const add = async (bytes: Buffer) => {
      for (let written = 0; written < bytes.length; ) {
        goOn();
        written += (await writeSome(target, bytes, written)).bytesWritten;
      }
      size += bytes.length;
    };
    for (const slice of slices(snapshot)) await add(slice);
    const snapshotSize = size;
    let position = from;
    const chunk = Buffer.alloc(sliceBytes);
    while (journal.size - position > sliceBytes) {
      const {bytesRead} = await readSome(journal.file, chunk, 0, sliceBytes, position);
      await add(chunk.subarray(0, bytesRead));
      position += bytesRead;
    }
    await syncFile(target);
    goOn();
    const rest = Buffer.alloc(journal.size - position);
    for (let length = 0; length < rest.length; ) {
      length += readSync(journal.file, rest, length, rest.length - length, position + length);
    }
    for (let written = 0; written < rest.length; ) written += writeSync(target, rest, written);
    renameSync(next, journal.path);
    onReplaced({file: target, size: size + rest.length, snapshotSize});
  }

  return {
    done: replace(journal.size).catch(async error => {
      const opened = file;
      file = undefined;
      rmSync(next, {force: true});
      if (opened !== undefined) await closeFile(opened);
      throw error;
    }),
    abandon() {
      abandoned = true;
      if (file !== undefined) ftruncateSync(file, 0);
    },
    get abandoned() {
      return abandoned;
    },
  };
}

/** The lines of a snapshot behind its header, encoded as they are asked for. */
function* slices({
  revision,
  entries,
}: {
  revision: number;
  entries: readonly JournalEntry[];
}): Iterable<Buffer> {
  let lines = [encodeLine({kind: journalKind, format: journalFormat, records: entries.length, revision})];
  let bytes = 0;
  for (const entry of entries) {
    const line = encodeLine(entry);
    lines.push(line);
    bytes += line.length;
    if (bytes < sliceBytes) continue;
    yield Buffer.concat(lines);
    lines = [];
    bytes = 0;
  }
  yield Buffer.concat(lines);
}
