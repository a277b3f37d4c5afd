import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {ProcessResult, ProcessRunner, ShellOptions} from '../processes.ts';
import {createBackgroundCommands} from './background.ts';

interface Started {
  options: ShellOptions;
  say(text: string): void;
  end(exitCode: number): Promise<void>;
}

function fakeShell() {
  const started: Started[] = [];
  const shell = (options: ShellOptions) =>
    new Promise<ProcessResult>(resolve => {
      const end = async (exitCode: number): Promise<void> => {
        resolve({exitCode, stdout: '', stderr: '', timedOut: false, cancelled: false, milliseconds: 1});
        await settle();
      };
      options.signal?.addEventListener('abort', () => void end(130));
      started.push({options, end, say: text => options.onOutput?.(text, 'stdout')});
    });
  const nothing = (): never => {
    throw new Error('not used here');
  };
  const processes: ProcessRunner = {shell, tool: nothing, interactive: nothing, detached: nothing};
  return {started, processes};
}

/** Lets all that is only a promise happen. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function background(environment = async (): Promise<Record<string, string>> => ({PORT: '9080'})) {
  const {started, processes} = fakeShell();
  const changes: unknown[] = [];
  const output: string[] = [];
  const commands = createBackgroundCommands({
    processes,
    directory: '/work',
    environment,
    onOutput: (key, text) => output.push(`${key}: ${text}`),
    onChange: (key, change) => changes.push({key, ...change}),
    pauses: [100, 1000],
  });
  return {started, changes, output, commands};
}

const never = new AbortController().signal;

/** A command that is up. */
async function up(fixture: ReturnType<typeof background>): Promise<void> {
  const start = fixture.commands.start('lab/s1c1', 'forward', never);
  await settle();
  fixture.started.at(-1)?.say('Forwarding');
  expect(await start).toBeUndefined();
}

describe('background commands', () => {
  it('are up when they have said something, and say no more to the step after that', async () => {
    const fixture = background();
    await up(fixture);
    fixture.started[0]?.say('Handling connection');
    expect(fixture.output).toEqual(['lab/s1c1: Forwarding']);
    expect(fixture.commands.running()).toEqual(['lab/s1c1']);
    expect(fixture.started[0]?.options).toMatchObject({text: 'forward', env: {PORT: '9080'}});
  });

  it('are begun again, with what the environment names then, where another program took the port', async () => {
    let port = 9080;
    const {commands, started} = background(async () => ({PORT: String(port++)}));
    const start = commands.start('key', 'forward', never);
    await settle();
    started[0]?.options.onOutput?.('bind: address already in use', 'stderr');
    await started[0]?.end(1);
    started[1]?.say('Forwarding');
    expect(await start).toBeUndefined();
    expect(started.map(({options}) => options.env['PORT'])).toEqual(['9080', '9081']);
  });

  it('end as they are when every port is taken', async () => {
    const {commands, started} = background();
    const start = commands.start('key', 'forward', never);
    for (let tries = 0; tries < 3; tries += 1) {
      await settle();
      started[tries]?.options.onOutput?.('bind: address already in use', 'stderr');
      await started[tries]?.end(1);
    }
    expect(await start).toMatchObject({exitCode: 1});
    expect(started).toHaveLength(3);
    expect(commands.running()).toEqual([]);
  });

  it('are up when they say nothing for a while', async () => {
    const {commands} = background();
    const start = commands.start('key', 'quiet', never);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await start).toBeUndefined();
  });

  it('tell how they ended when they never were up, and are not started again', async () => {
    const {started, commands, changes} = background();
    const start = commands.start('key', 'wrong', never);
    await settle();
    await started[0]?.end(1);
    expect(await start).toMatchObject({exitCode: 1});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(started).toHaveLength(1);
    expect(commands.running()).toEqual([]);
    expect(changes).toEqual([]);
  });

  it('are started again when they end by themselves, with longer pauses while that fails', async () => {
    const fixture = background();
    const {started, changes} = fixture;
    await up(fixture);
    await started[0]?.end(1);
    expect(changes).toEqual([{key: 'lab/s1c1', up: false, exitCode: 1, output: 'Forwarding'}]);
    await vi.advanceTimersByTimeAsync(99);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toHaveLength(2);
    await started[1]?.end(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(started).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    started[2]?.say('Forwarding');
    await settle();
    expect(changes.slice(1)).toEqual([{key: 'lab/s1c1', up: true}]);
    // And again, beginning with the short pause.
    await started[2]?.end(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(started).toHaveLength(4);
  });

  it.each(['while it is up', 'between two tries', 'while it is being started'])(
    'stop for good: %s',
    async when => {
      const fixture = background();
      const {started, commands} = fixture;
      await up(fixture);
      if (when !== 'while it is up') await started[0]?.end(1);
      if (when === 'while it is being started') await vi.advanceTimersByTimeAsync(100);
      await commands.stopAll();
      const count = started.length;
      expect(started.at(-1)?.options.signal?.aborted).toBe(true);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(started).toHaveLength(count);
      expect(commands.running()).toEqual([]);
    },
  );

  it('end with what started them when that is cancelled before they are up', async () => {
    const {commands} = background();
    const cancelled = new AbortController();
    const start = commands.start('key', 'forward', cancelled.signal);
    await settle();
    cancelled.abort();
    expect(await start).toMatchObject({exitCode: 130});
  });

  it('go on again in a later session as soon as that is possible, and once', async () => {
    let isThere = false;
    const fixture = background(async () => {
      if (!isThere) throw new Error('no cluster yet');
      return {};
    });
    const {started, changes, commands} = fixture;
    commands.resume('key', 'forward');
    commands.resume('key', 'forward');
    await vi.advanceTimersByTimeAsync(99);
    expect(started).toHaveLength(0);
    isThere = true;
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toHaveLength(1);
    started[0]?.say('Forwarding');
    await settle();
    expect(changes).toEqual([{key: 'key', up: true}]);
    expect(fixture.output).toEqual([]);
  });

  it('are replaced by a later start of the same key', async () => {
    const fixture = background();
    await up(fixture);
    await up(fixture);
    expect(fixture.started[0]?.options.signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fixture.started).toHaveLength(2);
  });
});
