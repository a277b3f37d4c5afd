import {ageOf, humanDuration} from '../../age.ts';
import type {KubeObject} from '../../objects.ts';
import {booleanText, containerCells, formatLabels, formatSelector, textOr} from './format.ts';
import {columns, type Printer} from './printer.ts';

const wide = '+Containers|+Images|+Selector';
const created = (object: KubeObject) => object.metadata.creationTimestamp;

/** Printers of everything that makes pods, by resource name. */
export const workloadPrinters: Record<string, Printer> = {
  'deployments.apps': {
    columns: columns(`Name|Ready|Up-to-date:integer|Available:integer|Age|${wide}`),
    cells: (object, now) => [
      object.metadata.name,
      `${object['status']?.readyReplicas ?? 0}/${object['spec']?.replicas ?? 0}`,
      object['status']?.updatedReplicas ?? 0,
      object['status']?.availableReplicas ?? 0,
      ageOf(created(object), now),
      ...containerCells(object['spec']?.template),
      formatSelector(object['spec']?.selector),
    ],
  },
  'replicasets.apps': {
    columns: columns(`Name|Desired:integer|Current:integer|Ready:integer|Age|${wide}`),
    cells: (object, now) => replicaCells(object, now, formatSelector(object['spec']?.selector)),
  },
  replicationcontrollers: {
    columns: columns(`Name|Desired:integer|Current:integer|Ready:integer|Age|${wide}`),
    cells: (object, now) => replicaCells(object, now, formatLabels(object['spec']?.selector)),
  },
  'statefulsets.apps': {
    columns: columns('Name|Ready|Age|+Containers|+Images'),
    cells: (object, now) => [
      object.metadata.name,
      `${object['status']?.readyReplicas ?? 0}/${object['spec']?.replicas ?? 0}`,
      ageOf(created(object), now),
      ...containerCells(object['spec']?.template),
    ],
  },
  'daemonsets.apps': {
    columns: columns(
      `Name|Desired:integer|Current:integer|Ready:integer|Up-to-date:integer|Available:integer|Node Selector|Age|${wide}`,
    ),
    cells: (object, now) => [
      object.metadata.name,
      object['status']?.desiredNumberScheduled ?? 0,
      object['status']?.currentNumberScheduled ?? 0,
      object['status']?.numberReady ?? 0,
      object['status']?.updatedNumberScheduled ?? 0,
      object['status']?.numberAvailable ?? 0,
      formatLabels(object['spec']?.template?.spec?.nodeSelector),
      ageOf(created(object), now),
      ...containerCells(object['spec']?.template),
      formatSelector(object['spec']?.selector),
    ],
  },
  'jobs.batch': {
    columns: columns(`Name|Status|Completions|Duration|Age|${wide}`),
    cells: (object, now) => [
      object.metadata.name,
      jobStatus(object),
      jobCompletions(object),
      jobDuration(object, now),
      ageOf(created(object), now),
      ...containerCells(object['spec']?.template),
      formatSelector(object['spec']?.selector),
    ],
  },
  'cronjobs.batch': {
    columns: columns(`Name|Schedule|Timezone|Suspend|Active:integer|Last Schedule|Age|${wide}`),
    cells: (object, now) => {
      const last = object['status']?.lastScheduleTime;
      return [
        object.metadata.name,
        object['spec']?.schedule ?? '',
        textOr(object['spec']?.timeZone, '<none>'),
        booleanText(object['spec']?.suspend),
        object['status']?.active?.length ?? 0,
        last ? ageOf(last, now) : '<none>',
        ageOf(created(object), now),
        ...containerCells(object['spec']?.jobTemplate?.spec?.template),
        formatSelector(object['spec']?.jobTemplate?.spec?.selector),
      ];
    },
  },
  'controllerrevisions.apps': {
    columns: columns('Name|Controller|Revision:integer|Age'),
    cells: (object, now) => [
      object.metadata.name,
      controllerOf(object),
      object['revision'] ?? 0,
      ageOf(created(object), now),
    ],
  },
  podtemplates: {
    columns: columns('Name|Containers|Images|Pod Labels'),
    cells: object => [
      object.metadata.name,
      ...containerCells(object['template']),
      formatLabels(object['template']?.metadata?.labels),
    ],
  },
};

function replicaCells(object: KubeObject, now: number, selector: string) {
  return [
    object.metadata.name,
    object['spec']?.replicas ?? 0,
    object['status']?.replicas ?? 0,
    object['status']?.readyReplicas ?? 0,
    ageOf(created(object), now),
    ...containerCells(object['spec']?.template),
    selector,
  ];
}

function jobStatus(job: KubeObject): string {
  const has = (type: string) =>
    job['status']?.conditions?.some(
      (c: {type: string; status: string}) => c.type === type && c.status === 'True',
    );
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  for (const type of ['Suspended', 'FailureTarget', 'SuccessCriteriaMet']) if (has(type)) return type;
  return 'Running';
}

function jobCompletions(job: KubeObject): string {
  const succeeded = job['status']?.succeeded ?? 0;
  const {completions, parallelism = 0} = job['spec'] ?? {};
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubeObject, now: number): string {
  const {startTime, completionTime} = job['status'] ?? {};
  if (!startTime) return '';
  return humanDuration((completionTime ? Date.parse(completionTime) : now) - Date.parse(startTime));
}

function controllerOf(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.find(reference => reference.controller);
  if (!owner) return '<none>';
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
