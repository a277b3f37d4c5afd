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

/** How long something may go on before a word says how far it is, and until the next word, in milliseconds. */
const silence = {first: 1500, next: 10_000};

export interface Patience {
  /** Something was said of it just now. */
  heard(): void;
  /** To be called every second: says how far it is, where nothing was said for too long. */
  tick(): void;
}

/** Says how far something is that takes long and says nothing itself. @param say gets the milliseconds so far. */
export function createPatience(say: (elapsed: number) => void, now: () => number): Patience {
  const startedAt = now();
  let heardAt = startedAt;
  let limit = silence.first;
  return {
    heard() {
      heardAt = now();
      limit = silence.next;
    },
    tick() {
      if (now() - heardAt < limit) return;
      heardAt = now();
      limit = silence.next;
      say(now() - startedAt);
    },
  };
}

function withoutSeconds(text: string): string {
  return text.replaceAll(/\d+ s\b/g, '');
}

/** A text that changes by its seconds alone is said again after as many looks. */
const looksBetween = 10;

/** How long a look may take before what it brings is left for the next time, in milliseconds. */
const lookLimit = 500;

/** After so many times the cluster is said not to answer. */
const hung = 3;

/**
 * Looks every second what is being waited for, beginning after one second, until the signal. Says it when it is
 * another thing, and every ten seconds how long it has taken.
 */
export async function reportWaiting(options: {
  look(): Promise<string | undefined>;
  /** What is said of a wait of which the cluster knows nothing, from the second look on, or does not answer at all. */
  otherwise?(isHung: boolean): string;
  say(text: string): void;
  signal: AbortSignal;
  pause?(signal: AbortSignal): Promise<void>;
}): Promise<void> {
  const {look, say, signal} = options;
  const pause = options.pause ?? (stop => delay(1000, undefined, {signal: stop, ref: false}));
  let said: string | undefined;
  let looks = 0;
  let all = 0;
  let unanswered = 0;
  let looking: Promise<string | undefined> | undefined;
  for (;;) {
    await pause(signal).catch(() => {});
    if (signal.aborted) return;
    all += 1;
    // Without a cluster, or with one that hangs, there is nothing to say of it.
    if (looking) unanswered += 1;
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
        unanswered = 0;
      });
    const seen = await within(looking, lookLimit);
    if (signal.aborted) return;
    const text = seen ?? (all > 1 ? options.otherwise?.(unanswered >= hung) : undefined);
    looks += 1;
    const thing = text === undefined ? undefined : withoutSeconds(text);
    if (text !== undefined && (thing !== said || looks >= looksBetween)) {
      say(text);
      looks = 0;
    }
    said = thing;
  }
}

/** What comes in time. */
async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const over = new AbortController();
  return Promise.race([
    work,
    delay(milliseconds, undefined, {signal: over.signal, ref: false}).catch(() => undefined),
  ]).finally(() => over.abort());
}
