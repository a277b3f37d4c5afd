import {setTimeout as delay} from 'node:timers/promises';
import type {Kube, KubeItem} from '../clusters/kube/kube.ts';
import {isReady, replicaFailure} from '../clusters/kube/pods.ts';

/**
 * What a wait is probably for: the youngest pod that is not ready, and the last thing that happened to it; or a
 * Deployment that gets no pod at all, and why.
 * @param namespaces where to look; absent means everywhere.
 */
export async function waitedFor(kube: Kube, namespaces?: readonly string[]): Promise<string | undefined> {
  const all = async (resource: string): Promise<readonly KubeItem[]> =>
    namespaces
      ? (await Promise.all(namespaces.map(namespace => kube.list(resource, {namespace})))).flat()
      : kube.list(resource);
  const pods = await all('pods');
  const unready = pods.filter(pod => !isReady(pod) && pod['status']?.phase !== 'Succeeded');
  const pod = unready.toSorted((a, b) => startOf(b).localeCompare(startOf(a)))[0];
  if (!pod) {
    const deployment = (await all('deployments.apps')).find(replicaFailure);
    if (!deployment) return undefined;
    const {name, namespace: place} = deployment.metadata;
    return `deployment ${place}/${name} gets no pod: ${replicaFailure(deployment)}`;
  }
  const namespace = pod.metadata.namespace ?? 'default';
  const events = await kube.list('events', {namespace});
  const last = events
    .filter(event => event['involvedObject']?.uid === pod.metadata.uid)
    .toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)))[0];
  const more = unready.length > 1 ? ` and ${unready.length - 1} more` : '';
  const happened = last ? `: ${last['reason']}, ${last['message']}` : '';
  return `pod ${namespace}/${pod.metadata.name}${more}${happened}`;
}

function startOf(pod: KubeItem): string {
  return pod.metadata.creationTimestamp ?? '';
}

function timeOf(event: KubeItem): string {
  return event['lastTimestamp'] ?? event['eventTime'] ?? event.metadata.creationTimestamp ?? '';
}

/** Says every second what is being waited for, beginning after one second, until the signal. */
export async function reportWaiting(options: {
  look(): Promise<string | undefined>;
  say(text: string): void;
  signal: AbortSignal;
}): Promise<void> {
  const {look, say, signal} = options;
  let said: string | undefined;
  for (;;) {
    await delay(1000, undefined, {signal, ref: false}).catch(() => {});
    if (signal.aborted) return;
    // Without a cluster there is nothing to say.
    const text = await look().catch(() => undefined);
    if (signal.aborted) return;
    if (text !== undefined && text !== said) say(text);
    said = text;
  }
}
