import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {afterAll, describe, expect, it} from 'vitest';
import {seededRandom} from './sandbox/clock.ts';
import {statePaths} from './sandbox/lifecycle/state-folder.ts';
import {testIo} from './testing/test-io.ts';

/** `npm run soak` asks for more rounds and other seeds. */
const rounds = Number(process.env['ISTIO_WORKSHOP_KILL_ROUNDS'] ?? 3);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);
const build = process.env['ISTIO_WORKSHOP_BUILD'] ?? path.resolve(import.meta.dirname, '..', '.build');
const outside = testIo();
const canSeeProcesses = existsSync('/proc/self/environ');

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [path.join(build, 'main.mjs'), ...args], {
    cwd: outside.folder,
    env: outside.io.env as Record<string, string>,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function finished(...args: string[]): Promise<{code: number | null; events: any[]}> {
  const child = start(...args);
  const events: any[] = [];
  for await (const line of createInterface({input: child.stdout as NodeJS.ReadableStream})) {
    events.push(line.startsWith('{') ? JSON.parse(line) : {line});
  }
  if (child.exitCode === null) await once(child, 'exit');
  return {code: child.exitCode, events};
}

/** Runs until that many commands have started, then kills the runner at once. @returns how far it came. */
async function killedAt(command: number, ...args: string[]): Promise<number> {
  const child = start(...args);
  let commands = 0;
  for await (const line of createInterface({input: child.stdout as NodeJS.ReadableStream})) {
    if (!line.includes('"command-started"')) continue;
    commands++;
    if (commands === command) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return commands;
}

/** Programs with this test's environment, the sandbox aside: it outlives the runner on purpose. */
function childrenLeft(): string[] {
  return readdirSync('/proc').flatMap(pid => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const isOurs = environment.includes(`ISTIO_WORKSHOP_STATE=${outside.folder}`);
      return isOurs && command !== '' && !command.includes('sandbox.mjs') ? [`${pid} ${command}`] : [];
    } catch {
      return [];
    }
  });
}

/** Nothing is left once those that do not listen have been given their three seconds. */
async function allEnded(): Promise<void> {
  await expect.poll(childrenLeft).toEqual([]);
}

afterAll(async () => {
  await finished('sandbox', 'down', '--delete');
  outside.remove();
});

describe('an interruption while the cluster hangs', () => {
  it('ends the run at once', {timeout: 120_000}, async () => {
    const child = start('run', '03', '--json');
    let sandbox: number | undefined;
    let interruptedAt = 0;
    try {
      for await (const line of createInterface({input: child.stdout as NodeJS.ReadableStream})) {
        // It changes the mesh, so that the proxies are asked, too.
        if (/"command-started".*create namespace/.test(line)) {
          sandbox = readPid();
          process.kill(sandbox, 'SIGSTOP');
        }
        // The hang has been noticed, so that requests are on their way.
        if (sandbox !== undefined && line.includes('the cluster does not answer')) {
          interruptedAt = performance.now();
          child.kill('SIGINT');
        }
      }
      if (child.exitCode === null) await once(child, 'exit');
      expect(child.exitCode).toBe(130);
      // Requests that nobody cuts off wait for 15 s.
      expect(performance.now() - interruptedAt).toBeLessThan(10_000);
    } finally {
      if (sandbox !== undefined) process.kill(sandbox, 'SIGCONT');
    }
    await allEnded();
  });
});

function readPid(): number {
  const directory = path.join(outside.folder, 'state', 'workshops', 'default', 'sandbox');
  return JSON.parse(readFileSync(statePaths(directory).handshake, 'utf8')).pid;
}

describe(`kill -9 of the runner while it runs all labs (seed ${seed})`, () => {
  it('goes on when it is started again, and leaves no child behind', {
    timeout: 120_000 + rounds * 60_000,
  }, async () => {
    const random = seededRandom(seed);
    const all = ['run', '--all', '--json', '--loads', '2'];
    for (let round = 0; round < rounds; round++) {
      // From the first commands of a lab that was begun before to the last ones of all.
      const wanted = 2 + Math.floor(random() * 24);
      expect(await killedAt(wanted, ...all)).toBeGreaterThan(0);
      if (canSeeProcesses) await allEnded();
    }
    const {code, events} = await finished(...all);
    expect(code, events.map(e => JSON.stringify(e)).join('\n')).toBe(0);
    if (canSeeProcesses) await allEnded();
  });
});
