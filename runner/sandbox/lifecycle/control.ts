import {closeSync, existsSync, fstatSync, openSync, readSync, rmSync} from 'node:fs';
import {type ProcessIdentity, stillRuns} from '../../../verify/process-identity.ts';
import {messageOf, WorkshopError} from '../../errors.ts';
import type {SandboxHandshake} from './handshake.ts';
import {openStateFolder, readJson, statePaths} from './state-folder.ts';

export type {SandboxHandshake} from './handshake.ts';

/** The sandbox that serves this folder, or nothing when none runs. */
export async function sandboxStatus(directory: string): Promise<SandboxHandshake | undefined> {
  const handshake = readJson<SandboxHandshake>(statePaths(directory).handshake);
  // One that an older version started acts as fast as it can, and does not say so.
  return handshake?.process && stillRuns(handshake.process)
    ? {...handshake, pace: handshake.pace ?? 'fast'}
    : undefined;
}

export interface StartSandboxOptions {
  directory: string;
  name: string;
  /** The Node that runs it. */
  nodePath: string;
  /** The sandbox's bundle. */
  entry: string;
  istioVersion: string;
  /** How slowly it acts: `fast`, `real`, `real:2-60`. */
  pace: string;
  /** Starts a program that outlives this process; its output goes to a file. */
  spawn: (program: {command: string; args: readonly string[]; logFile: string}) => {
    pid: number;
    exited: Promise<number>;
  };
  /** Milliseconds. */
  timeout: number;
  signal?: AbortSignal;
}

const pollMilliseconds = 15;

/**
 * Starts the sandbox's process and waits until it serves. Where one runs already, that one is returned.
 * @throws WorkshopError `sandbox-not-started` with the last lines it wrote, when it ends or takes too long;
 * what `openStateFolder` throws, when the folder is unusable.
 */
export async function startSandboxProcess(options: StartSandboxOptions): Promise<SandboxHandshake> {
  const {directory, name, nodePath, entry, istioVersion, pace, spawn, timeout, signal} = options;
  const running = await sandboxStatus(directory);
  if (running) return running;
  openStateFolder({directory, name});
  const paths = statePaths(directory);
  rmSync(paths.output, {force: true});
  const args = [entry, '--directory', directory, '--name', name];
  args.push('--istio-version', istioVersion, '--pace', pace);
  const child = spawn({command: nodePath, args, logFile: paths.output});
  let ended: string | undefined;
  child.exited.then(
    exitCode => {
      ended = `It ended with exit code ${exitCode}.`;
    },
    error => {
      ended = messageOf(error);
    },
  );
  const deadline = performance.now() + timeout;
  for (;;) {
    // Also one that won a race against ours is a sandbox of this folder.
    const handshake = await sandboxStatus(directory);
    if (handshake) return handshake;
    if (signal?.aborted) {
      terminate(child.pid, 'SIGTERM');
      throw signal.reason;
    }
    // One that lost a race ends at once; whoever won it is still starting.
    const lost = ended !== undefined && !isBeingServed(paths.lock);
    if (lost || performance.now() > deadline) {
      terminate(child.pid, 'SIGTERM');
      const output = lastLines(paths.output) || lastLines(paths.log);
      throw new WorkshopError({
        code: 'sandbox-not-started',
        message: 'The sandbox did not start.',
        detail: [ended ?? `It was not ready after ${Math.round(timeout / 1000)} s.`, output]
          .filter(Boolean)
          .join('\n'),
        remedies: [`Read its log: ${paths.log}`],
      });
    }
    await delay(pollMilliseconds);
  }
}

/**
 * Stops the sandbox that serves this folder; its state stays. One that does not end is killed after 10 s.
 * @returns whether one ran.
 */
export async function stopSandbox(directory: string): Promise<boolean> {
  const running = await sandboxStatus(directory);
  if (!running) return false;
  terminate(running.pid, 'SIGTERM');
  const killAt = performance.now() + 10_000;
  for (let killed = false; stillRuns(running.process); await delay(pollMilliseconds)) {
    if (killed || performance.now() < killAt) continue;
    terminate(running.pid, 'SIGKILL');
    killed = true;
  }
  return true;
}

function isBeingServed(lock: string): boolean {
  const holder = readJson<ProcessIdentity>(lock);
  return holder !== undefined && stillRuns(holder);
}

function terminate(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function lastLines(path: string): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const {size} = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, 8192));
    readSync(file, tail, 0, tail.length, size - tail.length);
    return tail.toString().trimEnd().split('\n').slice(-12).join('\n');
  } finally {
    closeSync(file);
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
