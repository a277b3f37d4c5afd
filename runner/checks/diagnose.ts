import {signedInName} from '../../verify/visitors.ts';
import type {Condition, Stars, StarsWanted} from '../catalog/lab.ts';
import type {Kube} from '../engines/kube/kube.ts';
import type {Cause} from '../istio/causes/cause.ts';
import {explain} from '../istio/causes/explain.ts';
import {explainNotReady} from '../istio/causes/health.ts';
import type {AskedRequest, Hop} from '../istio/causes/hop.ts';
import {explainSidecars} from '../istio/causes/sidecars.ts';
import type {CheckContext} from './context.ts';
import {versionOfStars} from './contradiction.ts';
import {readMesh} from './mesh-snapshot.ts';
import type {ConditionResult, Diagnosis} from './result.ts';

const bookinfo = 'bookinfo';
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
      return explainStars(kube, condition, result.failedStatic ?? []);
    case 'ready':
      return explainWorkloads(kube, condition);
    case 'resource':
      return explainMissing(kube, condition);
    default:
      return [];
  }
}

const anyAnswer: AskedRequest = {who: 'everybody', headers: {}, expected: {}};

function hopTo(host: string, app: string, requests: readonly AskedRequest[]): Hop {
  return {caller: {namespace: bookinfo, labels: {app}}, host, port: 9080, requests};
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

async function explainStars(
  kube: Kube,
  condition: Condition & {kind: 'stars'},
  failedStatic: readonly string[],
): Promise<readonly Diagnosis[]> {
  const requests = requestsOf(condition.wanted);
  const hops = [hopTo('reviews', 'productpage', requests), hopTo('ratings', 'reviews', [anyAnswer])];
  return explainHops(kube, hops, failedStatic);
}

/** @returns the diagnoses of what the cluster's own configuration does to these requests. */
export async function explainHops(
  kube: Kube,
  hops: readonly Hop[],
  failedStatic: readonly string[] = [],
): Promise<readonly Diagnosis[]> {
  const {snapshot, pods} = await readMesh(kube);
  return explain({snapshot, pods, hops, failedStatic}).slice(0, causesShown).map(asDiagnosis);
}

function asDiagnosis({code, sentence, look, object, fix, command}: Cause): Diagnosis {
  return {
    code,
    sentence,
    look,
    ...(object === undefined ? {} : {object}),
    ...(fix === undefined ? {} : {fix}),
    ...(command === undefined ? {} : {command}),
  };
}

/** What each visitor's request to reviews should be answered by. */
export function requestsOf(wanted: StarsWanted): readonly AskedRequest[] {
  switch (wanted.mode) {
    case 'each':
      return Object.entries(wanted.visitors).map(([visitor, stars]) => ({
        ...requestOf(visitor),
        expected: {[versionOfStars[stars]]: 1},
      }));
    case 'mix': {
      const shares = Object.entries(wanted.shares).filter(([, share]) => share > 0);
      const expected = Object.fromEntries(
        shares.map(([stars, share]) => [versionOfStars[stars as Stars], share]),
      );
      return wanted.visitors.map(visitor => ({...requestOf(visitor), expected}));
    }
    case 'seen': {
      const expected = Object.fromEntries(
        wanted.stars.map(stars => [versionOfStars[stars], 1 / wanted.stars.length]),
      );
      return wanted.visitors.map(visitor => ({...requestOf(visitor), expected, anyShare: true}));
    }
  }
}

/** The productpage sends the name of whoever is signed in, and nothing for others. */
export function requestOf(visitor: string): Pick<AskedRequest, 'who' | 'headers' | 'path'> {
  const signedIn = signedInName(visitor);
  return {who: visitor, path: '/reviews/0', headers: signedIn === undefined ? {} : {'end-user': signedIn}};
}
