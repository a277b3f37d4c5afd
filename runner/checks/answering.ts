import {isStartUpStatus} from '../../verify/settle.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {askPod} from '../engines/kube/pod-request.ts';
import {isReady, stuckReason, waitingReasons} from '../engines/kube/pods.ts';
import {logOf} from './pod-log.ts';
import {isStaying} from './workload.ts';

/** Pods that should answer. */
export interface Answerers {
  namespace: string;
  /** Which pods, as a list takes it: `app=reviews,version=v2`. */
  selector: string;
  /** What an application of theirs answers once it serves; absent where being ready is all that can be told. */
  asked?: {port: number; path: string};
}

/** Who of those that should answer does not: a pod may be ready long before its application serves. */
export interface Answering {
  /** A sentence for each pod that may still be starting. */
  starting(kube: Kube, who: readonly Answerers[]): Promise<readonly string[]>;
  /** A sentence for each pod that does not answer, with its age, its restarts and the last line of its log. */
  silent(kube: Kube, who: readonly Answerers[]): Promise<readonly string[]>;
}

export interface AnsweringOptions {
  /** How long an application may take from its start until it answers, in milliseconds. */
  startUp: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Whether the pod's application answers. */
  answers?(kube: Kube, pod: KubeItem, asked: {port: number; path: string}): Promise<boolean>;
  /** The last line of a container's log. */
  lastLine?(kube: Kube, pod: KubeItem, container: string): Promise<string | undefined>;
}

/** What has answered once since its start is not asked again. */
export function createAnswering(options: AnsweringOptions): Answering {
  const {startUp, now, answers = doesServe, lastLine = readLastLine} = options;
  const answered = new Set<string>();

  async function silentPods(kube: Kube, who: readonly Answerers[]): Promise<readonly KubeItem[]> {
    const lists = await Promise.all(who.map(each => silentOf(kube, each)));
    return lists.flat();
  }

  async function silentOf(kube: Kube, {namespace, selector, asked}: Answerers): Promise<readonly KubeItem[]> {
    const pods = (await kube.list('pods', {namespace, labels: selector})).filter(isStaying);
    const silent = await Promise.all(
      pods.map(async pod => ((await doesAnswer(kube, pod, asked)) ? [] : [pod])),
    );
    return silent.flat();
  }

  async function doesAnswer(kube: Kube, pod: KubeItem, asked: Answerers['asked']): Promise<boolean> {
    const {startedAt} = applicationOf(pod);
    if (startedAt === undefined || !isReady(pod)) return false;
    if (!asked) return true;
    const run = `${pod.metadata.uid} ${startedAt} ${asked.port}${asked.path}`;
    if (answered.has(run)) return true;
    const does = await answers(kube, pod, asked).catch(() => false);
    if (does) answered.add(run);
    return does;
  }

  const since = (time: string | undefined): number =>
    time === undefined ? 0 : Math.max(0, now() - Date.parse(time));

  return {
    async starting(kube, who) {
      const silent = await silentPods(kube, who);
      return silent.flatMap(pod => {
        const {startedAt, isStuck, waits} = applicationOf(pod);
        const age = since(startedAt ?? pod.metadata.creationTimestamp);
        if (isStuck || age >= startUp) return [];
        const {name} = pod.metadata;
        if (startedAt === undefined)
          return [`${name} was made ${seconds(age)} ago and does not run yet${waits ? ` (${waits})` : ''}`];
        return [`${name} started ${seconds(age)} ago and does not answer yet`];
      });
    },
    async silent(kube, who) {
      const silent = await silentPods(kube, who);
      return Promise.all(
        silent.map(async pod => {
          const {startedAt, restarts, container, waits} = applicationOf(pod);
          const line = await lastLine(kube, pod, container).catch(() => undefined);
          const state = startedAt
            ? `started ${seconds(since(startedAt))} ago`
            : `does not run${waits ? ` (${waits})` : ''}`;
          return [
            `${pod.metadata.name} does not answer: it is ${seconds(since(pod.metadata.creationTimestamp))} old, ${state}`,
            restarts === 1 ? 'has restarted once' : `has restarted ${restarts} times`,
            line ? `the last line of its log is "${line}"` : 'has logged nothing',
          ].join(', ');
        }),
      );
    },
  };
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

interface Application {
  container: string;
  /** Absent while it does not run. */
  startedAt: string | undefined;
  restarts: number;
  isStuck: boolean;
  /** `ContainerCreating`, or why it is stuck. */
  waits: string | undefined;
}

/** The first container that is not Istio's. */
function applicationOf(pod: KubeItem): Application {
  const containers: {name: string}[] = pod['spec']?.containers ?? [];
  const container = (containers.find(({name}) => name !== 'istio-proxy') ?? containers[0])?.name ?? '';
  const statuses: any[] = pod['status']?.containerStatuses ?? [];
  const status = statuses.find(({name}) => name === container);
  const stuck = stuckReason(pod);
  return {
    container,
    startedAt: status?.state?.running?.startedAt,
    restarts: status?.restartCount ?? 0,
    isStuck: stuck !== undefined,
    waits: stuck ?? waitingReasons(pod)[0] ?? pod['status']?.phase,
  };
}

const notFound = 404;

/**
 * Any answer will do, but for those of a server whose application is still to come: Open Liberty, which reviews runs
 * in, says 404 until then.
 */
async function doesServe(kube: Kube, pod: KubeItem, asked: {port: number; path: string}): Promise<boolean> {
  const {status} = await askPod({kube, pod, ...asked});
  return status !== notFound && !isStartUpStatus(status);
}

async function readLastLine(kube: Kube, pod: KubeItem, container: string): Promise<string | undefined> {
  return (await logOf({kube, pod, container, lines: 1})).trim().split('\n').at(-1) || undefined;
}
