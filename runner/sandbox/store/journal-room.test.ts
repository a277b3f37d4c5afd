import type * as fileSystem from 'node:fs';
import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {KubeObject} from '../objects.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {openJournal} from './journal.ts';
import {Store} from './store.ts';

/** A disk with so much room for all files of the folder together. */
const disk = vi.hoisted(() => ({
  room: Number.POSITIVE_INFINITY,
  used: (): number => 0,
  next: '' as string,
  /** Called when a replacement is written whole and not yet in place. */
  onWritten: undefined as (() => void) | undefined,
}));

vi.mock('node:fs', async importOriginal => {
  const real = await importOriginal<typeof fileSystem>();
  const full = () => Object.assign(new Error('ENOSPC: no space left on device'), {code: 'ENOSPC'});
  const fits = (bytes: Buffer, from = 0) => disk.used() + bytes.length - from <= disk.room;
  return {
    ...real,
    writeSync(file: number, bytes: Buffer, from?: number) {
      if (!fits(bytes, from)) throw full();
      return real.writeSync(file, bytes, from);
    },
    write(file: number, bytes: Buffer, from: number, done: (error: Error | null, written?: number) => void) {
      if (fits(bytes, from)) real.write(file, bytes, from, done);
      else done(full());
    },
    fsync(file: number, done: (error: Error | null) => void) {
      real.fsync(file, error => {
        const next = real.statSync(disk.next, {throwIfNoEntry: false});
        if (next?.ino === real.fstatSync(file).ino) disk.onWritten?.();
        done(error);
      });
    },
  };
});

let clock = manualClock();
let folder = '';

beforeEach(() => {
  clock = manualClock();
  folder = mkdtempSync(join(tmpdir(), 'journal-room-'));
  disk.next = join(folder, 'journal.jsonl.next');
  disk.used = () =>
    readdirSync(folder)
      .filter(name => name.startsWith('journal.jsonl'))
      .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
});

afterEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
  disk.onWritten = undefined;
  rmSync(folder, {recursive: true, force: true});
});

function open() {
  const opened = openJournal({folder, clock});
  return {...opened, store: new Store(opened)};
}

function object(name: string, bytes: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name, namespace: 'n'},
    data: {fill: 'x'.repeat(bytes)},
  };
}

/** Writes one object again and again until there is no room for it. */
function fill(store: Store): void {
  for (let writes = 0; writes < 1000; writes += 1) {
    if (!accepts(store, 'filling', 2000)) return;
  }
}

function accepts(store: Store, name: string, bytes: number): boolean {
  try {
    store.put('configmaps', object(name, bytes));
    return true;
  } catch (error) {
    expect((error as Error).message).toContain('ENOSPC');
    return false;
  }
}

describe('a full disk', () => {
  it('is made room on while writers never rest, also when the small ones of their writes still fit', async () => {
    const {store, journal} = open();
    disk.room = 100_000;
    fill(store);
    let replacing = 0;
    disk.onWritten = () => {
      replacing += 1;
      // Enough for the small one, in both files.
      disk.room = disk.used() + 1000;
      expect(accepts(store, 'small', 1)).toBe(true);
      expect(accepts(store, 'large', 2000)).toBe(false);
    };
    disk.room += 20_000;
    clock.advance(1000);
    expect(accepts(store, 'large', 30_000)).toBe(false);
    expect(accepts(store, 'small', 1)).toBe(true);
    await journal.settled();
    expect(replacing).toBe(1);
    disk.onWritten = undefined;
    expect(accepts(store, 'large', 30_000)).toBe(true);
    expect(open().damage).toBeUndefined();
  });

  it('has a replacement give way to a write once, and the next one not', async () => {
    const first = open();
    fill(first.store);
    first.store.close();
    const {store, journal} = open();
    let answer: boolean | undefined;
    disk.onWritten = () => {
      disk.room = disk.used() + 100;
      answer = accepts(store, 'late', 500);
    };
    clock.advance(1000);
    await journal.settled();
    expect(answer).toBe(true);
    disk.room = Number.POSITIVE_INFINITY;
    clock.advance(2000);
    await journal.settled();
    expect(answer).toBe(false);
    disk.onWritten = undefined;
    expect(accepts(store, 'late', 500)).toBe(true);
  });

  it('lets writes come first again where a replacement does not fit either', async () => {
    const {store, journal} = open();
    disk.room = 100_000;
    fill(store);
    clock.advance(1000);
    await journal.settled();
    // Somebody else frees what is needed for a replacement, and a little.
    disk.room += 4000;
    let answer: boolean | undefined;
    disk.onWritten = () => {
      answer = accepts(store, 'late', 2500);
    };
    clock.advance(2000);
    await journal.settled();
    expect(answer).toBe(true);
  });
});
