import {setTimeout as delay} from 'node:timers/promises';
import type {Wait} from '../checks/context.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {describeWait, isReady, replicaFailure} from '../engines/kube/pods.ts';

/**
 * What a wait is probably for: the youngest pod that is not ready, what it waits for, and for how long it has; or a
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
  const more = unready.length > 1 ? `${unready.length} pods are not ready; ` : '';
  return `${more}${await describeWait(kube, pod)}`;
}

function startOf(pod: KubeItem): string {
  return pod.metadata.creationTimestamp ?? '';
}

/** Between two times that the same wait is told, in milliseconds. */
const tellAgain = 10_000;

/** Tells of a wait when it is another one than before, and every ten seconds how long it has taken. */
export function createWaitTeller(tell: (wait: Wait) => void, now: () => number): (wait: Wait) => void {
  let told: {thing: string; at: number} | undefined;
  return wait => {
    const thing = withoutSeconds(wait.text);
    if (thing === told?.thing && now() - told.at < tellAgain) return;
    told = {thing, at: now()};
    tell(wait);
  };
}

/** How long something may take before a word says how far it is, in milliseconds. */
const silence = 4000;

/** Tells how far something is that takes long: every few seconds, the first time after as many. */
export function createProgressTeller(
  tell: (text: string) => void,
  now: () => number,
): (text: string) => void {
  let at = now();
  return text => {
    if (now() - at < silence) return;
    at = now();
    tell(text);
  };
}

function withoutSeconds(text: string): string {
  return text.replaceAll(/\d+ s\b/g, '');
}

/** A text that changes by its seconds alone is said again after as many looks. */
const looksBetween = 10;

/**
 * Looks every second what is being waited for, beginning after one second, until the signal. Says it when it is
 * another thing, and every ten seconds how long it has taken.
 */
export async function reportWaiting(options: {
  look(): Promise<string | undefined>;
  say(text: string): void;
  signal: AbortSignal;
  pause?(signal: AbortSignal): Promise<void>;
}): Promise<void> {
  const {look, say, signal} = options;
  const pause = options.pause ?? (stop => delay(1000, undefined, {signal: stop, ref: false}));
  let said: string | undefined;
  let looks = 0;
  for (;;) {
    await pause(signal).catch(() => {});
    if (signal.aborted) return;
    // Without a cluster there is nothing to say.
    const text = await look().catch(() => undefined);
    if (signal.aborted) return;
    looks += 1;
    const thing = text === undefined ? undefined : withoutSeconds(text);
    if (text !== undefined && (thing !== said || looks >= looksBetween)) {
      say(text);
      looks = 0;
    }
    said = thing;
  }
}
