import type {Readable, Writable} from 'node:stream';
import type {Clock} from '../clock.ts';
import type {PodNetwork} from '../mesh/network.ts';
import type {Container, Pod} from '../objects.ts';
import {createFileView, hostnameOf} from './files.ts';
import {Collector, Input} from './input.ts';
import {type ContainerView, type Process, type Program, runProgram} from './process.ts';
import {basicPrograms} from './programs/basic.ts';
import {optionalPrograms} from './programs/network.ts';
import {systemPrograms} from './programs/system.ts';
import {textPrograms} from './programs/text.ts';
import {createSh} from './shell/sh.ts';
import {BrokenPipe, type Sink} from './sink.ts';
import {createTerminal} from './terminal.ts';

export interface CommandContext {
  pod: Pod;
  container: Container;
  /** The container's resolved environment. */
  env: Readonly<Record<string, string>>;
  /** What the image has beyond the shell and coreutils: `curl`, `wget`, `nslookup`, `pilot-agent`, `bash`. */
  programs: readonly string[];
  network: PodNetwork;
  clock: Clock;
  /** The cluster's DNS as the pod asks it; without one no name resolves. */
  resolve?: (name: string) => readonly string[];
  /** The files of a mounted volume; without it volumes are empty. */
  volumeFiles?: (volumeName: string) => Readonly<Record<string, string>> | undefined;
  /** Files that are there without a mount in the manifest, by absolute path. */
  otherFiles?: () => Readonly<Record<string, string>>;
  /** @default '10.96.0.10' */
  dnsIP?: string;
}

export interface RunCommandOptions extends CommandContext {
  argv: readonly string[];
  stdin?: Readable | undefined;
  stdout: Writable;
  stderr: Writable;
  tty?: boolean;
  signal: AbortSignal;
}

/** The image has no such program; the container runtime says so in its own words. */
export class ExecutableNotFound extends Error {
  override name = 'ExecutableNotFound';
  readonly program: string;

  constructor(program: string) {
    super(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": ` +
        `${program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH'}`,
    );
    this.program = program;
  }
}

const shells = ['sh', 'bash', 'ash', 'dash'];

/** Looks a program up by name or path: the fixed set, and what the image has of the optional ones. */
function programFinder(programs: readonly string[]): (name: string) => Program | undefined {
  const all = new Map<string, Program>(
    [basicPrograms, textPrograms, systemPrograms].flatMap(group => Object.entries(group)),
  );
  for (const name of programs) {
    const program = optionalPrograms[name];
    if (program) all.set(name, program);
  }
  const find = (called: string): Program | undefined => {
    const path = /^(?:\/usr)?(?:\/local)?\/s?bin\/([^/]+)$/.exec(called);
    if (called.includes('/') && !path) return undefined;
    return all.get(path?.[1] ?? called);
  };
  const sh = createSh(find);
  for (const name of shells) if (name === 'sh' || programs.includes(name)) all.set(name, sh);
  return find;
}

/**
 * Runs one command in a container: simulated, never a process of this machine, and with no other network than
 * the pod's. Resolves to the exit code when all output is written.
 * @throws ExecutableNotFound when the image has no such program.
 */
export async function runCommand(options: RunCommandOptions): Promise<number> {
  const {argv, container, signal} = options;
  const find = programFinder(options.programs);
  const name = argv[0] ?? '';
  const program = find(name);
  if (!program) throw new ExecutableNotFound(name);

  const own = new AbortController();
  const stop = () => own.abort();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, {once: true});
  const process: Process = {
    argv,
    env: environment(options),
    cwd: String(container['workingDir'] ?? '/'),
    stdin: options.stdin ? new Input(options.stdin) : Input.empty(),
    stdout: writableSink(options.stdout),
    stderr: writableSink(options.stderr),
    tty: options.tty === true,
    view: containerView(options),
    signal: own.signal,
  };
  if (options.tty && options.stdin) {
    const terminal = createTerminal({keys: options.stdin, screen: process.stdout, onInterrupt: stop});
    process.stdin = terminal.lines;
    process.stdout = terminal.output;
    process.stderr = terminal.output;
    process.onInterrupt = terminal.onInterrupt;
  }
  try {
    return await runProgram(program, process);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Runs a command to its end and collects its output: exec probes and `command:` of containers. */
export async function captureCommand(
  options: Omit<RunCommandOptions, 'stdin' | 'stdout' | 'stderr' | 'tty'>,
): Promise<{stdout: string; stderr: string; exitCode: number}> {
  const stdout = new Collector();
  const stderr = new Collector();
  const program = programFinder(options.programs)(options.argv[0] ?? '');
  if (!program) throw new ExecutableNotFound(options.argv[0] ?? '');
  const exitCode = await runProgram(program, {
    argv: options.argv,
    env: environment(options),
    cwd: String(options.container['workingDir'] ?? '/'),
    stdin: Input.empty(),
    stdout,
    stderr,
    tty: false,
    view: containerView(options),
    signal: options.signal,
  });
  return {stdout: stdout.text(), stderr: stderr.text(), exitCode};
}

function environment({env, pod, tty}: CommandContext & {tty?: boolean}): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: hostnameOf(pod),
    HOME: '/root',
    ...(tty ? {TERM: 'xterm'} : {}),
    ...env,
  };
}

function containerView(context: CommandContext): ContainerView {
  const {pod, container, programs, network, clock} = context;
  return {
    pod,
    container,
    programs,
    network,
    clock,
    resolve: context.resolve ?? (() => []),
    files: createFileView({
      pod,
      container,
      programs,
      dnsIP: context.dnsIP ?? '10.96.0.10',
      volumeFiles: context.volumeFiles ?? (() => undefined),
      ...(context.otherFiles ? {otherFiles: context.otherFiles} : {}),
    }),
  };
}

function writableSink(writable: Writable): Sink {
  return {
    write(data) {
      if (writable.destroyed || writable.writableEnded) return Promise.reject(new BrokenPipe('Broken pipe'));
      const bytes = Buffer.from(data as Uint8Array);
      if (bytes.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        writable.write(bytes, error => (error ? reject(new BrokenPipe('Broken pipe')) : resolve()));
      });
    },
  };
}
