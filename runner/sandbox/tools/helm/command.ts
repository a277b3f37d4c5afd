import type {FlagSpec, ParsedFlags} from '../shared/flags.ts';
import type {ToolIo} from '../shared/io.ts';
import type {Session} from '../shared/session.ts';
import type {HelmPaths} from './paths.ts';

export interface Invocation {
  io: ToolIo;
  session: Session;
  paths: HelmPaths;
  flags: ParsedFlags;
  args: string[];
  /** `helm repo add`. */
  path: string;
}

export interface Command {
  name: string;
  aliases?: readonly string[];
  short: string;
  usage: string;
  flags: readonly FlagSpec[];
  /** How many arguments; with the words cobra uses when it is wrong. */
  args?: {least: number; most: number};
  subcommands?: readonly Command[];
  run?(invocation: Invocation): Promise<void>;
}

export const globalFlags: readonly FlagSpec[] = [
  {name: 'namespace', short: 'n', type: 'string', usage: 'namespace scope for this request'},
  {name: 'kube-context', type: 'string', usage: 'name of the kubeconfig context to use'},
  {name: 'kubeconfig', type: 'string', usage: 'path to the kubeconfig file'},
  {name: 'kube-apiserver', type: 'string', usage: 'the address and the port for the Kubernetes API server'},
  {name: 'kube-token', type: 'string', usage: 'bearer token used for authentication'},
  {
    name: 'kube-insecure-skip-tls-verify',
    type: 'bool',
    usage: "the Kubernetes API server's certificate will not be checked for validity",
  },
  {name: 'debug', type: 'bool', usage: 'accepted and ignored'},
  {name: 'burst-limit', type: 'int', usage: 'accepted and ignored'},
  {name: 'qps', type: 'string', usage: 'accepted and ignored'},
  {name: 'help', short: 'h', type: 'bool', usage: 'help for the command'},
];

export const valueFlags: readonly FlagSpec[] = [
  {name: 'values', short: 'f', type: 'list', usage: 'specify values in a YAML file (can specify multiple)'},
  {
    name: 'set',
    type: 'list',
    usage:
      'set values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)',
  },
  {name: 'set-string', type: 'list', usage: 'set STRING values on the command line'},
  {name: 'set-json', type: 'list', usage: 'set JSON values on the command line'},
  {name: 'set-file', type: 'list', usage: 'set values from respective files specified via the command line'},
];

export const chartFlags: readonly FlagSpec[] = [
  {name: 'version', type: 'string', usage: 'specify a version constraint for the chart version to use'},
  {name: 'repo', type: 'string', usage: 'chart repository url where to locate the requested chart'},
  {name: 'devel', type: 'bool', usage: 'use development versions, too'},
];

export const outputFlag: FlagSpec = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: 'table',
  usage: 'prints the output in the specified format. Allowed values: table, json, yaml',
};

/** The text of `--help`. */
export function helpText(command: Command): string {
  const parts = [`${command.short}\n`, `Usage:\n  ${command.usage}\n`];
  if (command.subcommands) {
    const width = Math.max(...command.subcommands.map(sub => sub.name.length)) + 2;
    parts.push(
      `Available Commands:\n${command.subcommands.map(sub => `  ${sub.name.padEnd(width)}${sub.short}\n`).join('')}`,
    );
  }
  const lines = (flags: readonly FlagSpec[]) => {
    const width = Math.max(...flags.map(flag => flag.name.length)) + 12;
    return flags
      .map(
        flag =>
          `  ${`${flag.short ? `-${flag.short},` : '   '} --${flag.name}`.padEnd(width)}${flag.usage}\n`,
      )
      .join('');
  };
  if (command.flags.length > 0) parts.push(`Flags:\n${lines(command.flags)}`);
  parts.push(`Global Flags:\n${lines(globalFlags)}`);
  return parts.join('\n');
}

export const builtInNote =
  "(This is istio-workshop's small built-in helm. The real one has it all: https://helm.sh/docs/intro/install/)\n";
