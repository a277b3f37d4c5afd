import {createHash} from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';
import {execa} from 'execa';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {tryLock} from './file-lock.ts';

const dead = JSON.stringify({pid: 2 ** 30, startTicks: '1', bootedAt: 0});

/** Takes the lock again and again, and leaves it each time as a process does that is killed. */
const taker = `
import {mkdirSync, rmdirSync, writeFileSync} from 'node:fs';
import {tryLock} from './file-lock.ts';
const [file, inside, times] = process.argv.slice(2);
const counts = {taken: 0, together: 0};
while (counts.taken < Number(times)) {
  if (!tryLock({file}).taken) continue;
  counts.taken += 1;
  try {
    mkdirSync(inside);
    rmdirSync(inside);
  } catch {
    counts.together += 1;
  }
  writeFileSync(file, JSON.stringify({pid: 2 ** 30, startTicks: '1', bootedAt: 0, by: process.pid, at: counts.taken}));
}
console.log(JSON.stringify(counts));
`;

describe('a lock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'file-lock-'));
    file = path.join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, {recursive: true}));
  /** Claims are named after the text that they are on. */
  const claimOn = (text: string) => `${file}.${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;

  it('is had by one at a time, however many take over what killed ones left', async () => {
    const program = path.join(folder, 'taker.mjs');
    await build({
      stdin: {contents: taker, resolveDir: import.meta.dirname, loader: 'ts'},
      ...{bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'silent'},
    });
    writeFileSync(file, dead);
    const takers = Array.from({length: 4}, () =>
      execa('node', [program, file, path.join(folder, 'inside'), '40']),
    );
    const counts = (await Promise.all(takers)).map(({stdout}) => JSON.parse(stdout));
    expect(counts).toEqual(Array.from({length: 4}, () => ({taken: 40, together: 0})));
    expect(readdirSync(folder).sort()).toEqual(['lock', 'taker.mjs']);
  });

  it('names who has it, and goes with it', () => {
    const own = tryLock({file});
    expect(own.taken).toBe(true);
    expect(tryLock({file})).toMatchObject({taken: false, holder: {pid: process.pid}});
    if (own.taken) own.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over where the one who was about to do so has ended too', () => {
    writeFileSync(file, dead);
    for (const number of [0, 1]) symlinkSync(`${2 ** 30}-1`, `${claimOn(dead)}.${number}`);
    expect(tryLock({file}).taken).toBe(true);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is left to whoever is about to take it over', () => {
    writeFileSync(file, dead);
    symlinkSync(`${process.pid}-`, `${claimOn(dead)}.0`);
    expect(tryLock({file})).toEqual({taken: false});
    expect(readFileSync(file, 'utf8')).toBe(dead);
  });

  it('that can not be read is left to its writer for as long as asked for', () => {
    writeFileSync(file, '{"pi');
    expect(tryLock({file, patience: 60_000})).toEqual({taken: false});
    // The time of a file may be ahead of the clock, by a fraction of a millisecond or by an hour that was set back.
    const ahead = Date.now() / 1000 + 3600;
    utimesSync(file, ahead, ahead);
    expect(tryLock({file}).taken).toBe(true);
  });

  it.each([
    ['a number', String(process.pid), process.pid],
    ['the field "started"', JSON.stringify({pid: process.pid, started: ''}), process.pid],
  ])('of an earlier version is read: %s', (_what, text, pid) => {
    writeFileSync(file, text);
    expect(tryLock({file})).toMatchObject({taken: false, holder: {pid}});
  });
});
