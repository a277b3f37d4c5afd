import {mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {file} from '../testing/sample-labs.ts';
import type {SessionEvent} from './events.ts';
import {createFollowFiles} from './follow-files.ts';

let folder: string;
let stop: AbortController;
let seen: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'follow-'));
  stop = new AbortController();
  seen = [];
});
afterEach(() => {
  stop.abort();
  rmSync(folder, {recursive: true, force: true});
});

function emit(event: SessionEvent): void {
  if (event.type === 'file-seen') seen.push([event.state, ...(event.diff ? [event.diff] : [])].join('\n'));
}

it('sees what another program does to a file, its folder made later or the file replaced', async () => {
  const workFolder = path.join(folder, 'work');
  const route = path.join(workFolder, 'route.yaml');
  const block = file('f', 'route.yaml');
  createFollowFiles({workFolder, emit, interval: 10})([block], stop.signal);
  await expect.poll(() => seen.at(-1)).toBe('absent');
  mkdirSync(workFolder);
  writeFileSync(route, block.content);
  await expect.poll(() => seen.at(-1)).toBe('as-shown');
  writeFileSync(`${route}.new`, 'name: mine\n');
  renameSync(`${route}.new`, route);
  await expect.poll(() => seen.at(-1)).toContain(`-${block.content}+name: mine\n`);
  rmSync(route);
  await expect.poll(() => seen.at(-1)).toBe('absent');
});

it('tells nothing of a step that is over', async () => {
  createFollowFiles({workFolder: folder, emit, interval: 10})([file('f', 'route.yaml')], stop.signal);
  stop.abort();
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
  expect(seen).toEqual([]);
});
