import {messageOf} from '../../errors.ts';
import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject, Pod} from '../objects.ts';
import {findCondition, withCondition} from './conditions.ts';
import {keyOf, splitKey} from './keys.ts';
import {controllerOf, hasKeptSpec, ownedBy} from './ownership.ts';
import {inPieces} from './pieces.ts';
import {isActive, isReady, podFromTemplate} from './pods.ts';
import {ignoringGone, isNamespaceGoing} from './refusals.ts';
import type {Runtime} from './runtime.ts';
import {burst, slowStart} from './slow-start.ts';

const resource = 'jobs.batch';

/** Runs pods until enough have succeeded or too many have failed. */
export function startJobs(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('job-controller');
  const queue = runtime.queue(reconcile, resource);
  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  runtime.watch('pods', ({object}) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'Job') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });

  function* reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const job = client.get(resource, name, namespace);
    if (!job || job.metadata.deletionTimestamp !== undefined) return;
    if (isFinished(job)) {
      expire(job);
      return;
    }
    const pods = yield* census(job);
    const verdict = judge(job, pods);
    if (verdict) yield* finish(job, pods, verdict);
    else if (job['spec'].suspend) yield* suspend(job, pods);
    else yield* run(job, pods);
  }

  function* census(job: KubeObject): Generator<void, Census> {
    const pods: Census = {
      active: [],
      ready: 0,
      succeeded: 0,
      failed: 0,
      lastEnd: -Infinity,
      restarts: 0,
      terminating: 0,
      indexes: new Set(),
    };
    yield* inPieces(ownedBy<Pod>(client, 'pods', job), pod => count(pods, pod));
    return pods;
  }

  function* run(job: KubeObject, pods: Census) {
    const {parallelism = 1, completions} = job['spec'];
    const {succeeded, indexes} = pods;
    const active = pods.active.length;
    const left = completions === undefined ? (succeeded > 0 ? active : parallelism) : completions - succeeded;
    const deadline = deadlineIn(job);
    if (deadline !== undefined) queue.addAfter(keyOf(job), deadline);
    const wait = retryIn(pods);
    if (wait > 0) queue.addAfter(keyOf(job), wait);
    else {
      const missing = Math.min(parallelism, left) - active;
      const free = freeIndexes(indexes);
      yield* slowStart(
        Math.min(missing, burst),
        () => create(job, free),
        () => hasKeptSpec(client, resource, job),
      );
    }
    yield* writeStatus(job, job['status']?.conditions);
  }

  /** Milliseconds until a failed pod is replaced: 10 s after the first, doubling, at most 10 minutes. */
  function retryIn({failed, active, lastEnd}: Census): number {
    if (failed === 0 || active.length > 0) return 0;
    return lastEnd + Math.min(600_000, 10_000 * 2 ** (failed - 1)) - clock.now();
  }

  function create(job: KubeObject, free: Iterator<number>) {
    const {name, uid = ''} = job.metadata;
    const indexed = job['spec'].completionMode === 'Indexed';
    const index = indexed ? free.next().value : undefined;
    const labels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
      ...(index === undefined ? {} : {'batch.kubernetes.io/job-completion-index': String(index)}),
    };
    const pod = podFromTemplate({owner: job, template: job['spec'].template, labels});
    if (index !== undefined) {
      pod.metadata.annotations = {
        ...pod.metadata.annotations,
        'batch.kubernetes.io/job-completion-index': String(index),
      };
      const variable = {name: 'JOB_COMPLETION_INDEX', value: String(index)};
      for (const container of pod.spec.containers) container.env = [...(container.env ?? []), variable];
    }
    try {
      const created = client.create<Pod>('pods', pod);
      events.normal(job, 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    } catch (error) {
      if (isNamespaceGoing(error)) return;
      events.warning(job, 'FailedCreate', `Error creating: ${messageOf(error)}`);
      throw error;
    }
  }

  function* suspend(job: KubeObject, pods: Census) {
    yield* stop(job, pods);
    const condition: Condition = {
      type: 'Suspended',
      status: 'True',
      reason: 'JobSuspended',
      message: 'Job suspended',
    };
    yield* writeStatus(job, withCondition(job['status']?.conditions, condition, rfc3339(clock.now())));
  }

  function* stop(job: KubeObject, {active}: Census) {
    for (const pod of active) {
      const {name, namespace} = pod.metadata;
      ignoringGone(() => {
        client.delete('pods', name, namespace ? {namespace} : {});
        events.normal(job, 'SuccessfulDelete', `Deleted pod: ${name}`);
      });
      yield;
    }
  }

  function deadlineIn(job: KubeObject): number | undefined {
    const seconds = job['spec'].activeDeadlineSeconds;
    if (seconds === undefined) return undefined;
    const start = Date.parse(job['status']?.startTime ?? rfc3339(clock.now()));
    return start + seconds * 1000 - clock.now();
  }

  function judge(job: KubeObject, {succeeded, failed, active, restarts}: Census): Verdict | undefined {
    const {completions, backoffLimit = 6} = job['spec'];
    const enough =
      completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
    if (enough) {
      return {
        type: 'Complete',
        reason: 'CompletionsReached',
        message: 'Reached expected number of succeeded pods',
      };
    }
    if (failed > backoffLimit || restarts > backoffLimit) {
      return {
        type: 'Failed',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      };
    }
    const deadline = deadlineIn(job);
    if (deadline === undefined || deadline > 0) return undefined;
    return {
      type: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    };
  }

  function* finish(job: KubeObject, pods: Census, {type, reason, message}: Verdict) {
    if (type === 'Failed') yield* stop(job, pods);
    const now = rfc3339(clock.now());
    const before = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    let conditions: Condition[] = job['status']?.conditions ?? [];
    for (const one of [before, type]) {
      const probed = {type: one, status: 'True', reason, message, lastProbeTime: now} as const;
      conditions = withCondition(conditions, probed, now);
    }
    yield* writeStatus(job, conditions, type === 'Complete' ? now : undefined);
    if (type === 'Complete') events.normal(job, 'Completed', 'Job completed');
    else events.warning(job, reason, message);
  }

  function* writeStatus(seen: KubeObject, conditions: Condition[] | undefined, completionTime?: string) {
    const {name, namespace} = seen.metadata;
    const {active, ready, succeeded, failed, terminating} = yield* census(seen);
    const job = client.get(resource, name, namespace);
    if (!job) return;
    const startTime = job['status']?.startTime ?? (job['spec'].suspend ? undefined : rfc3339(clock.now()));
    client.updateStatus(resource, {
      ...job,
      status: {
        ...(conditions?.length ? {conditions} : {}),
        ...(startTime === undefined ? {} : {startTime}),
        ...(completionTime === undefined ? {} : {completionTime}),
        ...(active.length > 0 ? {active: active.length} : {}),
        ...(succeeded > 0 ? {succeeded} : {}),
        ...(failed > 0 ? {failed} : {}),
        ready,
        terminating,
        uncountedTerminatedPods: {},
      },
    });
  }

  function expire(job: KubeObject) {
    const seconds = job['spec'].ttlSecondsAfterFinished;
    if (seconds === undefined) return;
    const {name, namespace} = job.metadata;
    const conditions: Condition[] = job['status']?.conditions ?? [];
    const ended = findCondition(conditions, 'Complete') ?? findCondition(conditions, 'Failed');
    const left = Date.parse(ended?.lastTransitionTime ?? '') + seconds * 1000 - clock.now();
    if (left > 0) queue.addAfter(keyOf(job), left);
    else client.delete(resource, name, {...(namespace ? {namespace} : {}), propagationPolicy: 'Foreground'});
  }
}

