import type {KubeObject} from '../../objects.ts';
import {replicasOf} from './replica-sets.ts';
import {limitsOf} from './strategy.ts';

export interface Resize {
  set: KubeObject;
  replicas: number;
}

/** Of a set that was made smaller the status still counts the pods that it gives up. */
const availableOf = (set: KubeObject): number =>
  Math.min(set['status']?.availableReplicas ?? 0, replicasOf(set));
const total = (sets: readonly KubeObject[]) => sets.reduce((sum, set) => sum + replicasOf(set), 0);
const oldestFirst = (left: KubeObject, right: KubeObject) =>
  (left.metadata.creationTimestamp ?? '').localeCompare(right.metadata.creationTimestamp ?? '');

/** How far the new ReplicaSet may grow now (or must shrink to the Deployment's size). */
export function sizeOfNew(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  newSet: KubeObject | undefined,
): number {
  const wanted = replicasOf(deployment);
  const current = newSet ? replicasOf(newSet) : 0;
  if (deployment['spec'].strategy?.type === 'Recreate') return wanted;
  if (current >= wanted) return wanted;
  const room = wanted + limitsOf(deployment).surge - total(sets);
  return room <= 0 ? current : current + Math.min(room, wanted - current);
}

/** Which old ReplicaSets shrink now: first their pods that are of no use, then as the new ones become available. */
export function shrinkOld(deployment: KubeObject, old: readonly KubeObject[], newSet: KubeObject): Resize[] {
  const wanted = replicasOf(deployment);
  const active = old.filter(set => replicasOf(set) > 0).sort(oldestFirst);
  const minimum = wanted - limitsOf(deployment).unavailable;
  const newUnavailable = replicasOf(newSet) - availableOf(newSet);
  let spare = total(active) + replicasOf(newSet) - minimum - newUnavailable;
  // Statuses lag behind sizes: without this, pods that were given up already would be given up twice.
  if (spare <= 0) return [];
  const sizes = new Map(active.map(set => [set, replicasOf(set)]));
  for (const set of active) {
    const useless = Math.min(spare, Math.max(0, replicasOf(set) - availableOf(set)));
    sizes.set(set, replicasOf(set) - useless);
    spare -= useless;
  }
  let surplus = active.reduce((sum, set) => sum + availableOf(set), availableOf(newSet)) - minimum;
  for (const set of active) {
    const size = sizes.get(set) ?? 0;
    const less = Math.max(0, Math.min(surplus, size));
    sizes.set(set, size - less);
    surplus -= less;
  }
  return active
    .map(set => ({set, replicas: sizes.get(set) ?? 0}))
    .filter(({set, replicas}) => replicas !== replicasOf(set));
}

/**
 * Sizes after the Deployment was scaled in the middle of a rollout: each ReplicaSet in proportion, what rounding
 * leaves goes to the largest.
 */
export function proportional(deployment: KubeObject, active: readonly KubeObject[]): Resize[] {
  const allowed = replicasOf(deployment) === 0 ? 0 : replicasOf(deployment) + limitsOf(deployment).surge;
  const current = total(active);
  const largestFirst = [...active].sort((left, right) => replicasOf(right) - replicasOf(left));
  const scaled = largestFirst.map(set => {
    const before = Number(set.metadata.annotations?.['deployment.kubernetes.io/max-replicas'] ?? current);
    return {set, replicas: Math.max(0, Math.round((replicasOf(set) * allowed) / Math.max(1, before)))};
  });
  const first = scaled[0];
  if (first)
    first.replicas = Math.max(
      0,
      first.replicas + allowed - scaled.reduce((sum, one) => sum + one.replicas, 0),
    );
  return scaled;
}
