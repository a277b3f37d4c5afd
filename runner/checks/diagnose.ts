import type {Condition, Stars, StarsWanted} from '../catalog/lab.ts';
import type {Kube} from '../clusters/kube/kube.ts';
import type {Cause} from '../istio/causes/cause.ts';
import {explain} from '../istio/causes/explain.ts';
import type {AskedRequest, Hop} from '../istio/causes/hop.ts';
import type {CheckContext} from './context.ts';
import {readMesh} from './mesh-snapshot.ts';
import type {ConditionResult, Diagnosis} from './result.ts';

const versionOfStars: Readonly<Record<Stars, string>> = {none: 'v1', black: 'v2', red: 'v3'};
const bookinfo = 'bookinfo';

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
      return condition.sidecar ? explainHops(kube, [hopTo('reviews', 'productpage', [anyAnswer])]) : [];
    default:
      return [];
  }
}

const anyAnswer: AskedRequest = {who: 'everybody', headers: {}, expected: {}};

function hopTo(host: string, app: string, requests: readonly AskedRequest[]): Hop {
  return {caller: {namespace: bookinfo, labels: {app}}, host, port: 9080, requests};
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
  return explain({snapshot, pods, hops, failedStatic}).slice(0, 3).map(asDiagnosis);
}

function asDiagnosis({code, sentence, object, fix, command}: Cause): Diagnosis {
  return {
    code,
    sentence,
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
  return {
    who: visitor,
    path: '/reviews/0',
    headers: visitor === 'anonymous' ? {} : {'end-user': visitor},
  };
}
