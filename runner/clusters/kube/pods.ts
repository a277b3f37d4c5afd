import type {Kube, KubeItem} from './kube.ts';

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

/** One line on what a pod waits for: its state, and the last thing that was said of it. */
export async function describeWait(kube: Kube, pod: KubeItem): Promise<string> {
  const statuses: any[] = [
    ...(pod['status']?.initContainerStatuses ?? []),
    ...(pod['status']?.containerStatuses ?? []),
  ];
  const waiting = statuses.find(status => status.state?.waiting)?.state.waiting;
  const events = await kube.list('events', {namespace: pod.metadata.namespace ?? 'default'});
  const last = events
    .filter(event => event['involvedObject']?.uid === pod.metadata.uid)
    .sort((a, b) => String(a['lastTimestamp'] ?? '').localeCompare(String(b['lastTimestamp'] ?? '')))
    .at(-1);
  const parts = [pod['status']?.phase, waiting?.reason, last?.['message']].filter(Boolean);
  return `pod ${pod.metadata.name}: ${parts.join(', ')}`;
}
