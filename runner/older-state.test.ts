import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {brotliDecompressSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {systemProcesses} from './processes.ts';
import {type TestIo, testIo} from './testing/test-io.ts';

/**
 * An update never breaks a workshop that stands. `testing/older-state.json.br` holds the state folder as the version of
 * commit dd843a9 left it after `run 01 02 03 04`, with the sandbox killed: by its path each file but kubectl's cache,
 * `/home/learner` for the home folder.
 */
const fixture = path.join(import.meta.dirname, 'testing', 'older-state.json.br');
let outside: TestIo;
let state: string;

beforeAll(() => {
  outside = testIo();
  state = path.join(outside.folder, 'state');
  const files = JSON.parse(brotliDecompressSync(readFileSync(fixture)).toString());
  for (const [name, text] of Object.entries<string>(files)) {
    const file = path.join(state, name);
    mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
    writeFileSync(file, text.replaceAll('/home/learner', outside.folder), {mode: 0o600});
  }
  chmodSync(state, 0o700);
});
afterAll(async () => {
  await workshop('sandbox', 'down');
  outside.remove();
});

/** Runs the built program, or a command with what `sandbox env` gives to other terminals. */
function workshop(...args: string[]) {
  return run([process.execPath, path.join(outside.io.programFolder, 'main.mjs'), ...args]);
}
async function inShell(text: string): Promise<string> {
  const {stdout: settings} = await workshop('sandbox', 'env');
  const {stdout, stderr, exitCode} = await run(['/bin/sh', '-e', '-c', `${settings}\n${text}`]);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}
function run([command = '', ...args]: string[]) {
  const defined = Object.entries(outside.io.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const env = {...Object.fromEntries(defined), ISTIO_WORKSHOP_NODE: process.execPath};
  return systemProcesses.tool({command, args, env, directory: outside.folder});
}

describe('a workshop that an older version left', () => {
  it('is as far as it was, and its sandbox known to be gone', async () => {
    const {stdout} = await workshop('list');
    expect(stdout.match(/✓ 0[1-4] /g)).toHaveLength(4);
    expect(stdout).not.toContain('✓ 05');
    const status = await workshop('sandbox', 'status');
    expect(status.stderr + status.stdout).toContain('The sandbox "default" is not running');
    expect(status.exitCode).toBe(3);
  });

  it('starts with everything that was in it, and nothing of it lost', async () => {
    const up = await workshop('sandbox', 'up', '--json');
    expect(JSON.parse(up.stdout)).toMatchObject({started: true, pace: 'fast'});
    expect(JSON.parse(up.stdout)).not.toHaveProperty('loss');
    await inShell('kubectl wait -n bookinfo --for=condition=Available deploy --all --timeout=60s');
    expect(await inShell('kubectl get virtualservices -n bookinfo -o name')).toContain('/reviews');
    expect(await inShell('helm list -A -o json')).toContain('"chart":"istiod-1.30.3"');
  });

  it('goes on from there', async () => {
    const why = await workshop('why', '--as', 'jason');
    expect(why.stdout).toMatch(/reviews.*v1/);
    const ran = await workshop('run', '05', '--loads', '2');
    expect(ran.stdout).toContain('1 of 1 lab passed');
    expect(ran.exitCode).toBe(0);
  });

  it('can be undone, lab by lab and as a whole', async () => {
    expect((await workshop('reset', '05')).exitCode).toBe(0);
    expect((await workshop('reset', '--all', '--yes')).exitCode).toBe(0);
    expect(existsSync(path.join(state, 'workshops', 'default'))).toBe(false);
  });
});
