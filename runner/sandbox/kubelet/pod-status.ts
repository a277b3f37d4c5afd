import {withCondition} from '../controllers/conditions.ts';
import type {Condition, ContainerStatus, Pod} from '../objects.ts';
import type {PodContainer} from './container.ts';

export interface PodStatusInput {
  pod: Pod;
  init: readonly PodContainer[];
  apps: readonly PodContainer[];
  /** The pod is on the network. */
  sandboxed: boolean;
  podIP: string | undefined;
  hostIP: string;
  /** RFC 3339. */
  now: string;
}

/** The pod's status as its containers make it; conditions keep the times of what did not change. */
export function podStatus(input: PodStatusInput): Pod['status'] {
  const {pod, init, apps, podIP, hostIP, now} = input;
  const initialised = isInitialised(init);
  // With init containers the reason stays, for all of them and for the containers that follow.
  const waiting = init.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const initContainerStatuses = init.map(container => container.status(waiting));
  const containerStatuses = apps.map(container => container.status(waiting));
  const phase = phaseOf(pod, init, apps);
  const {message: _message, reason: _reason, ...kept} = pod.status ?? {};
  return {
    ...kept,
    phase,
    conditions: conditionsOf(input, phase, initialised),
    hostIP,
    hostIPs: [{ip: hostIP}],
    ...(podIP === undefined ? {} : {podIP, podIPs: [{ip: podIP}]}),
    startTime: pod.status?.startTime ?? now,
    ...(init.length > 0 ? {initContainerStatuses} : {}),
    containerStatuses: containerStatuses as ContainerStatus[],
    qosClass: pod.status?.qosClass ?? 'BestEffort',
  };
}

/** An init container has done its part: a plain one succeeded, a sidecar is started. */
export function passed(container: PodContainer): boolean {
  return container.role === 'sidecar' ? container.started : container.ended?.exitCode === 0;
}

/** Once initialised, a sidecar that restarts does not undo it; the plain ones tell. */
export function isInitialised(init: readonly PodContainer[]): boolean {
  return init.every(passed);
}

function phaseOf(pod: Pod, init: readonly PodContainer[], apps: readonly PodContainer[]): string {
  const before = pod.status?.phase ?? 'Pending';
  if (before === 'Succeeded' || before === 'Failed') return before;
  if (init.some(container => container.role === 'init' && (container.ended?.exitCode ?? 0) !== 0))
    return 'Failed';
  if (apps.every(container => container.ended)) {
    return apps.every(container => container.ended?.exitCode === 0) ? 'Succeeded' : 'Failed';
  }
  if (before === 'Running') return 'Running';
  return apps.every(container => wasRunning(container)) ? 'Running' : 'Pending';
}

/** Kubernetes calls a pod Running once every container has run at least once. */
function wasRunning(container: PodContainer): boolean {
  const {state, lastState} = container.status('');
  return !state.waiting || lastState['terminated'] !== undefined;
}

function conditionsOf(input: PodStatusInput, phase: string, initialised: boolean): Condition[] {
  const {pod, init, apps, sandboxed, now} = input;
  const unready = [...init.filter(container => container.role === 'sidecar'), ...apps]
    .filter(container => !container.ready)
    .map(container => container.spec.name);
  const readiness = readinessOf(phase, unready);
  const alreadyInitialised = phase === 'Running' || initialised;
  const incomplete = init.filter(container => !passed(container)).map(container => container.spec.name);
  const wanted: Condition[] = [
    {type: 'PodReadyToStartContainers', status: sandboxed ? 'True' : 'False'},
    alreadyInitialised
      ? {type: 'Initialized', status: 'True', ...(phase === 'Succeeded' ? {reason: 'PodCompleted'} : {})}
      : {
          type: 'Initialized',
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${incomplete.join(' ')}]`,
        },
    {type: 'Ready', ...withGates(pod, readiness)},
    {type: 'ContainersReady', ...readiness},
    {type: 'PodScheduled', status: 'True'},
  ];
  const before = pod.status?.conditions;
  const own = wanted.map(condition => {
    const [set] = withCondition(
      before?.filter(one => one.type === condition.type),
      condition,
      now,
    );
    return {...(set as Condition), lastProbeTime: null};
  });
  const foreign = (before ?? []).filter(one => !wanted.some(condition => condition.type === one.type));
  return [...foreign, ...own];
}

type Readiness = Pick<Condition, 'status' | 'reason' | 'message'>;

function readinessOf(phase: string, unready: string[]): Readiness {
  if (phase === 'Succeeded') return {status: 'False', reason: 'PodCompleted'};
  if (phase === 'Failed') return {status: 'False', reason: 'PodFailed'};
  if (unready.length === 0) return {status: 'True'};
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return {status: 'False', reason: 'ContainersNotReady', message};
}

function withGates(pod: Pod, readiness: Readiness): Readiness {
  const gates: {conditionType: string}[] = pod.spec['readinessGates'] ?? [];
  if (readiness.status !== 'True') return readiness;
  const open = gates.find(
    gate => !pod.status?.conditions?.some(one => one.type === gate.conditionType && one.status === 'True'),
  );
  if (!open) return readiness;
  const message = `corresponding condition of pod readiness gate "${open.conditionType}" does not exist.`;
  return {status: 'False', reason: 'ReadinessGatesNotReady', message};
}
