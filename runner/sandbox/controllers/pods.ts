import type {KubeObject, Pod} from '../objects.ts';
import {findCondition} from './conditions.ts';
import {controllerReference} from './ownership.ts';

/** Counts towards a controller's replicas: neither ended nor on its way out. */
export function isActive(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;
}

export function isReady(pod: Pod): boolean {
  return findCondition(pod.status?.conditions, 'Ready')?.status === 'True';
}

/** Milliseconds until a pod has been ready for `minReadySeconds`; 0 when it is available, undefined when unready. */
export function availableIn(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  if (ready?.status !== 'True') return undefined;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(ready.lastTransitionTime ?? '');
  return Math.max(0, since + minReadySeconds * 1000 - now);
}

export interface PodFromTemplate {
  owner: KubeObject;
  template: any;
  /** The whole name, where the controller chooses it; else `<owner>-xxxxx`. */
  name?: string;
  labels?: Record<string, string>;
}

/** The pod that a workload's template asks for, as it is sent to the API server. */
export function podFromTemplate({owner, template, name, labels}: PodFromTemplate): Pod {
  const {namespace} = owner.metadata;
  const meta = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(name === undefined ? {generateName: `${owner.metadata.name}-`} : {name}),
      ...(namespace === undefined ? {} : {namespace}),
      labels: {...meta.labels, ...labels},
      ...(meta.annotations ? {annotations: {...meta.annotations}} : {}),
      ...(meta.finalizers ? {finalizers: [...meta.finalizers]} : {}),
      ownerReferences: [controllerReference(owner)],
    },
    spec: structuredClone(template.spec),
  } as Pod;
}

/** Left is given up before right when a workload shrinks, by Kubernetes' order: the least useful pod first. */
export function compareForDeletion(left: Pod, right: Pod): number {
  const rank = (pod: Pod) => [
    pod.spec.nodeName === undefined ? 0 : 1,
    pod.status?.phase === 'Running' ? 2 : pod.status?.phase === 'Unknown' ? 1 : 0,
    isReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0),
    -readySince(pod),
    -restarts(pod),
    -Date.parse(pod.metadata.creationTimestamp ?? ''),
  ];
  const [a, b] = [rank(left), rank(right)];
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const readySince = (pod: Pod) => {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  return ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') || 0 : 0;
};
const restarts = (pod: Pod) =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map(status => status.restartCount));
