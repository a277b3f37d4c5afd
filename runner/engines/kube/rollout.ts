import type {KubeItem} from './kube.ts';
import {replicaFailure} from './pods.ts';

/** How far a workload is with the pods that its newest generation wants. */
export interface Rollout {
  state: 'done' | 'waiting' | 'scaled-to-zero' | 'not-a-workload';
  /** Pods that it wants. */
  wanted: number;
  /** What is missing, in words; empty when it is done. */
  text: string;
}

/**
 * Whether a workload is rolled out as `kubectl rollout status` means it: this generation was observed, all replicas
 * are updated, none of the old ones is left, all are available. Stricter than it: no pods at all are never done.
 * Source: kubectl, pkg/polymorphichelpers/rollout_status.go.
 */
export function rolloutOf(workload: KubeItem): Rollout {
  const name = `${workload.kind.toLowerCase()} ${workload.metadata.name}`;
  const progress = progressOf(workload);
  if (!progress) return {state: 'not-a-workload', wanted: 0, text: `${name} has no pods of its own`};
  const {wanted, updated, old, available} = progress;
  const waiting = (text: string): Rollout => ({state: 'waiting', wanted, text: `${name} ${text}`});
  const status = workload['status'] ?? {};
  if (workload.metadata.deletionTimestamp) return waiting('is being deleted');
  if ((status.observedGeneration ?? 0) < (workload.metadata.generation ?? 1))
    return waiting('has been changed, and the cluster has not seen that yet');
  if (wanted === 0) {
    if (workload.kind === 'DaemonSet') return waiting('finds no node for a pod');
    return {state: 'scaled-to-zero', wanted, text: `${name} is scaled to 0, so it has no pod at all`};
  }
  const refused = replicaFailure(workload);
  const why = refused ? `: ${refused}` : overdue(workload) ? ' and has exceeded its progress deadline' : '';
  if (updated < wanted) return waiting(`has ${updated} of ${wanted} new pods${why}`);
  if (old > 0) return waiting(`still has ${old} old ${old === 1 ? 'pod' : 'pods'}${why}`);
  if (available < wanted) return waiting(`has ${available} of ${wanted} pods available${why}`);
  return {state: 'done', wanted, text: ''};
}

interface Progress {
  wanted: number;
  updated: number;
  /** Pods of an earlier template that are not on their way out. */
  old: number;
  available: number;
}

function progressOf({kind, spec, status = {}}: KubeItem): Progress | undefined {
  const wanted = spec?.replicas ?? 1;
  switch (kind) {
    case 'Deployment': {
      const {replicas = 0, updatedReplicas = 0, availableReplicas = 0} = status;
      return {
        wanted,
        updated: updatedReplicas,
        old: replicas - updatedReplicas,
        available: availableReplicas,
      };
    }
    case 'StatefulSet': {
      const {readyReplicas = 0, availableReplicas = 0, updatedReplicas = 0} = status;
      // What lies below the partition stays at the old revision on purpose.
      const kept = Math.min(wanted, spec?.updateStrategy?.rollingUpdate?.partition ?? 0);
      const replaced = kept > 0 || status.currentRevision === status.updateRevision;
      return {
        wanted,
        updated: Math.min(wanted, updatedReplicas + kept),
        old: replaced ? 0 : wanted - updatedReplicas,
        available: Math.min(readyReplicas, availableReplicas),
      };
    }
    case 'DaemonSet': {
      const {desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0} = status;
      const {numberMisscheduled: old = 0} = status;
      return {
        wanted: desiredNumberScheduled,
        updated: updatedNumberScheduled,
        old,
        available: numberAvailable,
      };
    }
    case 'ReplicaSet': {
      const {replicas = 0, availableReplicas = 0} = status;
      return {wanted, updated: replicas, old: 0, available: availableReplicas};
    }
    default:
      return undefined;
  }
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment */
function overdue({status}: KubeItem): boolean {
  const conditions: {type: string; reason?: string}[] = status?.conditions ?? [];
  return conditions.some(({type, reason}) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded');
}
