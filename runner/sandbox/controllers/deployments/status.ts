import {rfc3339} from '../../clock.ts';
import type {Condition, KubeObject} from '../../objects.ts';
import {findCondition, withCondition, withoutCondition} from '../conditions.ts';
import {replicasOf} from './replica-sets.ts';
import {limitsOf} from './strategy.ts';

export interface Counts {
  replicas: number;
  updated: number;
  ready: number;
  available: number;
}

export function countReplicas(sets: readonly KubeObject[], newSet: KubeObject | undefined): Counts {
  const sum = (field: string) => sets.reduce((total, set) => total + (set['status']?.[field] ?? 0), 0);
  return {
    replicas: sum('replicas'),
    updated: newSet?.['status']?.replicas ?? 0,
    ready: sum('readyReplicas'),
    available: sum('availableReplicas'),
  };
}

export function isComplete(deployment: KubeObject, counts: Counts): boolean {
  const wanted = replicasOf(deployment);
  return counts.updated === wanted && counts.replicas === wanted && counts.available === wanted;
}

/** Sets a condition whose `lastUpdateTime` moves when the status or the reason does. */
export function setCondition(conditions: Condition[] | undefined, next: Condition, now: string): Condition[] {
  const before = findCondition(conditions, next.type);
  if (before && before.status === next.status && before.reason === next.reason) {
    if (before.message === next.message) return conditions ?? [];
    return withCondition(conditions, {...next, lastUpdateTime: before.lastUpdateTime ?? now}, now);
  }
  return withCondition(conditions, {...next, lastUpdateTime: now}, now);
}

const available: Condition = {
  type: 'Available',
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
};
const unavailable: Condition = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
};

export interface StatusInput {
  deployment: KubeObject;
  sets: readonly KubeObject[];
  newSet: KubeObject | undefined;
  /** As they are to be judged from: the conditions that the sync itself has set already. */
  conditions: Condition[];
  now: number;
}

/** The status of a Deployment, and in how many milliseconds its progress deadline ends, if it still runs. */
export function deploymentStatus(input: StatusInput): {status: any; deadlineIn: number | undefined} {
  const {deployment, sets, newSet, now} = input;
  const counts = countReplicas(sets, newSet);
  const wanted = replicasOf(deployment);
  const time = rfc3339(now);
  const enough = counts.available >= wanted - limitsOf(deployment).unavailable;
  const progress = progressCondition(input, counts);
  let conditions = input.conditions;
  if (progress.condition) conditions = setCondition(conditions, progress.condition, time);
  if (progress.touch) {
    conditions = conditions.map(one => (one.type === 'Progressing' ? {...one, lastUpdateTime: time} : one));
  }
  conditions = setCondition(conditions, enough ? available : unavailable, time);
  conditions = withReplicaFailure(conditions, newSet, time);
  const status = {
    observedGeneration: deployment.metadata.generation,
    ...(counts.replicas > 0 ? {replicas: counts.replicas} : {}),
    ...(counts.updated > 0 ? {updatedReplicas: counts.updated} : {}),
    ...(counts.ready > 0 ? {readyReplicas: counts.ready} : {}),
    ...(counts.available > 0 ? {availableReplicas: counts.available} : {}),
    ...(wanted > counts.available ? {unavailableReplicas: wanted - counts.available} : {}),
    conditions,
    ...(deployment['status']?.collisionCount ? {collisionCount: deployment['status'].collisionCount} : {}),
  };
  return {status, deadlineIn: progress.deadlineIn};
}

interface Progress {
  condition?: Condition;
  /** Something moved although the condition stays the same: the deadline starts anew. */
  touch?: boolean;
  deadlineIn: number | undefined;
}

function progressCondition({deployment, newSet, conditions, now}: StatusInput, counts: Counts): Progress {
  const deadlineSeconds = deployment['spec'].progressDeadlineSeconds;
  const before = findCondition(conditions, 'Progressing');
  if (deadlineSeconds === undefined || deployment['spec'].paused) return {deadlineIn: undefined};
  // A rollout that is over stays over, whatever becomes of its pods later.
  if (before?.reason === 'NewReplicaSetAvailable' && counts.replicas === counts.updated)
    return {deadlineIn: undefined};
  const name = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, counts)) {
    const message = `${name} has successfully progressed.`;
    const condition: Condition = {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message,
    };
    return {condition, deadlineIn: undefined};
  }
  if (grew(deployment['status'] ?? {}, counts)) {
    const message = `${name} is progressing.`;
    const condition: Condition = {type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message};
    return {condition, touch: true, deadlineIn: deadlineSeconds * 1000};
  }
  if (!before || before.reason === 'NewReplicaSetAvailable' || before.reason === 'ProgressDeadlineExceeded') {
    return {deadlineIn: undefined};
  }
  const deadlineIn = Date.parse(before.lastUpdateTime ?? rfc3339(now)) + deadlineSeconds * 1000 - now;
  if (deadlineIn > 0) return {deadlineIn};
  const message = `${name} has timed out progressing.`;
  const condition: Condition = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message,
  };
  return {condition, deadlineIn: undefined};
}

/** Kubernetes' `DeploymentProgressing`: more new pods, fewer old ones, or more of them ready or available. */
function grew(was: any, counts: Counts): boolean {
  const old = (was.replicas ?? 0) - (was.updatedReplicas ?? 0);
  return (
    counts.updated > (was.updatedReplicas ?? 0) ||
    counts.replicas - counts.updated < old ||
    counts.ready > (was.readyReplicas ?? 0) ||
    counts.available > (was.availableReplicas ?? 0)
  );
}

function withReplicaFailure(
  conditions: Condition[],
  newSet: KubeObject | undefined,
  time: string,
): Condition[] {
  const failure = findCondition(newSet?.['status']?.conditions, 'ReplicaFailure');
  if (!failure) return withoutCondition(conditions, 'ReplicaFailure');
  const {type, status, reason, message} = failure;
  return setCondition(
    conditions,
    {type, status, ...(reason ? {reason} : {}), ...(message ? {message} : {})},
    time,
  );
}
