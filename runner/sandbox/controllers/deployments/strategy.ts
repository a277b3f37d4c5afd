import type {KubeObject} from '../../objects.ts';

export interface RolloutLimits {
  /** Pods that may exist beyond the wanted number. */
  surge: number;
  /** Pods that may be missing from the wanted number. */
  unavailable: number;
}

/**
 * The limits of a rolling update in pods: percentages of the surge round up, those of the unavailable round down,
 * and both being zero would never move, so one may then be missing (Kubernetes' `ResolveFenceposts`).
 */
export function limitsOf(deployment: KubeObject): RolloutLimits {
  const {strategy = {}, replicas = 1} = deployment['spec'];
  if (strategy.type === 'Recreate') return {surge: 0, unavailable: 0};
  const rolling = strategy.rollingUpdate ?? {};
  const surge = inPods(rolling.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = inPods(rolling.maxUnavailable ?? '25%', replicas, Math.floor);
  if (surge === 0 && unavailable === 0) return {surge: 0, unavailable: 1};
  return {surge, unavailable: Math.min(unavailable, replicas)};
}

/** An int-or-percentage of Kubernetes as a number of pods. */
export function inPods(value: number | string, total: number, round: (pods: number) => number): number {
  if (typeof value === 'number') return value;
  return round((Number.parseInt(value, 10) * total) / 100);
}
