import {pathOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import type {Command} from './command.ts';
import {dryRunFlag, dryRunOf, dryRunSuffix, writeQuery} from './dry-run.ts';
import {throwAll} from './errors.ts';
import {outputFlag, printResult} from './output.ts';
import {fileFlags, findTargets, selectorFlag} from './selection.ts';

const plain = {shortNames: [], categories: [], verbs: [], subresources: []};
const serviceType = {
  group: '',
  version: 'v1',
  resource: 'services',
  singular: 'service',
  kind: 'Service',
  namespaced: true,
  ...plain,
};
const podType = {
  group: '',
  version: 'v1',
  resource: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  ...plain,
};

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map(pair => {
      const cut = pair.indexOf('=');
      if (cut <= 0) throw new ToolError(`error: unexpected label spec: ${pair}`);
      return [pair.slice(0, cut), pair.slice(cut + 1)];
    }),
  );
}

function portsOf(object: any): {port: number; protocol: string}[] {
  if (object.kind === 'Service')
    return object.spec.ports.map((entry: any) => ({port: entry.port, protocol: entry.protocol ?? 'TCP'}));
  const spec = object.kind === 'Pod' ? object.spec : object.spec?.template?.spec;
  return (spec?.containers ?? []).flatMap((container: any) =>
    (container.ports ?? []).map((entry: any) => ({
      port: entry.containerPort,
      protocol: entry.protocol ?? 'TCP',
    })),
  );
}

function selectorOf(object: any): Record<string, string> {
  if (object.kind === 'Pod') return object.metadata.labels ?? {};
  if (object.kind === 'Service') return object.spec.selector ?? {};
  return object.spec?.selector?.matchLabels ?? {};
}

export const expose: Command = {
  name: 'expose',
  short: 'Expose a resource as a new Kubernetes service.',
  usage:
    'kubectl expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type] [options]',
  flags: [
    ...fileFlags,
    outputFlag,
    dryRunFlag,
    selectorFlag,
    {name: 'port', type: 'string', usage: 'The port that the service should serve on.'},
    {
      name: 'target-port',
      type: 'string',
      usage: 'Name or number for the port on the container that the service should direct traffic to.',
    },
    {name: 'protocol', type: 'string', usage: 'The network protocol for the service to be created.'},
    {name: 'name', type: 'string', usage: 'The name for the newly created object.'},
    {
      name: 'type',
      type: 'string',
      usage: 'Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName.',
    },
    {name: 'labels', type: 'string', usage: 'Labels to apply to the service created by this call.'},
    {name: 'cluster-ip', type: 'string', usage: 'ClusterIP to be assigned to the service.'},
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const {targets, errors} = await findTargets(
      {
        ...invocation,
        flags: {
          ...flags,
          has: name => name !== 'selector' && flags.has(name),
          optional: name => (name === 'selector' ? undefined : flags.optional(name)),
        },
      },
      args,
    );
    throwAll(errors);
    const dryRun = dryRunOf(flags);
    const client = await session.client();
    for (const {type, name, object} of targets) {
      const source = {...object, kind: type.kind};
      if (!['Pod', 'Service', 'Deployment', 'ReplicaSet', 'ReplicationController'].includes(type.kind))
        throw new ToolError(`error: cannot expose a ${type.kind}`);
      const given = flags.string('port');
      const known = portsOf(source);
      if (given === '' && known.length === 0)
        throw new ToolError(
          "error: couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples",
        );
      const selector = flags.has('selector') ? labelsOf(flags.string('selector')) : selectorOf(source);
      if (Object.keys(selector).length === 0)
        throw new ToolError(
          "error: couldn't retrieve selectors via --selector flag or introspection: the object has no labels and cannot be exposed",
        );
      const wanted =
        given === ''
          ? known
          : given.split(',').map(port => ({port: Number(port), protocol: flags.string('protocol') || 'TCP'}));
      const target = flags.string('target-port');
      const ports = wanted.map((entry, index) => ({
        ...(wanted.length > 1 ? {name: `port-${index + 1}`} : {}),
        port: entry.port,
        protocol: entry.protocol,
        targetPort: target === '' ? entry.port : /^\d+$/.test(target) ? Number(target) : target,
      }));
      const namespace = object.metadata.namespace;
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: flags.string('name') || name,
          namespace,
          ...(flags.has('labels')
            ? {labels: labelsOf(flags.string('labels'))}
            : object.metadata.labels
              ? {labels: object.metadata.labels}
              : {}),
        },
        spec: {
          ports,
          selector,
          ...(flags.has('type') ? {type: flags.string('type')} : {}),
          ...(flags.has('cluster-ip') ? {clusterIP: flags.string('cluster-ip')} : {}),
        },
        status: {loadBalancer: {}},
      };
      const stored =
        dryRun === 'client'
          ? {...service, metadata: {creationTimestamp: null, ...service.metadata}}
          : await client.json({
              method: 'POST',
              path: pathOf(serviceType, {namespace}),
              query: writeQuery(dryRun, 'kubectl-expose'),
              body: service,
            });
      printResult({
        io,
        output: flags.string('output'),
        type: serviceType,
        object: stored,
        done: `exposed${dryRunSuffix(dryRun)}`,
      });
    }
  },
};

