import {closeSync, openSync, readFileSync, writeSync} from 'node:fs';
import {decodeEntry, encodeLine} from './journal-line.ts';

/** Longer than any revision's line, so that a later one covers an earlier one whole. */
const width = 64;

/**
 * The revision that the journal had reached when it was last made safe, in a small file beside it: without it nobody
 * could tell a journal that ends early from a shorter one. It may lag behind, and is never ahead.
 */
export interface JournalTip {
  write(revision: number): void;
  close(): void;
}

/** The revision that an earlier process noted; 0 when there is none, or none that can be read. */
export function readTip(path: string): number {
  try {
    const [line = ''] = readFileSync(path, 'latin1').split('\n');
    return decodeEntry(Buffer.from(line.trimEnd()))?.revision ?? 0;
  } catch {
    return 0;
  }
}

/** Opens the file or makes it. A tip that can't be kept is only a loss that can't be told, so nothing of it throws. */
export function openTip(path: string): JournalTip {
  let file: number | undefined;
  return {
    write(revision) {
      try {
        file ??= openFile(path);
        const line = encodeLine({revision}).toString('latin1').trimEnd();
        writeSync(file, `${line.padEnd(width - 1)}\n`, 0, 'latin1');
      } catch {
        // A full disk: what was noted before stays true.
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch {
    return openSync(path, 'w', 0o600);
  }
}
