import {pathOf, qualified} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import type {RestClient} from '../shared/rest.ts';
import type {Command, Invocation} from './command.ts';
import {throwAll} from './errors.ts';
import {selectorText} from './pods.ts';
import {fileFlags, findTargets, selectorFlag, shown, type Target} from './selection.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

async function targetsOf(invocation: Invocation): Promise<Target[]> {
  const {flags, args} = invocation;
  if (args.length === 0 && !flags.has('filename'))
    throw new ToolError('error: required resource not specified');
  const {targets, errors} = await findTargets(invocation, args, {allowAll: true});
  throwAll(errors);
  if (targets.length === 0) throw new ToolError('error: no resources found');
  return targets;
}

interface RolloutState {
  text: string;
  done: boolean;
}

/** Where a rollout is: its line, and whether it is over. @throws ToolError when it has failed, or can't be told. */
export function rolloutState(kind: string, object: any): RolloutState {
  const {metadata, status = {}} = object;
  if (kind !== 'Deployment') requireRolling(object);
  if ((status.observedGeneration ?? 0) < metadata.generation) {
    const what = kind === 'Deployment' ? 'deployment' : kind === 'DaemonSet' ? 'daemon set' : 'statefulset';
    return {text: `Waiting for ${what} spec update to be observed...\n`, done: false};
  }
  switch (kind) {
    case 'DaemonSet':
      return daemonSetState(object);
    case 'StatefulSet':
      return statefulSetState(object);
    default:
      return deploymentState(object);
  }
}

function requireRolling({spec}: any): void {
  if (spec.updateStrategy?.type === 'RollingUpdate') return;
  throw new ToolError('error: rollout status is only available for RollingUpdate strategy type');
}

function daemonSetState({metadata: {name}, status}: any): RolloutState {
  const {desiredNumberScheduled: desired = 0, updatedNumberScheduled = 0, numberAvailable = 0} = status;
  const waiting = `Waiting for daemon set "${name}" rollout to finish: `;
  if (updatedNumberScheduled < desired)
    return {
      text: `${waiting}${updatedNumberScheduled} out of ${desired} new pods have been updated...\n`,
      done: false,
    };
  if (numberAvailable < desired)
    return {text: `${waiting}${numberAvailable} of ${desired} updated pods are available...\n`, done: false};
  return {text: `daemon set "${name}" successfully rolled out\n`, done: true};
}