export const run: Command = {
  name: 'run',
  short: 'Create and run a particular image in a pod.',
  usage:
    'kubectl run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...] [options]',
  flags: [
    outputFlag,
    dryRunFlag,
    {name: 'image', type: 'string', usage: 'The image for the container to run.'},
    {name: 'image-pull-policy', type: 'string', usage: 'The image pull policy for the container.'},
    {name: 'port', type: 'string', usage: 'The port that this container exposes.'},
    {name: 'env', type: 'list', usage: 'Environment variables to set in the container.'},
    {name: 'labels', short: 'l', type: 'string', usage: 'Comma separated labels to apply to the pod.'},
    {name: 'annotations', type: 'list', usage: 'Annotations to apply to the pod.'},
    {
      name: 'command',
      type: 'bool',
      usage:
        "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
    },
    {
      name: 'restart',
      type: 'string',
      default: 'Always',
      usage: 'The restart policy for this Pod.  Legal values [Always, OnFailure, Never].',
    },
    {name: 'stdin', short: 'i', type: 'bool', usage: 'Not supported by the built-in kubectl.'},
    {name: 'tty', short: 't', type: 'bool', usage: 'Not supported by the built-in kubectl.'},
    {name: 'rm', type: 'bool', usage: 'Not supported by the built-in kubectl.'},
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const [name, ...inline] = args;
    if (name === undefined)
      throw new ToolError("error: NAME is required for run\nSee 'kubectl run -h' for help and examples");
    if (flags.string('image') === '') throw new ToolError('error: required flag(s) "image" not set');
    if (flags.bool('stdin') || flags.bool('tty') || flags.bool('rm')) {
      throw new ToolError(
        "error: run -i, -t and --rm are beyond istio-workshop's small built-in kubectl: start the pod, then use kubectl exec -it",
      );
    }
    const words = [...inline, ...(flags.afterDash ?? [])];
    const container = {
      ...(words.length > 0 ? {[flags.bool('command') ? 'command' : 'args']: words} : {}),
      ...(flags.list('env').length > 0
        ? {
            env: flags.list('env').map(pair => {
              const cut = pair.indexOf('=');
              if (cut <= 0) throw new ToolError(`error: invalid env: ${pair}`);
              return {name: pair.slice(0, cut), value: pair.slice(cut + 1)};
            }),
          }
        : {}),
      image: flags.string('image'),
      ...(flags.has('image-pull-policy') ? {imagePullPolicy: flags.string('image-pull-policy')} : {}),
      name,
      ...(flags.has('port') ? {ports: [{containerPort: Number(flags.string('port'))}]} : {}),
      resources: {},
    };
    const dryRun = dryRunOf(flags);
    const namespace = await session.namespace();
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        labels: flags.has('labels') ? labelsOf(flags.string('labels')) : {run: name},
        ...(flags.list('annotations').length > 0
          ? {annotations: labelsOf(flags.list('annotations').join(','))}
          : {}),
        ...(flags.has('namespace') || dryRun !== 'client' ? {namespace} : {}),
      },
      spec: {containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: flags.string('restart')},
      status: {},
    };
    const stored =
      dryRun === 'client'
        ? {...pod, metadata: {creationTimestamp: null, ...pod.metadata}}
        : await (await session.client()).json({
            method: 'POST',
            path: pathOf(podType, {namespace}),
            query: writeQuery(dryRun, 'kubectl-run'),
            body: pod,
          });
    printResult({
      io,
      output: flags.string('output'),
      type: podType,
      object: stored,
      done: `created${dryRunSuffix(dryRun)}`,
    });
  },
};