/** What a Job goes by of its pods. */
interface Census {
  active: Pod[];
  /** How many of the active ones are ready. */
  ready: number;
  succeeded: number;
  failed: number;
  /** When the last of the failed ones ended, in milliseconds since the epoch. */
  lastEnd: number;
  restarts: number;
  terminating: number;
  /** The completion indexes that a pod has or had with success. */
  indexes: Set<number>;
}

function count(pods: Census, pod: Pod): void {
  const phase = pod.status?.phase;
  if (isActive(pod)) pods.active.push(pod);
  if (isActive(pod) && isReady(pod)) pods.ready += 1;
  if (phase === 'Succeeded') pods.succeeded += 1;
  if (phase === 'Failed') {
    pods.failed += 1;
    pods.lastEnd = Math.max(pods.lastEnd, endOf(pod));
  } else {
    pods.indexes.add(Number(pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index']));
  }
  if (pod.metadata.deletionTimestamp !== undefined) pods.terminating += 1;
  if (pod.spec.restartPolicy === 'OnFailure') {
    for (const {restartCount} of statusesOf(pod)) pods.restarts += restartCount;
  }
}

interface Verdict {
  type: 'Complete' | 'Failed';
  reason: string;
  message: string;
}

export function isFinished(job: KubeObject): boolean {
  const conditions: Condition[] = job['status']?.conditions ?? [];
  return conditions.some(one => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True');
}

/** The completion indexes that no pod has or had with success, the lowest first. */
function* freeIndexes(taken: ReadonlySet<number>): Generator<number, never> {
  for (let index = 0; ; index += 1) if (!taken.has(index)) yield index;
}

const statusesOf = (pod: Pod) => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];

function endOf(pod: Pod): number {
  const ends = statusesOf(pod).map(status => Date.parse(status.state.terminated?.finishedAt ?? ''));
  return Math.max(Date.parse(pod.metadata.creationTimestamp ?? ''), ...ends.filter(Number.isFinite));
}
