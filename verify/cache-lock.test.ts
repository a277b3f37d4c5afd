import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {withCacheLock} from './cache-lock.ts';

describe('withCacheLock', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lock-'));
  });
  afterEach(() => rm(folder, {recursive: true}));

  it('lets one in at a time, tells the other whom it waits for, and leaves nothing behind', async () => {
    const order: string[] = [];
    let release = () => {};
    let enter = () => {};
    const entered = new Promise<void>(resolve => {
      enter = resolve;
    });
    const first = withCacheLock({
      folder,
      name: 'browser',
      work: () =>
        new Promise<void>(resolve => {
          order.push('first in');
          enter();
          release = () => {
            order.push('first out');
            resolve();
          };
        }),
    });
    await entered;
    const second = withCacheLock({
      folder,
      name: 'browser',
      onWait: pid => {
        expect(pid).toBe(process.pid);
        release();
      },
      work: async () => void order.push('second in'),
    });
    await Promise.all([first, second]);
    expect(order).toEqual(['first in', 'first out', 'second in']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('tells whom it waits for also when that one had not written its number yet', async () => {
    const lock = path.join(folder, 'browser.lock');
    await writeFile(lock, '');
    const waitedFor: number[] = [];
    const done = withCacheLock({
      folder,
      name: 'browser',
      onWait(pid) {
        waitedFor.push(pid);
        void rm(lock);
      },
      work: async () => 'done',
    });
    // It has looked once by now, and looks again later.
    await readFile(lock);
    await writeFile(lock, String(process.pid));
    expect(await done).toBe('done');
    expect(waitedFor).toEqual([process.pid]);
  });

  it('takes over from a process that is gone, and frees itself after a failure', async () => {
    await writeFile(path.join(folder, 'browser.lock'), '4194999');
    const work = () => Promise.reject(new Error('broken'));
    await expect(withCacheLock({folder, name: 'browser', work})).rejects.toThrow('broken');
    expect(await readdir(folder)).toEqual([]);
  });
});
