import {spawn} from 'node:child_process';
import {openSync} from 'node:fs';
import {execa} from 'execa';

export interface ProcessResult {
  /** 128 + n when a signal n ended it, as a shell says it. */
  exitCode: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** The caller's signal ended it. */
  cancelled: boolean;
  milliseconds: number;
}

export type OutputListener = (text: string, stream: 'stdout' | 'stderr') => void;

export interface ShellOptions {
  text: string;
  directory: string;
  env: Readonly<Record<string, string>>;
  /** Milliseconds; absent means no limit. */
  timeout?: number;
  signal?: AbortSignal;
  onOutput?: OutputListener;
  /** How many characters of each stream are in the result; of more, the last. @default 1 MiB */
  kept?: number;
}

export interface ToolOptions {
  command: string;
  args: readonly string[];
  directory?: string;
  /** The whole environment; absent means this process's own. */
  env?: Readonly<Record<string, string>>;
  timeout?: number;
  signal?: AbortSignal;
  onOutput?: OutputListener;
  stdin?: string;
}

export interface InteractiveOptions {
  command: string;
  args: readonly string[];
  directory: string;
  env: Readonly<Record<string, string>>;
}

/** The one way to start a child process; everything above receives it, so every call can be observed. */
export interface ProcessRunner {
  /** `/bin/sh -e -c TEXT` in a process group of its own, stdin closed; it ends when this process does. */
  shell(options: ShellOptions): Promise<ProcessResult>;
  /** A program without a shell. A missing program is exit code 127, not an exception. */
  tool(options: ToolOptions): Promise<ProcessResult>;
  /** A program that owns the terminal until it ends (an editor, a shell). */
  interactive(options: InteractiveOptions): Promise<number>;
  /** A program that outlives this process; its output goes to a file. */
  detached(options: ToolOptions & {logFile: string}): {pid: number; exited: Promise<number>};
}

/**
 * A shell around the shell: its reader notices when the pipe from the app breaks, which also happens on
 * kill -9, and then ends the whole process group.
 */
const guard = [
  // It outlives polite signals, so that what it guards is never left behind without it.
  'trap : INT TERM',
  // Said by the watcher: nobody waits for an exit code any more.
  'trap "gone=1" USR1',
  'exec 3<&0 </dev/null',
  '{ trap "" INT; read -r _ <&3; trap "" TERM; kill -USR1 $$; kill -TERM 0; sleep 3; kill -KILL 0; } >/dev/null 2>&1 & watcher=$!',
  '/bin/sh -e -c "$1" 3<&-',
  'code=$?',
  '[ -z "$gone" ] || kill -KILL 0',
  'kill "$watcher" 2>/dev/null',
  'exit "$code"',
].join('\n');

const graceMilliseconds = 1000;

const signalNumbers: Readonly<Record<string, number>> = {SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15};

export const systemProcesses: ProcessRunner = {
  shell: runInShell,
  tool: runTool,
  interactive: async ({command, args, directory, env}) => {
    const result = await execa(command, args, {
      cwd: directory,
      env,
      extendEnv: false,
      stdio: 'inherit',
      reject: false,
    });
    return result.exitCode ?? 128 + (signalNumbers[result.signal ?? ''] ?? 0);
  },
  detached: startDetached,
};

function runInShell(options: ShellOptions): Promise<ProcessResult> {
  const {text, directory, env, timeout, signal, onOutput, kept = keptCharacters} = options;
  const startedAt = performance.now();
  const child = spawn('/bin/sh', ['-c', guard, 'sh', text], {
    cwd: directory,
    env,
    detached: true,
    stdio: 'pipe',
  });
  const output = {stdout: '', stderr: ''};
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (chunk: string) => {
      output[stream] = keepTail(output[stream] + chunk, kept);
      onOutput?.(chunk, stream);
    });
  }
  // The pipe breaks when the group ends before us; that is no fault.
  child.stdin.on('error', () => {});

  let ending: 'no' | 'timed-out' | 'cancelled' = 'no';
  const timers: NodeJS.Timeout[] = [];
  const end = (reason: 'timed-out' | 'cancelled'): void => {
    if (ending !== 'no') return;
    ending = reason;
    signalGroup(child.pid, 'SIGINT');
    timers.push(setTimeout(() => signalGroup(child.pid, 'SIGTERM'), graceMilliseconds));
    timers.push(setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 3 * graceMilliseconds));
  };
  const cancel = (): void => end('cancelled');
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, {once: true});
  if (timeout !== undefined) timers.push(setTimeout(() => end('timed-out'), timeout));

  return new Promise((resolve, reject) => {
    let exit: {code: number | null; signal: string | null} | undefined;
    const settle = (): void => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      child.stdin.destroy();
      // Nothing carries over from one command to the next, not even what it left in the background.
      signalGroup(child.pid, ending === 'no' ? 'SIGTERM' : 'SIGKILL');
      resolve({
        exitCode: exit?.code ?? 128 + (signalNumbers[exit?.signal ?? ''] ?? 0),
        ...output,
        timedOut: ending === 'timed-out',
        cancelled: ending === 'cancelled',
        milliseconds: performance.now() - startedAt,
      });
    };
    child.on('error', reject);
    child.on('exit', (code, endSignal) => {
      exit = {code, signal: endSignal};
      // A process that the command left behind may hold the output open; what it says later is not ours.
      timers.push(
        setTimeout(() => child.stdout.destroy(), 200),
        setTimeout(() => child.stderr.destroy(), 200),
      );
    });
    child.on('close', settle);
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

const keptCharacters = 1024 * 1024;

function keepTail(text: string, kept: number): string {
  return text.length > kept ? text.slice(-kept) : text;
}

async function runTool(options: ToolOptions): Promise<ProcessResult> {
  const startedAt = performance.now();
  const child = execa(options.command, options.args, {
    ...(options.directory ? {cwd: options.directory} : {}),
    ...(options.env ? {env: options.env, extendEnv: false} : {}),
    ...(options.timeout ? {timeout: options.timeout} : {}),
    ...(options.signal ? {cancelSignal: options.signal} : {}),
    ...(options.stdin === undefined ? {stdin: 'ignore' as const} : {input: options.stdin}),
    forceKillAfterDelay: graceMilliseconds,
    reject: false,
  });
  child.stdout?.on('data', (chunk: Buffer) => options.onOutput?.(chunk.toString(), 'stdout'));
  child.stderr?.on('data', (chunk: Buffer) => options.onOutput?.(chunk.toString(), 'stderr'));
  const result = await child;
  const missing = result.code === 'ENOENT';
  return {
    exitCode: missing ? 127 : (result.exitCode ?? 128 + (signalNumbers[result.signal ?? ''] ?? 0)),
    stdout: result.stdout ?? '',
    stderr: missing ? `${options.command}: not found` : (result.stderr ?? ''),
    timedOut: result.timedOut,
    cancelled: result.isCanceled,
    milliseconds: performance.now() - startedAt,
  };
}

function startDetached(options: ToolOptions & {logFile: string}): {pid: number; exited: Promise<number>} {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(options.command, options.args, {
    cwd: options.directory,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  const exited = new Promise<number>(resolve => {
    child.on('error', () => resolve(127));
    child.on('exit', code => resolve(code ?? 128));
  });
  return {pid: child.pid ?? -1, exited};
}
