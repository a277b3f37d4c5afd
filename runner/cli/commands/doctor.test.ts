import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {Writable} from 'node:stream';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {type TestIo, testIo} from '../../testing/test-io.ts';
import type {GlobalOptions} from '../options.ts';
import {doctor} from './doctor.ts';

let outside: TestIo;
beforeEach(() => {
  outside = testIo();
});
afterEach(() => outside.remove());

/** Without Docker, kind, kubectl and helm, and with all that is downloaded at hand: nobody on the network is asked. */
async function examined(options: GlobalOptions): Promise<{exitCode: number; lines: string[]; talk: string}> {
  const written = {stdout: '', stderr: ''};
  const into = (name: 'stdout' | 'stderr'): NodeJS.WriteStream =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    }) as unknown as NodeJS.WriteStream;
  const io = {...outside.io, stdout: into('stdout'), stderr: into('stderr')};
  const exitCode = await doctor(io, options);
  return {exitCode, lines: written.stdout.trimEnd().split('\n'), talk: written.stderr};
}

function atHand(): GlobalOptions {
  const folder = path.join(outside.folder, 'bag');
  mkdirSync(folder);
  return {images: folder, charts: folder, nodeImage: '127.0.0.1:1/kindest/node:v1'};
}

it('ends with 3 when something that the engine needs is missing, each with its fix', async () => {
  const {exitCode, lines, talk} = await examined({engine: 'kind', ...atHand()});
  expect(exitCode).toBe(3);
  for (const tool of ['docker', 'kind', 'kubectl', 'helm']) {
    const at = lines.findIndex(line => line.startsWith(`✗ ${tool} `));
    expect(lines[at]).toMatch(/not installed \(needs \d+\.\d+\.\d+ or later\)$/);
    expect(lines[at + 1]).toMatch(/^ {4}→ \S/);
  }
  expect(talk).toMatch(/^\d+ things are missing for the engine kind\.\n$/);
});

it('ends with 0 for the sandbox, which needs none of them', async () => {
  const {exitCode, lines} = await examined({engine: 'sandbox'});
  expect(exitCode).toBe(0);
  expect(lines.some(line => line.startsWith('✗'))).toBe(false);
});

it('prints one event a line with --json, and how many are missing at the end', async () => {
  const {exitCode, lines} = await examined({engine: 'kind', json: true, ...atHand()});
  const events = lines.map(line => JSON.parse(line));
  const findings = events.slice(0, -1);
  expect(findings.every(({type, name, status, found}) => type === 'finding' && name && status && found)).toBe(
    true,
  );
  const missing = findings.filter(({status}) => status === 'missing');
  expect(missing.map(({name}) => name)).toEqual(
    expect.arrayContaining(['docker', 'kind', 'kubectl', 'helm']),
  );
  expect(missing.every(({fix}) => fix)).toBe(true);
  expect(events.at(-1)).toEqual({type: 'doctor-finished', engine: 'kind', missing: missing.length});
  expect(exitCode).toBe(3);
});
