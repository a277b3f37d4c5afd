import {readdir, readFile, stat} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import {type ApiResource, pathOf} from '../shared/discovery.ts';
import type {FlagSpec} from '../shared/flags.ts';
import {ToolError} from '../shared/io.ts';
import {StatusError} from '../shared/rest.ts';
import type {Command, Invocation} from './command.ts';
import {dryRunFlag, dryRunOf, dryRunSuffix, validateFlag, writeQuery} from './dry-run.ts';
import {asOne, SourcedError, throwAll, UnreadError} from './errors.ts';
import {outputFlag, printResult} from './output.ts';
import {fileFlags, readManifests, selectorFlag, targetOf} from './selection.ts';

type Kind = Pick<ApiResource, 'group' | 'version' | 'resource' | 'singular' | 'kind' | 'namespaced'>;

/** Kinds that `create NAME` makes; they are what they are on every server, so nothing is asked. */
const kinds = {
  namespace: {
    group: '',
    version: 'v1',
    resource: 'namespaces',
    singular: 'namespace',
    kind: 'Namespace',
    namespaced: false,
  },
  configmap: {
    group: '',
    version: 'v1',
    resource: 'configmaps',
    singular: 'configmap',
    kind: 'ConfigMap',
    namespaced: true,
  },
  secret: {
    group: '',
    version: 'v1',
    resource: 'secrets',
    singular: 'secret',
    kind: 'Secret',
    namespaced: true,
  },
  serviceaccount: {
    group: '',
    version: 'v1',
    resource: 'serviceaccounts',
    singular: 'serviceaccount',
    kind: 'ServiceAccount',
    namespaced: true,
  },
  service: {
    group: '',
    version: 'v1',
    resource: 'services',
    singular: 'service',
    kind: 'Service',
    namespaced: true,
  },
  deployment: {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    singular: 'deployment',
    kind: 'Deployment',
    namespaced: true,
  },
} satisfies Record<string, Kind>;

const writeFlags: readonly FlagSpec[] = [
  dryRunFlag,
  outputFlag,
  validateFlag,
  {
    name: 'save-config',
    type: 'bool',
    usage: 'If true, the configuration of current object will be saved in its annotation.',
  },
  {
    name: 'field-manager',
    type: 'string',
    default: 'kubectl-create',
    usage: 'Name of the manager used to track field ownership.',
  },
];

async function createOne(invocation: Invocation, kind: Kind, object: any, failure: string): Promise<void> {
  const {io, session, flags} = invocation;
  const dryRun = dryRunOf(flags);
  const type: ApiResource = {shortNames: [], categories: [], verbs: [], subresources: [], ...kind};
  const complete = {
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    ...object,
  };
  let namespace: string | undefined;
  if (kind.namespaced) {
    namespace = await session.namespace();
    // As the real one: the namespace is in the object only where it was asked for.
    if (flags.has('namespace') || dryRun !== 'client') complete.metadata = {...complete.metadata, namespace};
  }
  if (dryRun === 'client') complete.metadata = {creationTimestamp: null, ...complete.metadata};
  let stored = complete;
  if (dryRun !== 'client') {
    const client = await session.client();
    stored = await client
      .json({
        method: 'POST',
        path: pathOf(type, {namespace}),
        query: writeQuery(dryRun, flags.string('field-manager'), flags.string('validate')),
        body: complete,
      })
      .catch(error => {
        if (failure === '' || !(error instanceof StatusError)) throw error;
        throw new ToolError(`error: ${failure}${error.message}`);
      });
  }
  printResult({
    io,
    output: flags.string('output'),
    type,
    object: stored,
    done: `created${dryRunSuffix(dryRun)}`,
  });
}

function exactName(invocation: Invocation): string {
  if (invocation.args.length !== 1) {
    throw new ToolError(
      `error: exactly one NAME is required, got ${invocation.args.length}\nSee '${invocation.path} -h' for help and examples`,
    );
  }
  return invocation.args[0] as string;
}

