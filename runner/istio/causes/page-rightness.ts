import type {MeshSnapshot} from '../snapshot.ts';
import type {IstioObject} from '../types.ts';
import type {Call} from '../way/hop.ts';
import {wayOfCall, wayOfPage} from '../way/page.ts';
import type {Hop, PageWay, Sight} from '../way/way.ts';

/** What a visitor should see of a page. */
export interface WantedPage {
  /** `jason` */
  visitor: string;
  signedInAs?: string;
  via: PageWay['via'];
  path?: string;
  /** Wanted share (0 to 1) of each version of reviews. Empty: any version, and the whole page. */
  expected: Readonly<Record<string, number>>;
  /** Every version in `expected` must come, however often. */
  anyShare?: boolean;
}

/** One call that should get one of these statuses. */
export interface WantedCall {
  /** For the words: who calls. */
  visitor: string;
  from: {namespace: string; workload: string; kind?: 'sidecar' | 'gateway'};
  call: Call;
  statuses: readonly number[];
}

export type Wanted = WantedPage | WantedCall;

export interface PagesInput {
  snapshot: MeshSnapshot;
  /** All pods as the API returns them; those that do not run are in no snapshot. */
  pods?: readonly IstioObject[];
  /** Deployments as the API returns them; absent where they may not be read. */
  deployments?: readonly IstioObject[];
  wanted: readonly Wanted[];
  /** Pods of some namespaces only are known, so that nothing is said of what is in others. */
  partial?: boolean;
  /** Paths of static files that the page asked for and did not get. */
  failedStatic?: readonly string[];
}

/** What becomes of something wanted: how right it is, and the calls that make it, each before those behind it. */
export interface Outcome {
  rightness: number;
  hops: readonly Hop[];
  /** Of a page. */
  way?: PageWay;
}

export function outcomeOf({pods}: Pick<PagesInput, 'pods'>, snapshot: MeshSnapshot, wanted: Wanted): Outcome {
  if ('call' in wanted) {
    const hop = wayOfCall({snapshot, from: wanted.from, call: wanted.call});
    if (!hop) return {rightness: 0, hops: []};
    const good = hop.answers.filter(({status}) => wanted.statuses.includes(status));
    return {rightness: good.reduce((sum, {share}) => sum + share, 0), hops: withThoseBehind(hop)};
  }
  const {visitor, signedInAs, via, path} = wanted;
  const way = wayOfPage({
    snapshot,
    visitor,
    via,
    ...(pods ? {pods} : {}),
    ...(signedInAs === undefined ? {} : {signedInAs}),
    ...(path === undefined ? {} : {path}),
  });
  return {rightness: rightnessOfPage(wanted, way), hops: withThoseBehind(way.entry), way};
}

function withThoseBehind(hop: Hop): readonly Hop[] {
  return [hop, ...hop.branches.flatMap(({next}) => next.flatMap(withThoseBehind))];
}

/**
 * How right a page is: 1 is as wanted. A page that gets further on its way counts for more, so that each of several
 * mistakes that stand behind each other is worth something.
 */
export function rightnessOfPage(page: WantedPage, {sees}: Pick<PageWay, 'sees'>): number {
  const versions = Object.keys(page.expected);
  if (versions.length === 0) return sees.reduce((sum, sight) => sum + sight.share * wholeness(sight), 0);
  const shareOf = (version: string) =>
    sees
      .filter(sight => sight.version === version)
      .reduce((sum, sight) => sum + sight.share * wholeness(sight), 0);
  const got = sees.reduce((sum, sight) => sum + sight.share * wholeness(sight), 0);
  if (page.anyShare) {
    const seen = versions.filter(version => shareOf(version) > 0).length;
    return (seen / versions.length) * got;
  }
  const right = versions.reduce(
    (sum, version) => sum + Math.min(page.expected[version] ?? 0, shareOf(version)),
    0,
  );
  // What comes of another version is nearer to the aim than an error.
  return right + (got - right) * 0.3;
}

/** How much of the page is there, whichever version wrote it. */
function wholeness({status, reviews, details}: Sight): number {
  if (status !== 200) return status === 0 ? 0 : 0.05;
  if (reviews === undefined) return 1;
  const parts = {none: 1, black: 1, red: 1, 'ratings-missing': 0.6, 'reviews-missing': 0.15};
  return parts[reviews] * (details === 'missing' ? 0.9 : 1);
}

/** The sum over all that is wanted. */
export function rightnessOfAll(input: PagesInput, snapshot: MeshSnapshot): number {
  return input.wanted.reduce((sum, wanted) => sum + outcomeOf(input, snapshot, wanted).rightness, 0);
}
