import type {Via} from '../catalog/lab.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {explainPages} from '../istio/causes/explain-pages.ts';
import {outcomeOf, type WantedPage} from '../istio/causes/page-rightness.ts';
import type {Hop, PageWay, Sight} from '../istio/way/way.ts';
import {type AskProxy, withProxies} from './ask-proxies.ts';
import {asDiagnosis, pageOf} from './diagnose.ts';
import {lastWritten} from './last-written.ts';
import {type ReadMesh, readMesh} from './mesh-snapshot.ts';
import type {Diagnosis, Verdict, VisitorRow} from './result.ts';

/** What a check of the page saw. */
export interface LookBefore {
  /** Milliseconds since the epoch. */
  at: number;
  verdict: Verdict;
  rows: readonly VisitorRow[];
  wanted: readonly WantedPage[];
}

/** What the last check saw of a visitor's page, and whether that is what the mesh makes of it now. */
export interface SeenBefore {
  /** How long ago, in milliseconds. */
  ago: number;
  seen: string;
  agrees: boolean;
  /** Where it does not agree: what may explain that, a sentence each. */
  perhaps: readonly string[];
}

/** A page load explained: its way, what a check saw of it, and what is the matter. */
export interface ToldPage {
  way: PageWay;
  before?: SeenBefore;
  causes: readonly Diagnosis[];
}

/** More would be read by nobody. */
const causesShown = 3;

/**
 * Reads the cluster and follows a visitor's page through it. What is wrong is told by what the last check wanted of that
 * visitor, and without one by whether the page is whole.
 */
export async function tellPage(
  kube: Kube,
  options: {
    visitor: string;
    via: Via;
    path?: string;
    last?: LookBefore;
    now: number;
    /** The cluster has real proxies, so that they are asked what they have. */
    realProxies?: boolean;
    askProxy?: AskProxy;
  },
): Promise<ToldPage> {
  const {visitor, via, path, last, now, realProxies, askProxy} = options;
  const mesh = await readMesh(kube);
  const {snapshot, pods, deployments, partial, unread} = mesh;
  const wantedBefore = last?.wanted.find(page => page.visitor === visitor && page.via === via);
  const failed = last?.verdict === 'failed' && path === undefined;
  const wanted: WantedPage = {
    ...pageOf(visitor, via),
    ...(path === undefined ? {} : {path}),
    expected: {},
    ...(failed ? wantedBefore : {}),
  };
  const input = {snapshot, pods, deployments, partial, wanted: [wanted]};
  const modelled = outcomeOf(input, snapshot, wanted).way;
  if (!modelled) throw new Error('a page without a way');
  const asking = {mesh, kube, now, ...(askProxy ? {ask: askProxy} : {})};
  const way = realProxies ? await withProxies(modelled, asking) : modelled;
  const row =
    path === undefined && wantedBefore ? last?.rows.find(each => each.visitor === visitor) : undefined;
  return {
    way: {...way, unknown: [...way.unknown, ...unread]},
    ...(row && row.seen !== '' && last ? {before: compared(mesh, way, row, {at: last.at, now})} : {}),
    causes: explainPages(input).slice(0, causesShown).map(asDiagnosis),
  };
}

function compared(
  mesh: ReadMesh,
  {sees, entry, applied}: PageWay,
  row: VisitorRow,
  {at, now}: {at: number; now: number},
): SeenBefore {
  const agrees = sees.some(sight => sight.share > 0 && starsOf(sight) === row.seen);
  if (agrees) return {ago: now - at, seen: seenText(row), agrees, perhaps: []};
  const changed = changedSince(mesh.items, at);
  const behind = entry.proxies || applied ? behindIn(entry) : undefined;
  if (behind && behind.length > 0) return {ago: now - at, seen: seenText(row), agrees, perhaps: behind};
  return {
    ago: now - at,
    seen: seenText(row),
    agrees,
    perhaps:
      changed.length > 0
        ? [`since then ${changed.join(', ')} changed`]
        : [
            'the proxies had not taken the configuration over yet',
            // Where they were asked they have it by now.
            ...(behind ? [] : ['a proxy has an older configuration than the mesh']),
            'the check came by another way than this one',
          ],
  };
}

/** Proxies that do not have what the objects say, a sentence each. */
function behindIn({proxies = [], branches}: Hop): readonly string[] {
  const own = proxies
    .filter(({state}) => state === 'older' || state === 'not-there')
    .map(({pod, has = ''}) => `the proxy of ${pod} has ${has}`);
  return [...new Set([...own, ...branches.flatMap(({next}) => next.flatMap(behindIn))])];
}

function seenText({seen, version}: VisitorRow): string {
  return version === undefined ? seen : `${seen} from ${version}`;
}

/** A sight in the word that a check has for it. */
function starsOf({status, reviews}: Sight): string {
  if (status !== 200 || reviews === undefined) return 'unavailable';
  return reviews === 'ratings-missing' || reviews === 'reviews-missing' ? 'unavailable' : reviews;
}

/** Objects of the mesh that somebody wrote after a moment, with when and with what, the latest last. */
export async function changesSince(kube: Kube, at: number): Promise<readonly string[]> {
  const {items} = await readMesh(kube);
  return items
    .flatMap(item => {
      const last = lastWritten(item);
      return Date.parse(last.time) > at ? [{item, ...last}] : [];
    })
    .sort((a, b) => (a.time < b.time ? -1 : 1))
    .map(({item, time, by}) => `${nameOf(item)} changed at ${time}${by === undefined ? '' : ` by ${by}`}`);
}

function changedSince(items: readonly KubeItem[], at: number): readonly string[] {
  // Kubernetes keeps whole seconds.
  return items.filter(item => Date.parse(lastWritten(item).time) > at - 1000).map(nameOf);
}

function nameOf({kind, metadata}: KubeItem): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
