import {spawn} from 'node:child_process';
import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {lockWorkshop} from './lock.ts';
import {openWorkshopStore} from './workshop-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'state-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describe('the state of a workshop', () => {
  it('is there again after it was written', async () => {
    const store = await openWorkshopStore({stateFolder: folder, name: 'mine'});
    await store.writeRecord({name: 'mine', engine: 'sandbox', workFolder: '/work'});
    await store.writeProgress({
      labs: {a: {status: 'standing', passedAt: '2026-01-01T00:00:00Z', milliseconds: 3}},
    });
    const again = await openWorkshopStore({stateFolder: folder, name: 'mine'});
    expect(await again.readRecord()).toMatchObject({engine: 'sandbox', workFolder: '/work'});
    expect((await again.readProgress()).labs['a']?.status).toBe('standing');
  });

  it('of a newer version is refused with the file and the way out', async () => {
    const store = await openWorkshopStore({stateFolder: folder, name: 'mine'});
    writeFileSync(path.join(store.folder, 'progress.json'), '{"format": 99, "labs": {}}');
    await expect(store.readProgress()).rejects.toMatchObject({code: 'state-newer', exitCode: 3});
  });

  it('that is damaged is named, not overwritten', async () => {
    const store = await openWorkshopStore({stateFolder: folder, name: 'mine'});
    writeFileSync(path.join(store.folder, 'progress.json'), '{"format": 1, ');
    await expect(store.readProgress()).rejects.toMatchObject({code: 'state-damaged'});
  });

  it.skipIf(process.getuid?.() === 0)(
    'that can not be written is said so (needs a user who is not root)',
    async () => {
      chmodSync(folder, 0o500);
      await expect(openWorkshopStore({stateFolder: folder, name: 'mine'})).rejects.toMatchObject({
        code: 'not-writable',
      });
      chmodSync(folder, 0o700);
    },
  );

  it('whose folder is a file is said so', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    await expect(
      openWorkshopStore({stateFolder: path.join(folder, 'file'), name: 'mine'}),
    ).rejects.toMatchObject({
      code: 'not-writable',
      message: `Can't write to the state folder ${path.join(folder, 'file')}.`,
    });
  });

  it('refuses names that could leave its folder', async () => {
    await expect(openWorkshopStore({stateFolder: folder, name: '../other'})).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});

describe('the lock', () => {
  it('refuses a second app and names the first', async () => {
    const other = spawn('sleep', ['60']);
    await lockWorkshop({folder, name: 'mine', pid: other.pid ?? 0});
    await expect(lockWorkshop({folder, name: 'mine', pid: process.pid})).rejects.toMatchObject({
      code: 'workshop-in-use',
      message: expect.stringContaining(`process ${other.pid}`),
    });
    other.kill();
  });

  it('is taken over from an app that is gone', async () => {
    const other = spawn('true');
    const {pid} = other;
    await new Promise(resolve => other.on('exit', resolve));
    writeFileSync(path.join(folder, 'lock'), JSON.stringify({pid, started: '1'}));
    const lock = await lockWorkshop({folder, name: 'mine', pid: process.pid});
    await lock.release();
    await lockWorkshop({folder, name: 'mine', pid: process.pid});
  });

  it('is taken over when its number belongs to another process by now', async () => {
    writeFileSync(path.join(folder, 'lock'), JSON.stringify({pid: process.pid, started: '1'}));
    await lockWorkshop({folder, name: 'mine', pid: process.pid});
  });
});
