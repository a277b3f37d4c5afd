import {writeFile} from 'node:fs/promises';
import {printJson} from '../../json-print.ts';
import {ToolError} from '../shared/io.ts';
import {
  type KubeconfigFile,
  kubeconfigPaths,
  mergeKubeconfig,
  readKubeconfigFiles,
} from '../shared/kubeconfig.ts';
import {printYaml} from '../shared/yaml-print.ts';
import type {Command, Invocation} from './command.ts';
import {TableWriter} from './table.ts';

async function filesOf({io, flags}: Invocation): Promise<KubeconfigFile[]> {
  return readKubeconfigFiles(kubeconfigPaths(io.env, flags.optional('kubeconfig')), flags.has('kubeconfig'));
}

/** Changes the file that holds the current context, keeping its mode. */
async function change(
  invocation: Invocation,
  edit: (files: KubeconfigFile[]) => KubeconfigFile,
): Promise<void> {
  const files = await filesOf(invocation);
  const file = edit(files);
  await writeFile(file.path, printYaml(file.content), {mode: 0o600});
}

function redacted(config: any): any {
  const copy = structuredClone(config);
  for (const {user} of copy.users ?? []) {
    for (const field of ['client-certificate-data', 'client-key-data'])
      if (user?.[field]) user[field] = 'DATA+OMITTED';
    for (const field of ['token', 'password']) if (user?.[field]) user[field] = 'REDACTED';
  }
  for (const {cluster} of copy.clusters ?? [])
    if (cluster?.['certificate-authority-data']) cluster['certificate-authority-data'] = 'DATA+OMITTED';
  return copy;
}

const view: Command = {
  name: 'view',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  usage: 'kubectl config view [flags] [options]',
  flags: [
    {
      name: 'minify',
      type: 'bool',
      usage: 'Remove all information not used by current-context from the output',
    },
    {name: 'raw', type: 'bool', usage: 'Display raw byte data and sensitive data'},
    {name: 'flatten', type: 'bool', usage: 'Accepted and ignored'},
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'yaml',
      usage: 'Output format. One of: (json, yaml, jsonpath).',
    },
  ],
  async run(invocation) {
    const {io, flags} = invocation;
    const merged = mergeKubeconfig(await filesOf(invocation));
    const current = flags.optional('context') ?? merged['current-context'] ?? '';
    if (flags.bool('minify')) {
      const context = merged.contexts.find(entry => entry.name === current);
      if (!context) throw new ToolError(`error: cannot locate context ${current}`);
      merged.contexts = [context];
      merged.clusters = merged.clusters.filter(entry => entry.name === context['context'].cluster);
      merged.users = merged.users.filter(entry => entry.name === context['context'].user);
    }
    const plain = {apiVersion: 'v1', kind: 'Config', preferences: {}, ...merged, 'current-context': current};
    const shown = flags.bool('raw') ? plain : redacted(plain);
    const output = flags.string('output');
    if (output === 'json') io.out(printJson(shown));
    else if (output.startsWith('jsonpath=')) {
      const {parsePath} = await import('./output.ts');
      io.out(parsePath(output.slice('jsonpath='.length)).execute(shown));
    } else io.out(printYaml(shown));
  },
};

const currentContext: Command = {
  name: 'current-context',
  short: 'Display the current-context',
  usage: 'kubectl config current-context [flags] [options]',
  flags: [],
  async run(invocation) {
    const current = mergeKubeconfig(await filesOf(invocation))['current-context'];
    if (!current) throw new ToolError('error: current-context is not set');
    invocation.io.out(`${current}\n`);
  },
};

const getContexts: Command = {
  name: 'get-contexts',
  short: 'Describe one or many contexts',
  usage: 'kubectl config get-contexts [(-o|--output=)name)] [options]',
  flags: [
    {name: 'output', short: 'o', type: 'string', usage: 'Output format. One of: (name).'},
    {name: 'no-headers', type: 'bool', usage: "don't print headers"},
  ],
  async run(invocation) {
    const {io, flags, args} = invocation;
    const config = mergeKubeconfig(await filesOf(invocation));
    const chosen =
      args.length === 0
        ? [...config.contexts].sort((left, right) => (left.name < right.name ? -1 : 1))
        : config.contexts.filter(({name}) => args.includes(name));
    const missing = args.find(name => !config.contexts.some(entry => entry.name === name));
    if (flags.string('output') === 'name') io.out(chosen.map(({name}) => `${name}\n`).join(''));
    else {
      const rows = chosen.map(({name, context}) => [
        name === config['current-context'] ? '*' : '',
        name,
        context?.cluster ?? '',
        context?.user ?? '',
        context?.namespace ?? '',
      ]);
      io.out(
        new TableWriter().write(
          flags.bool('no-headers')
            ? rows
            : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], ...rows],
        ),
      );
    }
    if (missing !== undefined) throw new ToolError(`error: context ${missing} not found`);
  },
};

const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  short: 'Set the current-context in a kubeconfig file',
  usage: 'kubectl config use-context CONTEXT_NAME [options]',
  flags: [],
  async run(invocation) {
    const [name] = invocation.args;
    if (name === undefined) throw new ToolError('error: accepts 1 arg(s), received 0');
    await change(invocation, files => {
      if (!mergeKubeconfig(files).contexts.some(entry => entry.name === name))
        throw new ToolError(`error: no context exists with the name: ${JSON.stringify(name)}`);
      const file = files.find(({content}) => content['current-context']) ?? files[0];
      if (!file) throw new ToolError(`error: no context exists with the name: ${JSON.stringify(name)}`);
      file.content['current-context'] = name;
      return file;
    });
    invocation.io.out(`Switched to context ${JSON.stringify(name)}.\n`);
  },
};

const setContext: Command = {
  name: 'set-context',
  short: 'Set a context entry in kubeconfig',
  usage:
    'kubectl config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace] [options]',
  flags: [{name: 'current', type: 'bool', usage: 'Modify the current context'}],
  async run(invocation) {
    const {io, flags, args} = invocation;
    let name = args[0] ?? '';
    let created = false;
    await change(invocation, files => {
      const merged = mergeKubeconfig(files);
      if (flags.bool('current')) name = merged['current-context'] ?? '';
      if (name === '')
        throw new ToolError(
          flags.bool('current')
            ? 'error: no current context is set'
            : 'error: you must specify a non-empty context name or --current',
        );
      const file =
        files.find(({content}) => content.contexts?.some((entry: any) => entry.name === name)) ?? files[0];
      if (!file) throw new ToolError('error: there is no kubeconfig file to change');
      let entry = file.content.contexts?.find((candidate: any) => candidate.name === name);
      if (!entry) {
        created = true;
        entry = {name, context: {cluster: '', user: ''}};
        file.content.contexts = [...(file.content.contexts ?? []), entry];
      }
      for (const field of ['cluster', 'user', 'namespace'])
        if (flags.has(field)) entry.context[field] = flags.string(field);
      return file;
    });
    io.out(`Context ${JSON.stringify(name)} ${created ? 'created' : 'modified'}.\n`);
  },
};

export const config: Command = {
  name: 'config',
  short: 'Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".',
  usage: 'kubectl config SUBCOMMAND [options]',
  flags: [],
  subcommands: [currentContext, getContexts, setContext, useContext, view],
};
