import {defaultPodSpec} from './pod.ts';
import {inside, setDefault, setWhenEmpty} from './set-default.ts';

/**
 * An empty `creationTimestamp: null` in a template comes from typed clients; the API server stores it without
 * meaning, and so that an applied template stays equal to itself we drop it.
 */
function defaultTemplate(holder: any): void {
  const template = inside(holder, 'template');
  template.metadata ??= {};
  if (template.metadata.creationTimestamp === null) delete template.metadata.creationTimestamp;
  template.spec ??= {};
  defaultPodSpec(template.spec);
}

export function defaultDeployment(deployment: any): void {
  const spec = inside(deployment, 'spec');
  defaultTemplate(spec);
  setDefault(spec, 'replicas', 1);
  const strategy = inside(spec, 'strategy');
  setWhenEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = inside(strategy, 'rollingUpdate');
    setDefault(rolling, 'maxUnavailable', '25%');
    setDefault(rolling, 'maxSurge', '25%');
  }
  setDefault(spec, 'revisionHistoryLimit', 10);
  setDefault(spec, 'progressDeadlineSeconds', 600);
}

export function defaultReplicaSet(replicaSet: any): void {
  const spec = inside(replicaSet, 'spec');
  defaultTemplate(spec);
  setDefault(spec, 'replicas', 1);
}

export function defaultReplicationController(controller: any): void {
  const spec = inside(controller, 'spec');
  defaultTemplate(spec);
  setDefault(spec, 'replicas', 1);
  if (!spec.selector) spec.selector = {...spec.template.metadata.labels};
}

export function defaultDaemonSet(daemonSet: any): void {
  const spec = inside(daemonSet, 'spec');
  defaultTemplate(spec);
  const strategy = inside(spec, 'updateStrategy');
  setWhenEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    const rolling = inside(strategy, 'rollingUpdate');
    setDefault(rolling, 'maxUnavailable', 1);
    setDefault(rolling, 'maxSurge', 0);
  }
  setDefault(spec, 'revisionHistoryLimit', 10);
}

export function defaultStatefulSet(statefulSet: any): void {
  const spec = inside(statefulSet, 'spec');
  defaultTemplate(spec);
  setWhenEmpty(spec, 'podManagementPolicy', 'OrderedReady');
  const strategy = inside(spec, 'updateStrategy');
  setWhenEmpty(strategy, 'type', 'RollingUpdate');
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate ??= {};
    setDefault(strategy.rollingUpdate, 'partition', 0);
  }
  setDefault(spec, 'replicas', 1);
  setDefault(spec, 'revisionHistoryLimit', 10);
  const retention = inside(spec, 'persistentVolumeClaimRetentionPolicy');
  setWhenEmpty(retention, 'whenDeleted', 'Retain');
  setWhenEmpty(retention, 'whenScaled', 'Retain');
  for (const claim of spec.volumeClaimTemplates ?? []) {
    setWhenEmpty(claim, 'apiVersion', 'v1');
    setWhenEmpty(claim, 'kind', 'PersistentVolumeClaim');
    if (claim.spec) setDefault(claim.spec, 'volumeMode', 'Filesystem');
    claim.status ??= {phase: 'Pending'};
  }
}

export function defaultJobSpec(spec: any): void {
  defaultTemplate(spec);
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1;
    spec.parallelism = 1;
  }
  setDefault(spec, 'parallelism', 1);
  setDefault(spec, 'backoffLimit', spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1);
  setDefault(spec, 'completionMode', 'NonIndexed');
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'podReplacementPolicy', spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed');
  setDefault(spec, 'manualSelector', false);
}

export function defaultJob(job: any): void {
  job.spec ??= {};
  defaultJobSpec(job.spec);
  generateJobSelector(job);
}

/** The selector and labels by which a Job knows its pods; made once, when the job has its UID. */
function generateJobSelector(job: any): void {
  const {uid, name} = job.metadata ?? {};
  if (!uid || job.spec.manualSelector || job.spec.selector) return;
  const labels = inside(job.spec.template.metadata, 'labels');
  labels['batch.kubernetes.io/controller-uid'] = uid;
  labels['batch.kubernetes.io/job-name'] = name;
  labels['controller-uid'] = uid;
  labels['job-name'] = name;
  job.spec.selector = {matchLabels: {'batch.kubernetes.io/controller-uid': uid}};
}

export function defaultCronJob(cronJob: any): void {
  const spec = inside(cronJob, 'spec');
  setWhenEmpty(spec, 'concurrencyPolicy', 'Allow');
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'successfulJobsHistoryLimit', 3);
  setDefault(spec, 'failedJobsHistoryLimit', 1);
  const template = inside(spec, 'jobTemplate');
  template.metadata ??= {};
  if (template.metadata.creationTimestamp === null) delete template.metadata.creationTimestamp;
  template.spec ??= {};
  // A job template keeps `completions`, `parallelism` and the like open: they are set on each Job.
  defaultTemplate(template.spec);
}
