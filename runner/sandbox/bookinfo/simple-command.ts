import type {ContainerContext, ContainerProgram} from '../kubelet/image.ts';

type EntryPoint = (context: ContainerContext) => Promise<ContainerProgram>;

/** What a command of a manifest comes down to. */
type Plan = {kind: 'wait'; milliseconds: number} | {kind: 'exit'; exitCode: number; message?: string};

const units: Record<string, number> = {'': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000};
/** The longest time a Node timer can be set for: 24.8 days. */
const longestTimer = 2 ** 31 - 1;

/**
 * Starts the image's entry point, or what the manifest puts in its place. No process of the host is ever started: a
 * command is one that merely waits or ends, or it is answered as a container runtime answers a missing program.
 */
export async function startCommand(options: {
  context: ContainerContext;
  entryPoint: EntryPoint | undefined;
}): Promise<ContainerProgram> {
  const {context, entryPoint} = options;
  const {command = [], args = []} = context.container;
  const words = [...command, ...args];
  if (words.length === 0) {
    if (entryPoint !== undefined) return entryPoint(context);
    context.log("curl: try 'curl --help' or 'curl --manual' for more information");
    return run(context, {kind: 'exit', exitCode: 2});
  }
  return run(context, planOf(words));
}

/** Understands `sleep`, `tail -f /dev/null`, `true`, `false`, and shells that do no more than wait by them. */
export function planOf(words: readonly string[]): Plan {
  const [program = '', ...rest] = words;
  switch (program.replace(/^(\/usr)?\/bin\//, '')) {
    case 'sleep':
      return sleep(rest);
    case 'tail':
      return rest.join(' ').match(/^-f\s+\/dev\/null$/)
        ? {kind: 'wait', milliseconds: Infinity}
        : unknown(program);
    case 'true':
      return {kind: 'exit', exitCode: 0};
    case 'false':
      return {kind: 'exit', exitCode: 1};
    case 'sh':
    case 'bash':
      return shell(rest);
    default:
      return unknown(program);
  }
}

function sleep(operands: readonly string[]): Plan {
  let milliseconds = 0;
  for (const operand of operands) {
    const match = /^(\d+(?:\.\d+)?|inf(?:inity)?)([smhd]?)$/.exec(operand);
    if (match === null)
      return {kind: 'exit', exitCode: 1, message: `sleep: invalid time interval '${operand}'`};
    const amount = match[1]?.startsWith('inf') ? Infinity : Number(match[1]);
    milliseconds += amount * (units[match[2] ?? ''] ?? 1000);
  }
  return operands.length === 0
    ? {kind: 'exit', exitCode: 1, message: 'sleep: missing operand'}
    : {kind: 'wait', milliseconds};
}

function shell(operands: readonly string[]): Plan {
  const script = operands[0] === '-c' ? operands[1]?.trim() : undefined;
  if (script === undefined) return {kind: 'exit', exitCode: 0};
  if (/^while\s+(true|:)\s*;\s*do\s+sleep\s+\S+?\s*;?\s*done;?$/.test(script))
    return {kind: 'wait', milliseconds: Infinity};
  const simple = script.replace(/^exec\s+/, '').replace(/;$/, '');
  if (/^[\w./ -]+$/.test(simple)) return planOf(simple.split(/\s+/));
  return {
    kind: 'exit',
    exitCode: 127,
    message: `the sandbox runs no shell scripts in containers; it can't run: ${script}`,
  };
}

function unknown(program: string): Plan {
  return {
    kind: 'exit',
    exitCode: 128,
    message: `exec: "${program}": executable file not found in $PATH: unknown`,
  };
}

function run(context: ContainerContext, plan: Plan): ContainerProgram {
  let exit: (result: {exitCode: number; message?: string}) => void;
  const exited = new Promise<{exitCode: number; message?: string}>(resolve => {
    exit = resolve;
  });
  const end = (result: {exitCode: number; message?: string}) => {
    if (result.message !== undefined) context.log(result.message);
    exit(result);
  };
  if (plan.kind === 'exit') {
    end({exitCode: plan.exitCode, ...(plan.message === undefined ? {} : {message: plan.message})});
    return {exited, stop: async () => {}};
  }
  const timer =
    plan.milliseconds > longestTimer
      ? undefined
      : context.clock.after(plan.milliseconds, () => end({exitCode: 0}));
  return {
    exited,
    async stop() {
      timer?.cancel();
      // A shell's `sleep` as process 1 does not handle SIGTERM and is killed in the end.
      end({exitCode: 137});
    },
  };
}
