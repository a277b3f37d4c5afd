import type {KubeObject} from '../objects.ts';
import {badRequest} from './failures.ts';
import type {ServedType} from './served-type.ts';

export interface FieldSelector {
  matches(object: KubeObject): boolean;
  /** The one name it allows, if it names one. */
  name: string | undefined;
}

/** What each built-in kind can be selected by, besides `metadata.name` and `metadata.namespace`. */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

/** @throws ApiError 400 for a field that the kind can't be selected by. */
export function parseFieldSelector(text: string, type: ServedType): FieldSelector {
  const terms = text
    .split(',')
    .filter(term => term !== '')
    .map(term => parseTerm(term, type));
  return {
    matches: object => terms.every(term => (read(object, term.path) === term.value) !== term.negated),
    name: terms.find(term => term.path === 'metadata.name' && !term.negated)?.value,
  };
}

function parseTerm(term: string, type: ServedType) {
  const match = /^([^=!]+)(!=|==?)(.*)$/.exec(term);
  const path = match?.[1] ?? term;
  const allowed = ['metadata.name', 'metadata.namespace', ...(selectable[type.storage] ?? [])];
  const declared = (type.crd?.['spec'].versions ?? []).flatMap((version: any) =>
    (version.selectableFields ?? []).map((field: any) => String(field.jsonPath).replace(/^\./, '')),
  );
  if (!match || !(allowed.includes(path) || declared.includes(path))) {
    throw badRequest(
      match
        ? `field label not supported: ${path}`
        : `invalid selector: '${term}'; can't understand '${term}'`,
    );
  }
  return {path, negated: match[2] === '!=', value: match[3] ?? ''};
}

function read(object: KubeObject, path: string): string {
  if (path === 'source') return object['source']?.component ?? object['reportingComponent'] ?? '';
  if (path === 'status.successful') return String(object['status']?.succeeded ?? 0);
  let value: any = object;
  for (const field of path.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, field) ? value[field] : undefined;
  }
  if (value === undefined || value === null) {
    if (path === 'spec.unschedulable' || path === 'spec.hostNetwork') return 'false';
    return path === 'status.replicas' ? '0' : '';
  }
  return String(value);
}
