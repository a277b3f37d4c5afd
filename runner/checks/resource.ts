import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import type {Checker} from './context.ts';
import {readField} from './field-path.ts';
import {lookUntilFinal} from './wait.ts';

function place(condition: {resource: string; name: string; namespace?: string}): string {
  return `${condition.resource}/${condition.name}${condition.namespace ? ` -n ${condition.namespace}` : ''}`;
}

/** An object that must exist and stay, with fields that must have the wanted values. */
export const checkResource: Checker<'resource'> = async (condition, {kube}) => {
  const {resource, name, namespace, fields} = condition;
  const label = place(condition);
  const expected = ['exists', ...fields.map(field => `${field.path} = ${field.equals}`)].join(', ');
  const failed = (seen: string) => ({verdict: 'failed' as const, label, expected, seen});
  const object = await kube.get(resource, name, namespace);
  if (!object) return failed('not found');
  if (object.metadata.deletionTimestamp) return failed('is being deleted');
  if (fields.some(({path}) => isStatus(path)) && isOutdated(object))
    return failed('its status is of an earlier generation');
  const wrong = fields
    .map(field => ({...field, seen: readField(object, field.path)}))
    .filter(field => field.seen !== field.equals);
  if (wrong.length > 0)
    return failed(wrong.map(field => `${field.path} = ${field.seen || '(not set)'}`).join(', '));
  return {verdict: 'passed', label, expected, seen: fields.length > 0 ? expected : 'exists'};
};

function isStatus(path: string): boolean {
  return /^\{?\$?\.?status\b/.test(path);
}

/** A status tells of the generation that its controller saw; not every kind says which that was. */
function isOutdated({metadata, status}: KubeItem): boolean {
  const observed: number | undefined = status?.observedGeneration;
  return observed !== undefined && observed < (metadata.generation ?? 0);
}

/** An object that must be gone; one that is only being deleted is not. */
export const checkAbsent: Checker<'absent'> = async (condition, {kube}) => {
  const {resource, name, namespace} = condition;
  const told = {label: `no ${place(condition)}`, expected: 'not there'};
  const object = await kube.get(resource, name, namespace);
  if (object?.metadata.deletionTimestamp) return {...told, verdict: 'failed', seen: 'still being deleted'};
  if (object) return {...told, verdict: 'failed', seen: 'still there'};
  // A kind that nobody serves has no objects, and a misspelt one never fails.
  if (!(await kube.serves(resource))) {
    return {
      ...told,
      verdict: 'unknown',
      seen: `the cluster knows no ${resource}`,
      remedies: ['See what it knows: kubectl api-resources'],
    };
  }
  return {...told, verdict: 'passed', seen: 'not there'};
};

/** A real API server takes some seconds until it serves a definition that it has. */
const establishingMilliseconds = 30_000;

/** A number of CustomResourceDefinitions of a group (and its subgroups) that must be established. */
export const checkCrds: Checker<'crds'> = async (condition, {kube, time, signal, onProgress}) => {
  const found = await lookUntilFinal({
    patience: establishingMilliseconds,
    interval: 500,
    time,
    signal,
    onLook: value => onProgress({seen: crdsText(value)}),
    look: async () => {
      const value = await crdsOf(kube, condition.group);
      // Those that are not there do not come by waiting.
      return {value, final: value.established >= condition.atLeast || value.all < condition.atLeast};
    },
  });
  return {
    verdict: found.established >= condition.atLeast ? 'passed' : 'failed',
    label: `CRDs of ${condition.group}`,
    expected: `at least ${condition.atLeast} established`,
    seen: crdsText(found),
  };
};

async function crdsOf(kube: Kube, wanted: string): Promise<{all: number; established: number}> {
  const crds = await kube.list('customresourcedefinitions.apiextensions.k8s.io');
  const ofGroup = crds.filter(crd => {
    if (crd.metadata.deletionTimestamp) return false;
    const group = String(crd['spec']?.group);
    return group === wanted || group.endsWith(`.${wanted}`);
  });
  const established = ofGroup.filter(
    crd =>
      !crd.metadata.deletionTimestamp &&
      readField(crd, '.status.conditions[?(@.type=="Established")].status') === 'True',
  );
  return {all: ofGroup.length, established: established.length};
}

function crdsText({all, established}: {all: number; established: number}): string {
  return `${established} established${all > established ? `, ${all - established} not yet` : ''}`;
}
