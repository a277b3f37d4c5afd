import type {Kube, KubeItem} from './kube.ts';
import {explainWait} from './stalls.ts';

/** Whether a pod is ready and not on its way out. */
export function isReady(pod: KubeItem): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  const conditions: {type: string; status: string}[] = pod['status']?.conditions ?? [];
  return conditions.some(condition => condition.type === 'Ready' && condition.status === 'True');
}

/** Whether a pod carries Istio's proxy, as a classic container or as a native sidecar. */
export function hasSidecar(pod: KubeItem): boolean {
  const containers: {name: string}[] = [
    ...(pod['spec']?.containers ?? []),
    ...(pod['spec']?.initContainers ?? []),
  ];
  return containers.some(container => container.name === 'istio-proxy');
}

/** The pods that a Service selects. */
export async function podsOfService(
  kube: Kube,
  service: string,
  namespace: string,
): Promise<readonly KubeItem[]> {
  const found = await kube.get('services', service, namespace);
  const selector: Record<string, string> | undefined = found?.['spec']?.selector;
  if (!selector || Object.keys(selector).length === 0) return [];
  return kube.list('pods', {namespace, labels: selectorText(selector)});
}

export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

const stuckReasons = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CrashLoopBackOff',
]);

/** Why containers of a pod wait, the first one first; a native sidecar is among the init containers. */
export function waitingReasons({status}: KubeItem): readonly string[] {
  const {initContainerStatuses = [], containerStatuses = []} = status ?? {};
  return [...initContainerStatuses, ...containerStatuses]
    .map((container: {state?: {waiting?: {reason?: string}}}) => container.state?.waiting?.reason)
    .filter(reason => reason !== undefined);
}

/** What keeps a pod from running that does not pass by waiting a little: `ImagePullBackOff`. */
export function stuckReason(pod: KubeItem): string | undefined {
  return waitingReasons(pod).find(reason => stuckReasons.has(reason));
}

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: {key: string; operator: string; values?: string[]}[];
}

/**
 * A workload's selector as a list takes it; empty when it has none.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement
 */
export function labelSelectorText({matchLabels = {}, matchExpressions = []}: LabelSelector = {}): string {
  const expressions = matchExpressions.map(({key, operator, values = []}) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  });
  return [selectorText(matchLabels), ...expressions].filter(Boolean).join(',');
}

/**
 * Why a Deployment gets no pods at all, in the API server's words: a quota, or a webhook that does not answer, as
 * where a firewall lies between a cloud's API server and the nodes.
 */
export function replicaFailure(workload: KubeItem): string | undefined {
  const conditions: {type: string; status: string; message?: string}[] = workload['status']?.conditions ?? [];
  return conditions.find(({type, status}) => type === 'ReplicaFailure' && status === 'True')?.message;
}

/** One line on what a pod waits for, and for how long it has. @param now milliseconds since the epoch. */
export async function describeWait(kube: Kube, pod: KubeItem, now = Date.now()): Promise<string> {
  const events = await kube.list('events', {namespace: pod.metadata.namespace ?? 'default'});
  return explainWait(pod, events, now);
}
