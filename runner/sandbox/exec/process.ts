import type {Clock} from '../clock.ts';
import type {PodNetwork} from '../mesh/network.ts';
import type {Container, Pod} from '../objects.ts';
import type {FileView} from './files.ts';
import type {Input} from './input.ts';
import {BrokenPipe, type Sink} from './sink.ts';

/** The container that commands run in, as far as they can see it. */
export interface ContainerView {
  pod: Pod;
  container: Container;
  /** What the image has beyond the shell and coreutils. */
  programs: readonly string[];
  network: PodNetwork;
  /** The cluster's DNS: the addresses of a name as this pod resolves it, or none. */
  resolve: (name: string) => readonly string[];
  files: FileView;
  clock: Clock;
}

/** One simulated process. */
export interface Process {
  /** The first is the name it was called by. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  stdin: Input;
  stdout: Sink;
  stderr: Sink;
  tty: boolean;
  /** On a terminal: takes over Ctrl-C until the returned function is called. */
  onInterrupt?: (listener: () => 'stopped' | 'prompt') => () => void;
  view: ContainerView;
  /** Aborts when the client is gone or the user interrupts. */
  signal: AbortSignal;
}

/** A simulated program: resolves to its exit code. */
export type Program = (process: Process) => Promise<number>;

/** Exit codes by convention of the shell. */
export const exits = {
  notExecutable: 126,
  notFound: 127,
  interrupted: 130,
  killed: 137,
  brokenPipe: 141,
} as const;

/** Runs a program; an interruption and a broken pipe become the exit codes of their signals. */
export async function runProgram(program: Program, process: Process): Promise<number> {
  try {
    return await program(process);
  } catch (error) {
    if (process.signal.aborted) return exits.interrupted;
    if (error instanceof BrokenPipe) return exits.brokenPipe;
    throw error;
  }
}

/** Waits as the container would. @throws when the signal aborts first. */
export function pause(process: Pick<Process, 'view' | 'signal'>, milliseconds: number): Promise<void> {
  const {signal, view} = process;
  return new Promise((resolve, reject) => {
    const interrupted = () => {
      timer.cancel();
      reject(new Error('interrupted'));
    };
    const timer = view.clock.after(milliseconds, () => {
      signal.removeEventListener('abort', interrupted);
      resolve();
    });
    if (signal.aborted) interrupted();
    else signal.addEventListener('abort', interrupted, {once: true});
  });
}