/** Which words it has in the end depends on whether the strategy has settings, as the API server's defaults give. */
function statefulSetState({spec, status}: any): RolloutState {
  const {readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0} = status;
  const {currentRevision = '', updateRevision = ''} = status;
  const {rollingUpdate} = spec.updateStrategy;
  if (readyReplicas < spec.replicas)
    return {text: `Waiting for ${spec.replicas - readyReplicas} pods to be ready...\n`, done: false};
  if (rollingUpdate) {
    const wanted = spec.replicas - (rollingUpdate.partition ?? 0);
    if (updatedReplicas < wanted)
      return {
        text: `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted} new pods have been updated...\n`,
        done: false,
      };
    return {
      text: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...\n`,
      done: true,
    };
  }
  if (updateRevision !== currentRevision)
    return {
      text: `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...\n`,
      done: false,
    };
  return {
    text: `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...\n`,
    done: true,
  };
}

function deploymentState({metadata: {name}, spec, status}: any): RolloutState {
  const progressing = status.conditions?.find((condition: any) => condition.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    throw new ToolError(`error: deployment "${name}" exceeded its progress deadline`);
  const {replicas = 0, updatedReplicas = 0, availableReplicas = 0} = status;
  const waiting = `Waiting for deployment "${name}" rollout to finish: `;
  if (updatedReplicas < spec.replicas)
    return {
      text: `${waiting}${updatedReplicas} out of ${spec.replicas} new replicas have been updated...\n`,
      done: false,
    };
  if (replicas > updatedReplicas)
    return {
      text: `${waiting}${replicas - updatedReplicas} old replicas are pending termination...\n`,
      done: false,
    };
  if (availableReplicas < updatedReplicas)
    return {
      text: `${waiting}${availableReplicas} of ${updatedReplicas} updated replicas are available...\n`,
      done: false,
    };
  return {text: `deployment "${name}" successfully rolled out\n`, done: true};
}

const statusCommand: Command = {
  name: 'status',
  short: 'Show the status of the rollout',
  usage: 'kubectl rollout status (TYPE NAME | TYPE/NAME) [flags] [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    {
      name: 'timeout',
      type: 'duration',
      default: '0',
      usage: 'The length of time to wait before ending watch, zero means never.',
    },
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      default: 'true',
      usage: "Watch the status of the rollout until it's done.",
    },
    {
      name: 'revision',
      type: 'int',
      default: '0',
      usage: 'Pin to a specific revision for showing its status.',
    },
  ],
  async run(invocation) {
    const {io, session, flags} = invocation;
    const client = await session.client();
    const stop = new AbortController();
    const limit = flags.duration('timeout');
    const timer = limit > 0 ? setTimeout(() => stop.abort(), limit) : undefined;
    const signal = AbortSignal.any([io.signal, stop.signal]);
    try {
      for (const target of await targetsOf(invocation)) {
        if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(target.type.kind))
          throw new ToolError(`error: no status viewer has been implemented for ${target.type.kind}`);
        await follow(invocation, client, target, signal);
        if (stop.signal.aborted) throw new ToolError('error: timed out waiting for the condition');
      }
    } finally {
      clearTimeout(timer);
    }
  },
};

async function follow(
  invocation: Invocation,
  client: RestClient,
  target: Target,
  signal: AbortSignal,
): Promise<void> {
  const {io, flags} = invocation;
  const path = pathOf(target.type, {namespace: target.namespace});
  const fieldSelector = `metadata.name=${target.name}`;
  let last = '';
  const look = (object: any): boolean => {
    const {text, done} = rolloutState(target.type.kind, object);
    if (text !== last) io.out(text);
    last = text;
    return done || !flags.bool('watch');
  };
  while (!signal.aborted) {
    const list = await client.json({path, query: {fieldSelector}});
    if (!list.items[0])
      throw new ToolError(
        `Error from server (NotFound): ${qualified(target.type)} "${target.name}" not found`,
      );
    if (look(list.items[0])) return;
    const query = {fieldSelector, resourceVersion: list.metadata.resourceVersion, watch: true};
    for await (const event of client.watch({path, query, signal})) {
      if (event.type === 'DELETED') throw new ToolError('error: object has been deleted');
      if (event.type === 'ERROR') break;
      if (event.type !== 'BOOKMARK' && look(event.object)) return;
    }
  }
}

const restart: Command = {
  name: 'restart',
  short: 'Restart a resource',
  usage: 'kubectl rollout restart RESOURCE [options]',
  flags: [...fileFlags, selectorFlag],
  async run(invocation) {
    const {io, session} = invocation;
    const client = await session.client();
    const errors: unknown[] = [];
    for (const target of await targetsOf(invocation)) {
      if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(target.type.kind)) {
        errors.push(
          new ToolError(`error: ${qualified(target.type)} "${target.name}" restarting is not supported`),
        );
        continue;
      }
      if (target.object.spec.paused) {
        errors.push(
          new ToolError(
            `error: ${qualified(target.type)} "${target.name}" can't restart paused deployment (run rollout resume first)`,
          ),
        );
        continue;
      }
      const stamp = `${new Date(io.now()).toISOString().slice(0, 19)}Z`;
      await client.json({
        method: 'PATCH',
        path: pathOf(target.type, target),
        query: {fieldManager: 'kubectl-rollout'},
        contentType: 'application/strategic-merge-patch+json',
        body: {spec: {template: {metadata: {annotations: {'kubectl.kubernetes.io/restartedAt': stamp}}}}},
      });
      io.out(`${shown(target.type, target.name)} restarted\n`);
    }
    throwAll(errors);
  },
};

async function replicaSets(client: RestClient, deployment: any): Promise<any[]> {
  const list = await client.json({
    path: `/apis/apps/v1/namespaces/${deployment.metadata.namespace}/replicasets`,
    query: {labelSelector: selectorText(deployment.spec.selector)},
  });
  const revision = (set: any) => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
  return list.items
    .filter((set: any) =>
      set.metadata.ownerReferences?.some((owner: any) => owner.uid === deployment.metadata.uid),
    )
    .sort((left: any, right: any) => revision(left) - revision(right));
}

function deploymentOnly(target: Target, what: string): void {
  if (target.type.kind !== 'Deployment')
    throw new ToolError(`error: istio-workshop's small built-in kubectl knows ${what} of deployments only`);
}

