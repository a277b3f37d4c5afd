import {signedInName} from '../../verify/visitors.ts';
import type {Condition, Stars, Via} from '../catalog/lab.ts';
import type {Kube} from '../engines/kube/kube.ts';
import type {Capabilities} from '../engines/port.ts';
import type {Cause} from '../istio/causes/cause.ts';
import {explainPages} from '../istio/causes/explain-pages.ts';
import {explainNotReady} from '../istio/causes/health.ts';
import {outcomeOf, type WantedPage} from '../istio/causes/page-rightness.ts';
import {wholly} from '../istio/causes/predict.ts';
import {explainSidecars} from '../istio/causes/sidecars.ts';
import {withProxies} from './ask-proxies.ts';
import type {CheckContext} from './context.ts';
import {versionOfStars} from './contradiction.ts';
import {readMesh} from './mesh-snapshot.ts';
import type {ConditionResult, Diagnosis, Explanation} from './result.ts';

/** More would be read by nobody. */
const causesShown = 3;

/** Why a condition failed, the likeliest cause first, read off the live cluster. */
export async function diagnose(
  condition: Condition,
  result: Pick<ConditionResult, 'seen'> & {failedStatic?: readonly string[]},
  {kube, capabilities}: Pick<CheckContext, 'kube'> & {capabilities?: Pick<Capabilities, 'simulated'>},
): Promise<Explanation> {
  const {failedStatic = []} = result;
  const realProxies = capabilities?.simulated === false;
  switch (condition.kind) {
    case 'stars':
      return explainWanted(kube, wantedPages(condition), {failedStatic, realProxies});
    case 'page':
      return explainPage(kube, condition, realProxies);
    case 'request':
      return explainRequest(kube, condition);
    case 'ready':
      return {why: await explainWorkloads(kube, condition)};
    case 'resource':
      return {why: await explainMissing(kube, condition)};
    default:
      return {why: []};
  }
}

/** Why workloads are not ready, or their pods without a sidecar. */
async function explainWorkloads(
  kube: Kube,
  condition: Condition & {kind: 'ready'},
): Promise<readonly Diagnosis[]> {
  const {namespace} = condition;
  const workloads = condition.workloads.map(workload => workload.split('/').at(-1) ?? workload);
  const {snapshot, pods, deployments} = await readMesh(kube);
  const bare = condition.sidecar ? explainSidecars({snapshot, namespace, workloads, deployments}) : [];
  return [...bare, ...explainNotReady({pods, deployments, namespace, workloads})]
    .slice(0, causesShown)
    .map(asDiagnosis);
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

/** Who opens the page, and which way. */
export function pageOf(visitor: string, via: Via): Omit<WantedPage, 'expected'> {
  const signedInAs = signedInName(visitor);
  return {visitor, via, ...(signedInAs === undefined ? {} : {signedInAs})};
}

/** What the mesh's own configuration does to what a condition about the stars wants. */
export function explainStars(kube: Kube, condition: Condition & {kind: 'stars'}): Promise<Explanation> {
  return explainWanted(kube, wantedPages(condition));
}

/** What the mesh's own configuration does to these pages, and the way of the first that it makes wrong. */
export async function explainWanted(
  kube: Kube,
  wanted: readonly WantedPage[],
  {failedStatic = [], realProxies = false}: {failedStatic?: readonly string[]; realProxies?: boolean} = {},
): Promise<Explanation> {
  const mesh = await readMesh(kube);
  const {snapshot, pods, deployments, partial, unread} = mesh;
  const input = {snapshot, pods, deployments, partial, wanted, failedStatic};
  const outcomes = wanted.map(page => outcomeOf(input, snapshot, page));
  const wrong = outcomes.find(({rightness}) => rightness < wholly) ?? outcomes[0];
  const modelled = wrong?.way && {...wrong.way, unknown: [...wrong.way.unknown, ...unread]};
  const way = modelled && realProxies ? await withProxies(modelled, {mesh, kube, now: Date.now()}) : modelled;
  return {
    why: explainPages(input).slice(0, causesShown).map(asDiagnosis),
    ...(way ? {way} : {}),
  };
}

/** A page that should be there, for one visitor: any version will do. */
async function explainPage(
  kube: Kube,
  {visitor, via, path, status, slowerThan}: Condition & {kind: 'page'},
  realProxies: boolean,
): Promise<Explanation> {
  // A refusal or a delay that was asked for, and did not come, has no mistake in the mesh to look for.
  if ((status !== undefined && status !== 200) || slowerThan !== undefined) return {why: []};
  return explainWanted(kube, [{...pageOf(visitor, via), path, expected: {}}], {realProxies});
}

/** A request from a pod, or through the gateway, that got another status than it should. */
async function explainRequest(
  kube: Kube,
  {from, url, codes, headers}: Condition & {kind: 'request'},
): Promise<Explanation> {
  if (!URL.canParse(url) || from === 'gateway' || !codes.includes(200)) return {why: []};
  const {hostname, port, pathname} = new URL(url);
  const [target = '', ...where] = from.split(' ');
  const workload = target.split('/').at(-1) ?? '';
  const namespace = where[where.indexOf('-n') + 1] ?? 'default';
  const call = {host: hostname, port: Number(port || 80), path: pathname, headers: lowered(headers)};
  const {snapshot, pods, deployments, partial} = await readMesh(kube);
  const wanted = [{visitor: workload, from: {namespace, workload}, call, statuses: codes}];
  return {
    why: explainPages({snapshot, pods, deployments, partial, wanted}).slice(0, causesShown).map(asDiagnosis),
  };
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

export function asDiagnosis({
  code,
  sentence,
  look,
  object,
  fix,
  command,
  analysis,
  behind,
}: Cause): Diagnosis {
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
