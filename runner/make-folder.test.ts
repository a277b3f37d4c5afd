import {existsSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {makeFolder} from './make-folder.ts';

it('makes a folder and those above it, and takes one that is there', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'folder-'));
  onTestFinished(() => rmSync(root, {recursive: true}));
  const folder = path.join(root, 'a', 'b');
  await makeFolder(folder);
  await makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it.skipIf(!existsSync('/proc/self'))('ends where no folder can be made', {timeout: 10_000}, async () => {
  await expect(makeFolder('/proc/istio-workshop/report')).rejects.toMatchObject({code: 'ENOENT'});
});
