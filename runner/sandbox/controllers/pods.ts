import {copyJson} from '../json.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {findCondition} from './conditions.ts';
import {controllerReference} from './ownership.ts';
import {inPieces, sortInPieces} from './pieces.ts';

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
    spec: copyJson(template.spec),
  } as Pod;
}

/** The first pods that a workload that shrinks gives up, by Kubernetes' rules: the least useful first. */
export function* deletionOrder(pods: readonly Pod[], count: number): Generator<void, Pod[]> {
  const judged: Usefulness[] = [];
  yield* inPieces(pods, pod => judged.push(usefulness(pod)));
  const sorted = yield* sortInPieces(
    judged,
    (a, b) =>
      a.stage - b.stage ||
      a.cost - b.cost ||
      // The time that has been ready the longest, the fewest restarts and the oldest pod are kept.
      compareTexts(b.ready, a.ready) ||
      b.restarts - a.restarts ||
      compareTexts(b.created, a.created),
  );
  return sorted.slice(0, count).map(({pod}) => pod);
}

type Usefulness = ReturnType<typeof usefulness>;

/** Times are texts of one form, which compare as they stand. */
function usefulness(pod: Pod) {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  const isPodReady = ready?.status === 'True';
  const phase = pod.status?.phase === 'Running' ? 2 : pod.status?.phase === 'Unknown' ? 1 : 0;
  return {
    pod,
    stage: (pod.spec.nodeName === undefined ? 0 : 6) + phase * 2 + (isPodReady ? 1 : 0),
    cost: Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0,
    ready: isPodReady ? (ready.lastTransitionTime ?? '') : '',
    restarts: Math.max(0, ...(pod.status?.containerStatuses ?? []).map(status => status.restartCount)),
    created: pod.metadata.creationTimestamp ?? '',
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