const history: Command = {
  name: 'history',
  short: 'View rollout history',
  usage: 'kubectl rollout history (TYPE NAME | TYPE/NAME) [flags] [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    {
      name: 'revision',
      type: 'int',
      default: '0',
      usage: 'See the details, including podTemplate of the revision specified',
    },
  ],
  async run(invocation) {
    const {io, session, flags} = invocation;
    const client = await session.client();
    for (const target of await targetsOf(invocation)) {
      deploymentOnly(target, 'the history');
      const sets = await replicaSets(client, target.object);
      const asked = flags.int('revision');
      if (asked > 0) {
        const set = sets.find(
          candidate => candidate.metadata.annotations?.[revisionAnnotation] === String(asked),
        );
        if (!set) throw new ToolError(`error: unable to find the specified revision`);
        const {podTemplateText} = await import('./describe/pod-template.ts');
        io.out(
          `${shown(target.type, target.name)} with revision #${asked}\nPod Template:\n${podTemplateText(set.spec.template, '  ')}\n\n`,
        );
        continue;
      }
      const {alignColumns} = await import('../shared/columns.ts');
      const rows = sets.map(set => [
        set.metadata.annotations?.[revisionAnnotation] ?? '',
        set.metadata.annotations?.['kubernetes.io/change-cause'] ?? '<none>',
      ]);
      io.out(
        `${shown(target.type, target.name)} \n${alignColumns([['REVISION', 'CHANGE-CAUSE'], ...rows], {padding: 2})}\n`,
      );
    }
  },
};

const undo: Command = {
  name: 'undo',
  short: 'Undo a previous rollout',
  usage: 'kubectl rollout undo (TYPE NAME | TYPE/NAME) [flags] [options]',
  flags: [
    ...fileFlags,
    selectorFlag,
    {
      name: 'to-revision',
      type: 'int',
      default: '0',
      usage: 'The revision to rollback to. Default to 0 (last revision).',
    },
  ],
  async run(invocation) {
    const {io, session, flags} = invocation;
    const client = await session.client();
    for (const target of await targetsOf(invocation)) {
      deploymentOnly(target, 'undo');
      const sets = await replicaSets(client, target.object);
      const asked = flags.int('to-revision');
      const set =
        asked > 0
          ? sets.find(candidate => candidate.metadata.annotations?.[revisionAnnotation] === String(asked))
          : sets.at(-2);
      if (!set) {
        throw new ToolError(
          asked > 0
            ? `error: unable to find specified revision ${asked} in history`
            : `error: no rollout history found for deployment "${target.name}"`,
        );
      }
      const {'pod-template-hash': _, ...labels} = set.spec.template.metadata?.labels ?? {};
      await client.json({
        method: 'PATCH',
        path: pathOf(target.type, target),
        contentType: 'application/json-patch+json',
        body: [
          {
            op: 'replace',
            path: '/spec/template',
            value: {...set.spec.template, metadata: {...set.spec.template.metadata, labels}},
          },
        ],
      });
      io.out(`${shown(target.type, target.name)} rolled back\n`);
    }
  },
};

function pausing(name: 'pause' | 'resume'): Command {
  return {
    name,
    short: name === 'pause' ? 'Mark the provided resource as paused' : 'Resume a paused resource',
    usage: `kubectl rollout ${name} RESOURCE [options]`,
    flags: [...fileFlags, selectorFlag],
    async run(invocation) {
      const {io, session} = invocation;
      const client = await session.client();
      for (const target of await targetsOf(invocation)) {
        deploymentOnly(target, name);
        const paused = target.object.spec.paused === true;
        if (paused === (name === 'pause'))
          throw new ToolError(
            `error: ${qualified(target.type)} "${target.name}" is ${name === 'pause' ? 'already paused' : 'not paused'}`,
          );
        await client.json({
          method: 'PATCH',
          path: pathOf(target.type, target),
          query: {fieldManager: 'kubectl-rollout'},
          contentType: 'application/strategic-merge-patch+json',
          body: {spec: {paused: name === 'pause' ? true : null}},
        });
        io.out(`${shown(target.type, target.name)} ${name}d\n`);
      }
    },
  };
}

export const rollout: Command = {
  name: 'rollout',
  short: 'Manage the rollout of one or many resources.',
  usage: 'kubectl rollout SUBCOMMAND [options]',
  flags: [],
  subcommands: [history, pausing('pause'), restart, pausing('resume'), statusCommand, undo],
};
