import path from 'node:path';
import {Writable} from 'node:stream';
import {afterAll, beforeAll, expect, it, onTestFailed} from 'vitest';
import {identityOf} from '../verify/process-identity.ts';
import {run} from './cli/commands/run.ts';
import {rfc3339, seededRandom} from './sandbox/clock.ts';
import {openStateFolder, statePaths, writeAtomically} from './sandbox/lifecycle/state-folder.ts';
import {paceText} from './sandbox/pace.ts';
import {type Sandbox, startSandbox} from './sandbox/sandbox.ts';
import {manualClock} from './sandbox/testing/manual-clock.ts';
import {testIo} from './testing/test-io.ts';
import {istioVersion} from './version.ts';

/**
 * All labs, by `run --all --pace real`: the program with the built-in tools and the real browser, on a sandbox in this
 * very process, whose time is the test's. Images, start-ups and changes take what they take on a real cluster, the same
 * in every run, and nobody waits for them.
 */
const outside = testIo();
const pace = {name: 'real'} as const;
const directory = path.join(outside.folder, 'state', 'workshops', 'default', 'sandbox');
// Certificates, and the ages of pods, are compared with the time of this machine.
const clock = manualClock(Date.now());
const faults: string[] = [];
let sandbox: Sandbox;
let driver: NodeJS.Timeout;
/** What a command waits for is brought near; while the page is looked at, whose time-outs are real, no time is lost. */
let commandRuns = false;
const tick = 10;

interface Event {
  type: string;
  background?: boolean;
  for?: unknown;
  outcome?: string;
}

function hear({type, background, for: what}: Event): void {
  if (type === 'command-started') commandRuns = !background;
  if (type === 'command-finished') commandRuns = false;
  // The check says that it waits.
  if (type === 'waiting' && what) for (let step = 0; step < 10; step++) clock.advance(100);
}

beforeAll(async () => {
  openStateFolder({directory, name: 'default'});
  sandbox = await startSandbox({
    directory,
    name: 'default',
    istioVersion,
    clock,
    random: seededRandom(11),
    pace,
    onError: (what, error) => void faults.push(`${what}: ${error}`),
  });
  // The program finds it running, as it would find a process of its own.
  const handshake = {
    pid: process.pid,
    name: 'default',
    url: sandbox.url,
    chartsUrl: sandbox.chartsUrl,
    kubeconfigPath: sandbox.kubeconfigPath,
    kubernetesVersion: '',
    istioVersion,
    pace: paceText(pace),
    startedAt: rfc3339(clock.now()),
    process: identityOf(process.pid),
  };
  writeAtomically(statePaths(directory).handshake, JSON.stringify(handshake));
  driver = setInterval(() => clock.advance(commandRuns ? 200 : tick), tick);
});

afterAll(async () => {
  clearInterval(driver);
  await sandbox?.close();
  outside.remove();
});

it('all labs pass at the pace of a real cluster', {timeout: 300_000}, async () => {
  let output = '';
  const events: Event[] = [];
  onTestFailed(() => console.error(output.slice(-6000)));
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      output += chunk;
      for (const line of String(chunk).split('\n')) {
        if (!line.startsWith('{')) continue;
        const event = JSON.parse(line) as Event;
        events.push(event);
        hear(event);
      }
      done();
    },
  }) as Writable & NodeJS.WriteStream;
  const io = {...outside.io, stdout, stderr: stdout};
  const before = clock.now();
  const code = await run(io, [], {all: true, json: true, pace: paceText(pace), loads: '3'});
  expect(code).toBe(0);
  expect(events.filter(({type}) => type === 'lab-passed')).toHaveLength(7);
  // It was no faster than a real cluster, as far as anybody in the sandbox can tell.
  expect(clock.now() - before).toBeGreaterThan(60_000);
  expect(faults).toEqual([]);
});
