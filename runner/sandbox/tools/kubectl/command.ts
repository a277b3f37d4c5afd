import type {FlagSpec, ParsedFlags} from '../shared/flags.ts';
import type {ToolIo} from '../shared/io.ts';
import type {Session} from '../shared/session.ts';

/** One run of a command. */
export interface Invocation {
  io: ToolIo;
  session: Session;
  flags: ParsedFlags;
  /** What is left after the flags. */
  args: string[];
  /** `kubectl get`: for messages. */
  path: string;
}

export interface Command {
  name: string;
  aliases?: readonly string[];
  /** One line, for lists of commands. */
  short: string;
  /** The line after `Usage:`. */
  usage: string;
  examples?: string;
  flags: readonly FlagSpec[];
  subcommands?: readonly Command[];
  /** @returns the exit code, 0 when nothing. */
  run?(invocation: Invocation): Promise<number | undefined>;
}

/** Flags that every command has. */
export const globalFlags: readonly FlagSpec[] = [
  {
    name: 'namespace',
    short: 'n',
    type: 'string',
    usage: 'If present, the namespace scope for this CLI request',
  },
  {name: 'context', type: 'string', usage: 'The name of the kubeconfig context to use'},
  {name: 'cluster', type: 'string', usage: 'The name of the kubeconfig cluster to use'},
  {name: 'user', type: 'string', usage: 'The name of the kubeconfig user to use'},
  {name: 'kubeconfig', type: 'string', usage: 'Path to the kubeconfig file to use for CLI requests.'},
  {name: 'server', short: 's', type: 'string', usage: 'The address and port of the Kubernetes API server'},
  {name: 'token', type: 'string', usage: 'Bearer token for authentication to the API server'},
  {name: 'as', type: 'string', usage: 'Username to impersonate for the operation'},
  {
    name: 'insecure-skip-tls-verify',
    type: 'bool',
    usage: "If true, the server's certificate will not be checked for validity",
  },
  {name: 'request-timeout', type: 'string', default: '0', usage: 'Accepted and ignored'},
  {name: 'cache-dir', type: 'string', usage: 'Accepted and ignored: nothing is cached'},
  {name: 'warnings-as-errors', type: 'bool', usage: 'Treat warnings received from the server as errors'},
  {name: 'v', short: 'v', type: 'string', usage: 'Accepted and ignored'},
];

const help: FlagSpec = {name: 'help', short: 'h', type: 'bool', usage: 'help for the command'};

/** A command's own flags, the global ones, and `--help`. */
export function allFlags(command: Command): FlagSpec[] {
  const own = new Set(command.flags.map(flag => flag.short).filter(Boolean));
  const globals = globalFlags.map(({short, ...flag}) => (short && !own.has(short) ? {...flag, short} : flag));
  const names = new Set(command.flags.map(flag => flag.name));
  return [...command.flags, ...globals.filter(flag => !names.has(flag.name)), help];
}

function flagLine(flag: FlagSpec): string {
  const value =
    flag.default ??
    (flag.type === 'bool' ? 'false' : flag.type === 'list' ? '[]' : flag.type === 'string' ? "''" : '0');
  const shown = flag.type === 'string' && flag.default !== undefined ? `'${flag.default}'` : value;
  const start = flag.short ? `-${flag.short}, --${flag.name}=${shown}` : `--${flag.name}=${shown}`;
  return `    ${start}:\n\t${flag.usage}\n`;
}

/** The text of `--help`. */
export function helpText(command: Command): string {
  const parts = [`${command.short}\n`];
  if (command.examples) parts.push(`Examples:\n${command.examples.trimEnd()}\n`);
  if (command.subcommands) {
    const width = Math.max(...command.subcommands.map(sub => sub.name.length)) + 2;
    parts.push(
      `Available Commands:\n${command.subcommands.map(sub => `  ${sub.name.padEnd(width)}${sub.short}\n`).join('')}`,
    );
  }
  if (command.flags.length > 0) {
    const sorted = [...command.flags].sort((left, right) => (left.name < right.name ? -1 : 1));
    parts.push(`Options:\n${sorted.map(flagLine).join('\n')}`);
  }
  parts.push(`Usage:\n  ${command.usage}\n`);
  parts.push('Use "kubectl options" for a list of global command-line options (applies to all commands).\n');
  return parts.join('\n');
}

/** Said once after a refusal that the real kubectl may not have made. */
export const builtInNote =
  "(This is istio-workshop's small built-in kubectl. The real one has it all: https://kubernetes.io/docs/tasks/tools/)\n";
