import {Writable} from 'node:stream';
import {ExecutableNotFound, runCommand} from '../exec/run-command.ts';
import type {ContainerContext, ContainerProgram} from '../kubelet/image.ts';

type EntryPoint = (context: ContainerContext) => Promise<ContainerProgram>;

/** A process 1 that does not handle SIGTERM is killed when its time is up. */
const killed = 137;
/** What Kubernetes reports for a container whose program could not be started. */
const startError = 128;

/**
 * Starts the image's entry point, or what the manifest puts in its place: one of the simulated programs, never a process
 * of this machine. One that the image lacks is answered as a container runtime answers it.
 *
 * @param options.programs what the image has beyond the shell and coreutils.
 * @param options.prefix the words that come before `args` alone, for an image whose entry point takes any.
 */
export async function startCommand(options: {
  context: ContainerContext;
  programs: readonly string[];
  entryPoint: EntryPoint | undefined;
  prefix?: (args: readonly string[]) => readonly string[];
}): Promise<ContainerProgram> {
  const {context, programs, entryPoint, prefix = () => []} = options;
  const {command = [], args = []} = context.container;
  if (command.length === 0 && args.length === 0 && entryPoint !== undefined) return entryPoint(context);
  const argv = command.length > 0 ? [...command, ...args] : [...prefix(args), ...args];
  return runInContainer({context, programs, argv});
}

function runInContainer(options: {
  context: ContainerContext;
  programs: readonly string[];
  argv: readonly string[];
}): ContainerProgram {
  const {context, programs, argv} = options;
  const {pod, container, env, clock} = context;
  const abort = new AbortController();
  const output = logWriter(context);
  const running = runCommand({
    pod,
    container,
    env,
    programs,
    network: context.attachment.network,
    clock,
    argv,
    stdout: output,
    stderr: output,
    signal: abort.signal,
  });
  const exited = running.then(
    exitCode => ({exitCode: abort.signal.aborted ? killed : exitCode}),
    (error: unknown) => {
      if (!(error instanceof ExecutableNotFound)) throw error;
      const message = `exec: "${error.program}": executable file not found in $PATH: unknown`;
      return {exitCode: startError, message};
    },
  );
  return {
    exited: exited.finally(() => output.end()),
    async stop() {
      abort.abort();
      await exited.catch(() => {});
    },
  };
}

/** Cuts what a program writes into the lines of the container's log. */
function logWriter({log}: ContainerContext): Writable {
  let rest = '';
  return new Writable({
    write(chunk, _encoding, done) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) log(line);
      done();
    },
    final(done) {
      if (rest !== '') log(rest);
      done();
    },
  });
}
