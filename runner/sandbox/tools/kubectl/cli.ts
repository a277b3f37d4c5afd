import {FlagError, parseFlags} from '../shared/flags.ts';
import type {ToolIo} from '../shared/io.ts';
import {Session} from '../shared/session.ts';
import {suggestions} from '../shared/suggestions.ts';
import {terminalText} from '../shared/terminal-text.ts';
import {allFlags, builtInNote, type Command, globalFlags, helpText} from './command.ts';
import {commands} from './commands.ts';
import {describeError} from './errors.ts';
import {serverVersion} from './version.ts';

const root: Command = {
  name: 'kubectl',
  short: "kubectl controls the Kubernetes cluster manager. This is istio-workshop's small built-in one.",
  usage: 'kubectl [flags] [options]',
  flags: [],
  subcommands: commands,
};

function unknownCommand(typed: string, parent: Command, path: string): string {
  const near = suggestions(
    typed,
    (parent.subcommands ?? []).map(sub => sub.name),
  );
  const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.map(name => `\t${name}`).join('\n')}` : '';
  if (parent.name !== 'kubectl')
    return `error: unknown command ${JSON.stringify(typed)}\nSee '${path} -h' for help and examples\n`;
  return `error: unknown command ${JSON.stringify(typed)} for ${JSON.stringify(path)}${hint}\n`;
}

/** The position of the first argument that is no flag and no flag's value. */
function firstPositional(args: readonly string[]): number {
  const takesValue = new Set(
    globalFlags
      .filter(flag => flag.type !== 'bool')
      .flatMap(flag => [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])]),
  );
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (!arg.startsWith('-') || arg === '-') return index;
    if (takesValue.has(arg)) index++;
  }
  return -1;
}

interface Selected {
  command: Command;
  path: string;
  args: string[];
}

function select(io: ToolIo): Selected | {error: string} {
  let command = root;
  let path = 'kubectl';
  let args = [...io.args];
  while (command.subcommands) {
    const at = firstPositional(args);
    if (at < 0) break;
    const typed = args[at] as string;
    const next = command.subcommands.find(
      candidate => candidate.name === typed || candidate.aliases?.includes(typed),
    );
    if (!next) {
      if (command.run) break;
      return {error: unknownCommand(typed, command, path)};
    }
    args = [...args.slice(0, at), ...args.slice(at + 1)];
    command = next;
    path = `${path} ${next.name}`;
  }
  return {command, path, args};
}

/** Runs one kubectl command line. @returns the exit code; never throws. */
export async function runKubectl(io: ToolIo): Promise<number> {
  const selected = select(io);
  if ('error' in selected) {
    io.err(selected.error);
    io.err(builtInNote);
    return 1;
  }
  const {command, path, args} = selected;
  let session: Session | undefined;
  try {
    const flags = parseFlags(args, allFlags(command));
    if (flags.bool('help') || !command.run) {
      io.out(helpText(command));
      return 0;
    }
    session = new Session({
      io,
      userAgent: `kubectl/${serverVersion} (istio-workshop built-in)`,
      kubeconfig: flags.optional('kubeconfig'),
      impersonate: flags.optional('as'),
      overrides: {
        context: flags.optional('context'),
        cluster: flags.optional('cluster'),
        user: flags.optional('user'),
        server: flags.optional('server'),
        token: flags.optional('token'),
        namespace: flags.optional('namespace'),
        ...(flags.has('insecure-skip-tls-verify') ? {insecure: flags.bool('insecure-skip-tls-verify')} : {}),
      },
    });
    return (await command.run({io, session, flags, args: flags.positionals, path})) ?? 0;
  } catch (error) {
    if (error instanceof FlagError) {
      io.err(`error: ${error.message}\nSee '${path} --help' for usage.\n`);
      if (/^unknown/.test(error.message)) io.err(builtInNote);
      return 1;
    }
    const {text, exitCode} = describeError(error);
    if (text !== '') io.err(terminalText(text.endsWith('\n') ? text : `${text}\n`));
    return exitCode;
  } finally {
    await session?.close();
  }
}
