import type {OutputListener, ProcessRunner} from '../processes.ts';

export interface BackgroundOptions {
  processes: ProcessRunner;
  directory: string;
  /** Read anew at every start: ports and paths may have changed. */
  environment(): Promise<Record<string, string>>;
  onOutput(key: string, text: string, stream: 'stdout' | 'stderr'): void;
  /** Called when a command that was up ends by itself. */
  onEnded(key: string, exitCode: number): void;
}

export interface BackgroundCommands {
  /**
   * Starts a command that goes on. Resolves once it has said something or ended; an earlier one with the same
   * key is stopped first. @returns the exit code if it ended at once, else undefined.
   */
  start(
    key: string,
    text: string,
    signal: AbortSignal,
  ): Promise<{exitCode: number; output: string} | undefined>;
  running(): readonly string[];
  stop(key: string): Promise<void>;
  stopAll(): Promise<void>;
}

/** How long a command may say nothing before it counts as up: port-forward speaks within this. */
const quietMilliseconds = 3000;

/** Commands that live until they are stopped or the app ends, such as a port-forward. */
export function createBackgroundCommands(options: BackgroundOptions): BackgroundCommands {
  const live = new Map<string, {abort: AbortController; ended: Promise<unknown>}>();

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
      const env = await options.environment();
      let spoke = (): void => {};
      const speaking = new Promise<void>(resolve => {
        spoke = resolve;
      });
      let output = '';
      const onOutput: OutputListener = (chunk, stream) => {
        output = (output + chunk).slice(-4000);
        options.onOutput(key, chunk, stream);
        if (stream === 'stdout') spoke();
      };
      const ended = options.processes.shell({
        text,
        directory: options.directory,
        env,
        signal: abort.signal,
        onOutput,
      });
      live.set(key, {abort, ended});
      const timer = setTimeout(spoke, quietMilliseconds);
      const cancel = (): void => abort.abort();
      signal.addEventListener('abort', cancel, {once: true});
      const first = await Promise.race([ended, speaking]);
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      if (first) {
        live.delete(key);
        return {exitCode: first.exitCode, output};
      }
      void ended.then(result => {
        if (live.get(key)?.ended !== ended) return;
        live.delete(key);
        options.onEnded(key, result.exitCode);
      });
      return undefined;
    },
    running: () => [...live.keys()],
    stop,
    async stopAll() {
      await Promise.all([...live.keys()].map(stop));
    },
  };
}
