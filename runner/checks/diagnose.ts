import {signedInName} from '../../verify/visitors.ts';
import type {Condition, Stars, Via} from '../catalog/lab.ts';
import type {Kube} from '../engines/kube/kube.ts';
import type {Cause} from '../istio/causes/cause.ts';
import {explainPages} from '../istio/causes/explain-pages.ts';
import {explainNotReady} from '../istio/causes/health.ts';
import type {WantedPage} from '../istio/causes/page-rightness.ts';
import {explainSidecars} from '../istio/causes/sidecars.ts';
import type {CheckContext} from './context.ts';
import {versionOfStars} from './contradiction.ts';
import {readMesh} from './mesh-snapshot.ts';
import type {ConditionResult, Diagnosis} from './result.ts';

/** More would be read by nobody. */
const causesShown = 3;

/** Why a condition failed, the likeliest cause first, read off the live cluster. */
export async function diagnose(
  condition: Condition,
  result: Pick<ConditionResult, 'seen'> & {failedStatic?: readonly string[]},
  {kube}: Pick<CheckContext, 'kube'>,
): Promise<readonly Diagnosis[]> {
  switch (condition.kind) {
    case 'stars':
      return explainWanted(kube, wantedPages(condition), result.failedStatic);
    case 'page':
      return explainPage(kube, condition);
    case 'ready':
      return explainWorkloads(kube, condition);
    case 'resource':
      return explainMissing(kube, condition);
    default:
      return [];
  }
}

/** Why workloads are not ready, or their pods without a sidecar. */
async function explainWorkloads(
  kube: Kube,
  condition: Condition & {kind: 'ready'},
): Promise<readonly Diagnosis[]> {
  const {namespace} = condition;
  const workloads = condition.workloads.map(workload => workload.split('/').at(-1) ?? workload);
  const {snapshot, pods} = await readMesh(kube);
  const bare = condition.sidecar ? explainSidecars({snapshot, namespace, workloads}) : [];
  return [...bare, ...explainNotReady({pods, namespace, workloads})].slice(0, causesShown).map(asDiagnosis);
}

/** An object that is not where it should be may stand in another namespace: `-n` was forgotten. */
async function explainMissing(
  kube: Kube,
  condition: Condition & {kind: 'resource'},
): Promise<readonly Diagnosis[]> {
  const {resource, name, namespace} = condition;
  if (!namespace || (await kube.get(resource, name, namespace))) return [];
  const strays = (await kube.list(resource)).filter(item => item.metadata.name === name);
  return strays.slice(0, causesShown).map(({kind, metadata}) => ({
    code: 'wrong-namespace',
    sentence: `There is a ${kind} ${name} in the namespace ${metadata.namespace}, but it belongs into ${namespace}.`,
    object: `${kind} ${metadata.namespace}/${name}`,
    fix: `metadata.namespace: "${metadata.namespace}" -> "${namespace}"`,
    command: `kubectl delete ${resource} ${name} -n ${metadata.namespace}, then apply your file with -n ${namespace}`,
  }));
}

/** What the visitors of a condition about the stars should see. */
export function wantedPages({
  wanted,
  via,
}: Pick<Condition & {kind: 'stars'}, 'wanted' | 'via'>): readonly WantedPage[] {
  switch (wanted.mode) {
    case 'each':
      return Object.entries(wanted.visitors).map(([visitor, stars]) => ({
        ...pageOf(visitor, via),
        expected: {[versionOfStars[stars]]: 1},
      }));
    case 'mix': {
      const shares = Object.entries(wanted.shares).filter(([, share]) => share > 0);
      const expected = Object.fromEntries(
        shares.map(([stars, share]) => [versionOfStars[stars as Stars], share]),
      );
      return wanted.visitors.map(visitor => ({...pageOf(visitor, via), expected}));
    }
    case 'seen': {
      const expected = Object.fromEntries(
        wanted.stars.map(stars => [versionOfStars[stars], 1 / wanted.stars.length]),
      );
      return wanted.visitors.map(visitor => ({...pageOf(visitor, via), expected, anyShare: true}));
    }
  }
}

function pageOf(visitor: string, via: Via): Omit<WantedPage, 'expected'> {
  const signedInAs = signedInName(visitor);
  return {visitor, via, ...(signedInAs === undefined ? {} : {signedInAs})};
}

/** @returns the diagnoses of what the cluster's own configuration does to these pages. */
export async function explainWanted(
  kube: Kube,
  wanted: readonly WantedPage[],
  failedStatic: readonly string[] = [],
): Promise<readonly Diagnosis[]> {
  const {snapshot, pods} = await readMesh(kube);
  return explainPages({snapshot, pods, wanted, failedStatic}).slice(0, causesShown).map(asDiagnosis);
}

/** A page that should be there, for one visitor: any version will do. */
async function explainPage(
  kube: Kube,
  {visitor, via, path, status, slowerThan}: Condition & {kind: 'page'},
): Promise<readonly Diagnosis[]> {
  // A refusal or a delay that was asked for, and did not come, has no mistake in the mesh to look for.
  if ((status !== undefined && status !== 200) || slowerThan !== undefined) return [];
  return explainWanted(kube, [{...pageOf(visitor, via), path, expected: {}}]);
}

function asDiagnosis({code, sentence, look, object, fix, command, analysis, behind}: Cause): Diagnosis {
  return {
    code,
    sentence,
    look,
    ...(object === undefined ? {} : {object}),
    ...(fix === undefined ? {} : {fix}),
    ...(command === undefined ? {} : {command}),
    ...(analysis === undefined ? {} : {analysis}),
    ...(behind ? {behind} : {}),
  };
}
