import type {Kube} from '../engines/kube/kube.ts';
import type {Checker} from './context.ts';
import {readField} from './field-path.ts';
import {lookUntilFinal} from './wait.ts';

function place(condition: {resource: string; name: string; namespace?: string}): string {
  return `${condition.resource}/${condition.name}${condition.namespace ? ` -n ${condition.namespace}` : ''}`;
}

/** An object that must exist, with fields that must have the wanted values. */
export const checkResource: Checker<'resource'> = async (condition, {kube}) => {
  const label = place(condition);
  const expected = ['exists', ...condition.fields.map(field => `${field.path} = ${field.equals}`)].join(', ');
  const object = await kube.get(condition.resource, condition.name, condition.namespace);
  if (!object) return {verdict: 'failed', label, expected, seen: 'not found'};
  const wrong = condition.fields
    .map(field => ({...field, seen: readField(object, field.path)}))
    .filter(field => field.seen !== field.equals);
  if (wrong.length > 0) {
    const seen = wrong.map(field => `${field.path} = ${field.seen || '(not set)'}`).join(', ');
    return {verdict: 'failed', label, expected, seen};
  }
  return {verdict: 'passed', label, expected, seen: condition.fields.length > 0 ? expected : 'exists'};
};

/** An object that must be gone. */
export const checkAbsent: Checker<'absent'> = async (condition, {kube}) => {
  const object = await kube.get(condition.resource, condition.name, condition.namespace);
  return {
    verdict: object ? 'failed' : 'passed',
    label: `no ${place(condition)}`,
    expected: 'not there',
    seen: object ? 'still there' : 'not there',
  };
};

/** A real API server takes some seconds until it serves a definition that it has. */
const establishingMilliseconds = 30_000;

/** A number of CustomResourceDefinitions of a group (and its subgroups) that must be established. */
export const checkCrds: Checker<'crds'> = async (condition, {kube, signal, onProgress}) => {
  const found = await lookUntilFinal({
    patience: establishingMilliseconds,
    interval: 500,
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
    const group = String(crd['spec']?.group);
    return group === wanted || group.endsWith(`.${wanted}`);
  });
  const established = ofGroup.filter(
    crd => readField(crd, '.status.conditions[?(@.type=="Established")].status') === 'True',
  );
  return {all: ofGroup.length, established: established.length};
}

function crdsText({all, established}: {all: number; established: number}): string {
  return `${established} established${all > established ? `, ${all - established} not yet` : ''}`;
}
