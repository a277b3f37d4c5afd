import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openKube} from './engines/kube/kube.ts';
import {leaseName} from './engines/kube/run-lease.ts';
import {testIo} from './testing/test-io.ts';

const main = path.resolve(import.meta.dirname, '..', '.build', 'main.mjs');
const outside = testIo();
const kubeconfig = path.join(outside.folder, 'state', 'workshops', 'shared', 'sandbox', 'kubeconfig');
const firstLab = [
  'run',
  '1',
  '--engine',
  'context',
  '--kubeconfig',
  kubeconfig,
  '--yes',
  '--fresh',
  '--json',
];

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    cwd: outside.folder,
    env: outside.io.env as Record<string, string>,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function* eventsOf(child: ChildProcess): AsyncGenerator<any> {
  for await (const line of createInterface({input: child.stdout as NodeJS.ReadableStream})) {
    if (line.startsWith('{')) yield JSON.parse(line);
  }
}

async function finished(args: readonly string[]): Promise<{code: number | null; events: any[]}> {
  const child = start(args);
  const events: any[] = [];
  for await (const event of eventsOf(child)) events.push(event);
  if (child.exitCode === null) await once(child, 'exit');
  return {code: child.exitCode, events};
}

beforeAll(async () => {
  await finished(['sandbox', 'up', '--workshop', 'shared']);
});
afterAll(async () => {
  await finished(['sandbox', 'down', '--delete', '--workshop', 'shared']);
  outside.remove();
});

describe('a cluster that runs share', () => {
  it("is one run's at a time, and that of a killed one at once free again", async () => {
    const first = start(firstLab);
    try {
      for await (const event of eventsOf(first)) {
        if (event.type === 'session-started') break;
      }
      first.kill('SIGSTOP');
      const second = await finished(firstLab);
      expect(second.code).toBe(3);
      expect(second.events.at(-1)).toMatchObject({
        type: 'problem',
        error: {code: 'cluster-in-use', message: expect.stringContaining(`in process ${first.pid} on `)},
      });
    } finally {
      first.kill('SIGKILL');
    }
    const third = await finished(firstLab);
    expect(third.events.slice(-2)).toMatchObject([
      {type: 'cleanup-finished', left: []},
      {type: 'session-finished', outcome: 'passed'},
    ]);
    expect(third.code).toBe(0);
    const kube = await openKube(kubeconfig);
    expect(await kube.get('leases.coordination.k8s.io', leaseName, 'default')).toBeUndefined();
  });

  it('is given back by a run that is interrupted', async () => {
    const run = start(firstLab);
    const told: string[] = [];
    for await (const event of eventsOf(run)) {
      told.push(event.type);
      if (event.type === 'command-started') run.kill('SIGINT');
    }
    if (run.exitCode === null) await once(run, 'exit');
    expect(run.exitCode).toBe(130);
    expect(told.slice(-2)).toEqual(['cleanup-finished', 'session-finished']);
    const kube = await openKube(kubeconfig);
    expect(await kube.get('leases.coordination.k8s.io', leaseName, 'default')).toBeUndefined();
  });
});