async function literals(invocation: Invocation): Promise<Map<string, Buffer>> {
  const {io, flags} = invocation;
  const data = new Map<string, Buffer>();
  const add = (key: string, value: Buffer) => {
    if (data.has(key))
      throw new ToolError(`error: cannot add key "${key}", another key by that name already exists`);
    data.set(key, value);
  };
  for (const source of flags.list('from-literal')) {
    const cut = source.indexOf('=');
    if (cut <= 0) throw new ToolError(`error: invalid literal source ${source}, expected key=value`);
    add(source.slice(0, cut), Buffer.from(source.slice(cut + 1).replace(/^(['"])(.*)\1$/s, '$2')));
  }
  for (const source of flags.list('from-file')) {
    const cut = source.indexOf('=');
    const path = resolve(io.cwd, cut < 0 ? source : source.slice(cut + 1));
    const found = await stat(path).catch(() => undefined);
    if (!found)
      throw new ToolError(`error: error reading ${source.slice(cut + 1)}: no such file or directory`);
    if (!found.isDirectory()) add(cut < 0 ? basename(path) : source.slice(0, cut), await readFile(path));
    else
      for (const entry of await readdir(path, {withFileTypes: true}))
        if (entry.isFile()) add(entry.name, await readFile(join(path, entry.name)));
  }
  for (const source of flags.list('from-env-file')) {
    for (const line of (await readFile(resolve(io.cwd, source), 'utf8')).split('\n')) {
      const match = /^\s*([A-Za-z_][\w.-]*)=(.*)$/.exec(line);
      if (match) add(match[1] ?? '', Buffer.from(match[2] ?? ''));
    }
  }
  return data;
}

const dataFlags: readonly FlagSpec[] = [
  {
    name: 'from-literal',
    type: 'list',
    usage: 'Specify a key and literal value to insert (i.e. mykey=somevalue)',
  },
  {name: 'from-file', type: 'list', usage: 'Key files can be specified using their file path or a key=path.'},
  {name: 'from-env-file', type: 'list', usage: 'Specify the path to a file to read lines of key=val pairs.'},
];

const namespaceCommand: Command = {
  name: 'namespace',
  aliases: ['ns'],
  short: 'Create a namespace with the specified name.',
  usage: 'kubectl create namespace NAME [--dry-run=server|client|none] [options]',
  flags: writeFlags,
  async run(invocation) {
    const name = exactName(invocation);
    await createOne(invocation, kinds.namespace, {metadata: {name}, spec: {}, status: {}}, '');
  },
};

const configmap: Command = {
  name: 'configmap',
  aliases: ['cm'],
  short: 'Create a config map based on a file, directory, or specified literal value.',
  usage:
    'kubectl create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]',
  flags: [...writeFlags, ...dataFlags],
  async run(invocation) {
    const name = exactName(invocation);
    const data = await literals(invocation);
    const text: Record<string, string> = {};
    const binary: Record<string, string> = {};
    for (const [key, value] of data) {
      if (value.equals(Buffer.from(value.toString('utf8')))) text[key] = value.toString('utf8');
      else binary[key] = value.toString('base64');
    }
    const object = {
      metadata: {name},
      ...(Object.keys(text).length > 0 ? {data: text} : {}),
      ...(Object.keys(binary).length > 0 ? {binaryData: binary} : {}),
    };
    await createOne(invocation, kinds.configmap, object, 'failed to create configmap: ');
  },
};

function secretData(data: Map<string, Buffer>): any {
  return data.size === 0
    ? {}
    : {data: Object.fromEntries([...data].map(([key, value]) => [key, value.toString('base64')]))};
}

const secret: Command = {
  name: 'secret',
  short: 'Create a secret with specified type.',
  usage: 'kubectl create secret (docker-registry | generic | tls) [options]',
  flags: [],
  subcommands: [
    {
      name: 'generic',
      short: 'Create a secret from a local file, directory, or literal value',
      usage:
        'kubectl create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [options]',
      flags: [
        ...writeFlags,
        ...dataFlags,
        {name: 'type', type: 'string', usage: 'The type of secret to create'},
      ],
      async run(invocation) {
        const name = exactName(invocation);
        const type = invocation.flags.string('type');
        const object = {metadata: {name}, ...(type ? {type} : {}), ...secretData(await literals(invocation))};
        await createOne(invocation, kinds.secret, object, 'failed to create secret ');
      },
    },
    {
      name: 'tls',
      short: 'Create a TLS secret',
      usage: 'kubectl create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [options]',
      flags: [
        ...writeFlags,
        {name: 'cert', type: 'string', usage: 'Path to PEM encoded public key certificate.'},
        {name: 'key', type: 'string', usage: 'Path to private key associated with given certificate.'},
      ],
      async run(invocation) {
        const name = exactName(invocation);
        const {io, flags} = invocation;
        const read = (path: string) =>
          readFile(resolve(io.cwd, path)).catch(() => {
            throw new ToolError(`error: failed to load key pair open ${path}: no such file or directory`);
          });
        const data = new Map([
          ['tls.crt', await read(flags.string('cert'))],
          ['tls.key', await read(flags.string('key'))],
        ]);
        await createOne(
          invocation,
          kinds.secret,
          {metadata: {name}, type: 'kubernetes.io/tls', ...secretData(data)},
          'failed to create secret ',
        );
      },
    },
  ],
};

const serviceaccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  short: 'Create a service account with the specified name.',
  usage: 'kubectl create serviceaccount NAME [--dry-run=server|client|none] [options]',
  flags: writeFlags,
  async run(invocation) {
    await createOne(
      invocation,
      kinds.serviceaccount,
      {metadata: {name: exactName(invocation)}},
      'failed to create serviceaccount: ',
    );
  },
};

const deployment: Command = {
  name: 'deployment',
  aliases: ['deploy'],
  short: 'Create a deployment with the specified name.',
  usage: 'kubectl create deployment NAME --image=image -- [COMMAND] [args...] [options]',
  flags: [
    ...writeFlags,
    {
      name: 'image',
      type: 'list',
      usage: 'Image names to run. A deployment can have multiple images set for multi-container pod.',
    },
    {
      name: 'replicas',
      short: 'r',
      type: 'int',
      default: '1',
      usage: 'Number of replicas to create. Default is 1.',
    },
    {name: 'port', type: 'int', default: '-1', usage: 'The containerPort that this deployment exposes.'},
  ],
  async run(invocation) {
    const {flags} = invocation;
    const name = exactName(invocation);
    const images = flags.list('image').flatMap(list => list.split(','));
    if (images.length === 0) throw new ToolError('error: required flag(s) "image" not set');
    const command = flags.afterDash ?? [];
    const port = flags.int('port');
    const containers = images.map(image => ({
      name: (image.split('/').at(-1)?.split(/[:@]/)[0] ?? '').toLowerCase().replace(/[^a-z0-9-]/g, '-'),
      image,
      ...(command.length > 0 ? {command} : {}),
      ...(port >= 0 ? {ports: [{containerPort: port}]} : {}),
      resources: {},
    }));
    const labels = {app: name};
    const object = {
      metadata: {name, labels},
      spec: {
        replicas: flags.int('replicas'),
        selector: {matchLabels: labels},
        strategy: {},
        template: {metadata: {creationTimestamp: null, labels}, spec: {containers}},
      },
      status: {},
    };
    await createOne(invocation, kinds.deployment, object, 'failed to create deployment: ');
  },
};

const token: Command = {
  name: 'token',
  short: 'Request a service account token.',
  usage: 'kubectl create token SERVICE_ACCOUNT_NAME [options]',
  flags: [
    {name: 'duration', type: 'duration', usage: 'Requested lifetime of the issued token.'},
    {name: 'audience', type: 'list', usage: 'Audience of the requested token.'},
  ],
  async run(invocation) {
    const {io, session, flags} = invocation;
    const name = exactName(invocation);
    const client = await session.client();
    const spec = {
      audiences: flags.list('audience'),
      ...(flags.has('duration') ? {expirationSeconds: flags.duration('duration') / 1000} : {}),
    };
    const answer = await client
      .json({
        method: 'POST',
        path: pathOf(kinds.serviceaccount, {
          namespace: await session.namespace(),
          name,
          subresource: 'token',
        }),
        body: {apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec},
      })
      .catch(error => {
        if (!(error instanceof StatusError)) throw error;
        throw new ToolError(`error: failed to create token: ${error.message}`);
      });
    io.out(`${answer.status.token}\n`);
  },
};

export const create: Command = {
  name: 'create',
  short: 'Create a resource from a file or from stdin.',
  usage: 'kubectl create -f FILENAME [options]',
  examples:
    '  # Create a namespace\n  kubectl create namespace bookinfo\n\n  # Create what a file describes\n  kubectl create -f ./pod.json',
  flags: [...writeFlags, ...fileFlags, selectorFlag],
  subcommands: [configmap, deployment, namespaceCommand, secret, serviceaccount, token],
  async run(invocation) {
    const {io, session, flags} = invocation;
    if (invocation.args.length > 0)
      throw new ToolError(
        `error: Unexpected args: [${invocation.args.join(' ')}]\nSee 'kubectl create -h' for help and examples`,
      );
    if (!flags.has('filename') && !flags.has('kustomize')) {
      throw new ToolError('error: must specify one of -f and -k');
    }
    const dryRun = dryRunOf(flags);
    const unread: unknown[] = [];
    const errors: unknown[] = [];
    for (const manifest of await readManifests(invocation)) {
      try {
        const target = await targetOf(invocation, manifest);
        const client = await session.client();
        const stored =
          dryRun === 'client'
            ? manifest.object
            : await client.json({
                method: 'POST',
                path: pathOf(target.type, {namespace: target.namespace}),
                query: writeQuery(dryRun, flags.string('field-manager'), flags.string('validate')),
                body: manifest.object,
              });
        printResult({
          io,
          output: flags.string('output'),
          type: target.type,
          object: stored,
          done: `created${dryRunSuffix(dryRun)}`,
        });
      } catch (error) {
        if (error instanceof StatusError)
          errors.push(new SourcedError(`error when creating "${manifest.file}"`, error));
        else if (error instanceof UnreadError) unread.push(error);
        else throw error;
      }
    }
    throwAll(errors.length === 0 ? unread : [...errors, ...asOne(unread)]);
  },
};
