import {FlagError, parseFlags} from '../shared/flags.ts';
import {ToolError, type ToolIo} from '../shared/io.ts';
import {ConnectionError} from '../shared/rest.ts';
import {Session} from '../shared/session.ts';
import {suggestions} from '../shared/suggestions.ts';
import {terminalText} from '../shared/terminal-text.ts';
import {builtInNote, type Command, globalFlags, helpText} from './command.ts';
import {installCommand, rollbackCommand, template, uninstall, upgradeCommand} from './deploy-commands.ts';
import {helmPaths} from './paths.ts';
import {get, history, list, show, status} from './query-commands.ts';
import {repo, search} from './repo-commands.ts';

/** The helm whose behaviour the built-in one follows. */
export const helmVersion = 'v3.19';

const version: Command = {
  name: 'version',
  short: 'print the client version information',
  usage: 'helm version [flags]',
  flags: [
    {name: 'short', type: 'bool', usage: 'print the version number'},
    {name: 'client', short: 'c', type: 'bool', usage: 'accepted and ignored'},
    {name: 'template', type: 'string', usage: 'not supported by the built-in helm'},
  ],
  async run({io, flags}) {
    const shown = `${helmVersion}+istio-workshop`;
    io.out(
      flags.bool('short')
        ? `${shown}\n`
        : `version.BuildInfo{Version:"${shown}", GitCommit:"", GitTreeState:"", GoVersion:""}\n`,
    );
  },
};

const env: Command = {
  name: 'env',
  short: 'helm client environment information',
  usage: 'helm env [flags]',
  flags: [],
  async run({io, paths, session, args}) {
    const connection = await session.connection();
    const all: Record<string, string> = {
      HELM_BIN: 'helm',
      HELM_CACHE_HOME: paths.cacheHome,
      HELM_CONFIG_HOME: paths.configHome,
      HELM_DATA_HOME: paths.dataHome,
      HELM_KUBECONTEXT: connection.contextName,
      HELM_NAMESPACE: connection.namespace,
      HELM_REPOSITORY_CACHE: paths.repositoryCache,
      HELM_REPOSITORY_CONFIG: paths.repositoryConfig,
    };
    const name = args[0];
    if (name !== undefined) io.out(`${all[name] ?? ''}\n`);
    else for (const [key, value] of Object.entries(all)) io.out(`${key}="${value}"\n`);
  },
};

const root: Command = {
  name: 'helm',
  short: "The Kubernetes package manager. This is istio-workshop's small built-in one.",
  usage: 'helm [command]',
  flags: [],
  subcommands: [
    env,
    get,
    history,
    installCommand,
    list,
    repo,
    rollbackCommand,
    search,
    show,
    status,
    template,
    uninstall,
    upgradeCommand,
    version,
  ],
};

function select(args: readonly string[]): {command: Command; path: string; args: string[]; unknown?: string} {
  const valued = new Set(
    globalFlags
      .filter(flag => flag.type !== 'bool')
      .flatMap(flag => [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])]),
  );
  let command = root;
  let path = 'helm';
  let rest = [...args];
  while (command.subcommands) {
    let at = 0;
    while (at < rest.length && (rest[at] as string).startsWith('-'))
      at += valued.has(rest[at] as string) ? 2 : 1;
    const typed = rest[at];
    if (typed === undefined) break;
    const next = command.subcommands.find(sub => sub.name === typed || sub.aliases?.includes(typed));
    if (!next) return {command, path, args: rest, unknown: typed};
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)];
    command = next;
    path = `${path} ${next.name}`;
  }
  return {command, path, args: rest};
}

function checkArguments(command: Command, path: string, args: readonly string[]): void {
  const {least, most} = command.args ?? {least: 0, most: Number.POSITIVE_INFINITY};
  if (args.length >= least && args.length <= most) return;
  const plural = (count: number) => `${count} argument${count === 1 ? '' : 's'}`;
  const wanted =
    most === 0
      ? `"${path}" accepts no arguments`
      : least === most
        ? `"${path}" requires ${plural(least)}`
        : `"${path}" requires at least ${plural(least)}`;
  throw new ToolError(`${wanted}\n\nUsage:  ${command.usage}`);
}

/** Helm's words for a cluster that can't be reached. */
function unreachable(error: ConnectionError): string {
  const why =
    error.system === 'ECONNREFUSED'
      ? `dial tcp ${error.host}: connect: connection refused`
      : error.message.replace(/^.*UNREACHABLE: /, '');
  return `Kubernetes cluster unreachable: Get "https://${error.host}/version": ${why}`;
}

/** Runs one helm command line. @returns the exit code; never throws. */
export async function runHelm(io: ToolIo, platform: NodeJS.Platform): Promise<number> {
  const {command, path, args, unknown} = select(io.args);
  if (unknown !== undefined) {
    const near = suggestions(
      unknown,
      (command.subcommands ?? []).map(sub => sub.name),
    );
    const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.map(name => `\t${name}\n`).join('')}` : '';
    io.err(
      `Error: unknown command "${unknown}" for "${path}"${hint}\nRun '${path} --help' for usage.\n${builtInNote}`,
    );
    return 1;
  }
  let session: Session | undefined;
  try {
    const flags = parseFlags(args, [...command.flags, ...globalFlags]);
    if (flags.bool('help') || !command.run) {
      io.out(helpText(command));
      return 0;
    }
    checkArguments(command, path, flags.positionals);
    session = new Session({
      io,
      userAgent: `Helm/${helmVersion} (istio-workshop built-in)`,
      kubeconfig: flags.optional('kubeconfig'),
      overrides: {
        namespace: flags.optional('namespace') ?? io.env['HELM_NAMESPACE'],
        context: flags.optional('kube-context') ?? io.env['HELM_KUBECONTEXT'],
        server: flags.optional('kube-apiserver') ?? io.env['HELM_KUBEAPISERVER'],
        token: flags.optional('kube-token') ?? io.env['HELM_KUBETOKEN'],
        ...(flags.bool('kube-insecure-skip-tls-verify') ? {insecure: true} : {}),
      },
    });
    await command.run({
      io,
      session,
      paths: helmPaths(io.env, platform),
      flags,
      args: flags.positionals,
      path,
    });
    return 0;
  } catch (error) {
    const text =
      error instanceof ConnectionError
        ? (/^[A-Z ]+FAILED: /.exec(error.message)?.[0] ?? '') + unreachable(error)
        : (error as Error).message;
    io.err(terminalText(`Error: ${text.replace(/^error: /, '')}\n`));
    if (error instanceof FlagError && /^unknown/.test(error.message)) io.err(builtInNote);
    return 1;
  } finally {
    await session?.close();
  }
}
