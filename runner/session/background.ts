import type {OutputListener, ProcessResult, ProcessRunner} from '../processes.ts';

export interface BackgroundOptions {
  processes: ProcessRunner;
  directory: string;
  /** Read anew at every start: ports and paths may have changed. */
  environment(): Promise<Record<string, string>>;
  /** What a command says until it is up; what it says later is of no interest to the step that is on the screen. */
  onOutput(key: string, text: string, stream: 'stdout' | 'stderr'): void;
  /** Told when a command that was up is down, with the last that it said, and when it is up again. */
  onChange(key: string, change: {up: true} | {up: false; exitCode: number; output: string}): void;
  /** Milliseconds between the tries to start a command again; the last counts for all further ones. */
  pauses?: readonly number[];
}

export interface BackgroundCommands {
  /**
   * Starts a command that goes on. Resolves once it has said something or ended; an earlier one with the same
   * key is stopped first. One that was up and ends by itself (the pod behind a port-forward was replaced) is started
   * again until it is stopped. @returns the exit code if it ended at once, else undefined.
   */
  start(
    key: string,
    text: string,
    signal: AbortSignal,
  ): Promise<{exitCode: number; output: string} | undefined>;
  /** Starts a command that was up in an earlier session, as often as it takes; one that runs is left alone. */
  resume(key: string, text: string): void;
  running(): readonly string[];
  stop(key: string): Promise<void>;
  stopAll(): Promise<void>;
}

/** How long a command may say nothing before it counts as up: port-forward speaks within this. */
const quietMilliseconds = 3000;

/** As kubectl and the system say that another program took the port between our look and its start. */
const portTaken = /address already in use/i;

/** How often a command is begun that finds its port taken; the environment names another one each time. */
const portTries = 3;

const defaultPauses = [200, 500, 1000, 2000, 5000];

interface Run {
  /** Resolves when it counts as up, or with how it ended before that. */
  up: Promise<Ended | undefined>;
  ended: Promise<Ended>;
}

type Ended = Pick<ProcessResult, 'exitCode'> & {output: string};

const failedToStart: Ended = {exitCode: 127, output: ''};

/** Resolves after a time, or at the signal if that comes earlier. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    timer.unref?.();
    signal.addEventListener('abort', done, {once: true});
    if (signal.aborted) done();
  });
}

/** Commands that live until they are stopped or the app ends, such as a port-forward. */
export function createBackgroundCommands(options: BackgroundOptions): BackgroundCommands {
  const {processes, directory, onChange, pauses = defaultPauses} = options;
  const live = new Map<string, {abort: AbortController; ended: Promise<unknown>}>();

  async function run(key: string, text: string, signal: AbortSignal, aloud: boolean): Promise<Run> {
    const env = await options.environment();
    let spoke = (): void => {};
    const speaking = new Promise<undefined>(resolve => {
      spoke = () => resolve(undefined);
    });
    let output = '';
    let isUp = false;
    const onOutput: OutputListener = (chunk, stream) => {
      output = (output + chunk).slice(-4000);
      if (aloud && !isUp) options.onOutput(key, chunk, stream);
      if (stream === 'stdout') spoke();
    };
    const ended = processes
      .shell({text, directory, env, signal, onOutput})
      .then(({exitCode}) => ({exitCode, output}));
    const timer = setTimeout(spoke, quietMilliseconds);
    const up = Promise.race([ended, speaking]).finally(() => {
      isUp = true;
      clearTimeout(timer);
    });
    return {up, ended};
  }

  /** Keeps a command running until the signal, whether one runs already or none does. */
  async function supervise(key: string, text: string, signal: AbortSignal, running?: Run): Promise<void> {
    let current = running;
    let tries = 0;
    const pause = async (): Promise<void> => {
      const milliseconds = pauses[Math.min(tries, pauses.length - 1)];
      tries += 1;
      await sleep(milliseconds ?? 0, signal);
    };
    while (!signal.aborted) {
      if (current) {
        const ended: Ended = await current.ended;
        if (signal.aborted) return;
        onChange(key, {up: false, ...ended});
        current = undefined;
        tries = 0;
        await pause();
        continue;
      }
      // Without its folder or its cluster it can't be started now, but perhaps later.
      const next = await run(key, text, signal, false).catch(() => undefined);
      const isUp = next !== undefined && (await next.up.catch(() => failedToStart)) === undefined;
      if (signal.aborted) {
        await next?.ended.catch(() => {});
        return;
      }
      if (isUp) {
        onChange(key, {up: true});
        current = next;
      } else await pause();
    }
  }

  async function stop(key: string): Promise<void> {
    const command = live.get(key);
    if (!command) return;
    live.delete(key);
    command.abort.abort();
    await command.ended;
  }

  return {
    async start(key, text, signal) {
      await stop(key);
      const abort = new AbortController();
      const cancel = (): void => abort.abort();
      signal.addEventListener('abort', cancel, {once: true});
      let begun: Run;
      let failed: Ended | undefined;
      let tries = 0;
      do {
        begun = await run(key, text, abort.signal, true);
        live.set(key, {abort, ended: begun.ended});
        failed = await begun.up;
        tries += 1;
      } while (failed && portTaken.test(failed.output) && tries < portTries && !abort.signal.aborted);
      signal.removeEventListener('abort', cancel);
      if (failed) {
        live.delete(key);
        return failed;
      }
      live.set(key, {abort, ended: supervise(key, text, abort.signal, begun)});
      return undefined;
    },
    resume(key, text) {
      if (live.has(key)) return;
      const abort = new AbortController();
      live.set(key, {abort, ended: supervise(key, text, abort.signal)});
    },
    running: () => [...live.keys()],
    stop,
    async stopAll() {
      await Promise.all([...live.keys()].map(stop));
    },
  };
}
