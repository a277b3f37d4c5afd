import {messageOf} from '../../errors.ts';
import {rfc3339} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import {parseCronSchedule} from './cron-schedule.ts';
import {isFinished} from './jobs.ts';
import {keyOf, splitKey} from './keys.ts';
import {controllerOf, controllerReference, ownedBy} from './ownership.ts';
import type {Runtime} from './runtime.ts';

const resource = 'cronjobs.batch';
const hour = 3_600_000;

/** Makes Jobs at the times that CronJobs name, in their time zone. */
export function startCronJobs(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('cronjob-controller');
  const queue = runtime.queue(reconcile, resource);
  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  runtime.watch('jobs.batch', ({object}) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'CronJob') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const cron = client.get(resource, name, namespace);
    if (!cron || cron.metadata.deletionTimestamp !== undefined) return;
    const jobs = ownedBy<KubeObject>(client, 'jobs.batch', cron);
    removeHistory(cron, jobs);
    const schedule = parseCronSchedule(cron['spec'].schedule, cron['spec'].timeZone);
    if (!schedule) {
      events.warning(cron, 'UnparseableSchedule', `unparseable schedule: ${cron['spec'].schedule}`);
      return;
    }
    let status = statusOf(cron, jobs);
    if (!cron['spec'].suspend) {
      const since = Date.parse(cron['status']?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? '');
      const due = latest(schedule, since);
      if (due !== undefined) {
        if (begin(cron, jobs, due)) status = {...status, lastScheduleTime: rfc3339(due)};
        status.active = activeOf(ownedBy<KubeObject>(client, 'jobs.batch', cron));
      }
      const next = schedule.next(clock.now());
      if (next !== undefined) queue.addAfter(key, next - clock.now());
    }
    client.updateStatus(resource, {
      ...cron,
      status: {...status, ...(status.active?.length ? {} : {active: undefined})},
    });
  }

  /** The latest time that was missed; earlier ones are not made up for. */
  function latest(schedule: {next(after: number): number | undefined}, since: number): number | undefined {
    const now = clock.now();
    if (!(since < now)) return undefined;
    // A schedule of minutes that was last kept years ago is not counted through.
    for (let window = hour; ; window *= 24) {
      const from = Math.max(since, now - window);
      let due: number | undefined;
      for (let at = schedule.next(from); at !== undefined && at <= now; at = schedule.next(at)) due = at;
      if (due !== undefined || from === since) return due;
    }
  }

  function begin(cron: KubeObject, jobs: KubeObject[], due: number): boolean {
    const {startingDeadlineSeconds, concurrencyPolicy = 'Allow'} = cron['spec'];
    if (startingDeadlineSeconds !== undefined && clock.now() - due > startingDeadlineSeconds * 1000) {
      events.warning(cron, 'MissSchedule', `Missed scheduled time to start a job: ${rfc3339(due)}`);
      return true;
    }
    const running = jobs.filter(job => !isFinished(job));
    if (concurrencyPolicy === 'Forbid' && running.length > 0) {
      events.normal(
        cron,
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
      );
      return false;
    }
    if (concurrencyPolicy === 'Replace') for (const job of running) remove(cron, job);
    const {namespace} = cron.metadata;
    const {metadata = {}, spec} = cron['spec'].jobTemplate;
    const name = `${cron.metadata.name}-${Math.floor(due / 60_000)}`;
    if (client.get('jobs.batch', name, namespace)) return true;
    try {
      client.create('jobs.batch', {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name,
          ...(namespace ? {namespace} : {}),
          ...(metadata.labels ? {labels: metadata.labels} : {}),
          annotations: {
            ...metadata.annotations,
            'batch.kubernetes.io/cronjob-scheduled-timestamp': rfc3339(due),
          },
          ownerReferences: [controllerReference(cron)],
        },
        spec,
      });
    } catch (error) {
      events.warning(cron, 'FailedCreate', `Error creating job: ${messageOf(error)}`);
      throw error;
    }
    events.normal(cron, 'SuccessfulCreate', `Created job ${name}`);
    return true;
  }

  function statusOf(cron: KubeObject, jobs: KubeObject[]): any {
    const done = jobs.map(job => job['status']?.completionTime).filter(time => time !== undefined);
    const before = cron['status']?.lastSuccessfulTime;
    const lastSuccessfulTime = [...done, ...(before ? [before] : [])].sort().at(-1);
    const {active: _active, ...rest} = cron['status'] ?? {};
    return {...rest, active: activeOf(jobs), ...(lastSuccessfulTime ? {lastSuccessfulTime} : {})};
  }

  function removeHistory(cron: KubeObject, jobs: KubeObject[]) {
    const {successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1} = cron['spec'];
    const finished = jobs
      .filter(job => isFinished(job) && job.metadata.deletionTimestamp === undefined)
      .sort((left, right) => (left['status'].startTime ?? '').localeCompare(right['status'].startTime ?? ''));
    const succeeded = finished.filter(job => job['status'].completionTime !== undefined);
    const failed = finished.filter(job => job['status'].completionTime === undefined);
    for (const [list, limit] of [
      [succeeded, successfulJobsHistoryLimit],
      [failed, failedJobsHistoryLimit],
    ] as const) {
      for (const job of list.slice(0, Math.max(0, list.length - limit))) remove(cron, job);
    }
  }

  function remove(cron: KubeObject, {metadata: {name, namespace}}: KubeObject) {
    client.delete('jobs.batch', name, {...(namespace ? {namespace} : {}), propagationPolicy: 'Background'});
    events.normal(cron, 'SuccessfulDelete', `Deleted job ${name}`);
  }
}

function activeOf(jobs: KubeObject[]) {
  return jobs
    .filter(job => !isFinished(job))
    .map(({metadata: {name, namespace, uid, resourceVersion}}) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      name,
      namespace,
      uid,
      resourceVersion,
    }));
}
