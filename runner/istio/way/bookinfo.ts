import {merged} from './answers.ts';
import type {Answer, Party, ReviewsPart} from './way.ts';

/** One call that a program makes to answer another one. */
export interface ProgramCall {
  host: string;
  port: number;
  path: string;
  /** How long the program waits for each try, in milliseconds, and how often it asks. */
  patience: {ms: number; tries: number};
}

const port = 9080;
export const pagePath = '/productpage';

/**
 * The calls that a program of Bookinfo makes to answer a path, with its own limits (samples/bookinfo: productpage asks
 * details once and reviews twice, 3 s each; reviews v2 waits 10 s for ratings, v3 2.5 s, v1 never asks).
 */
export function callsOf(
  {app, version}: Pick<Party, 'app' | 'version'>,
  path: string,
): readonly ProgramCall[] {
  if (app === 'productpage' && path === pagePath) {
    return [
      {host: 'details', port, path: '/details/0', patience: {ms: 3000, tries: 1}},
      {host: 'reviews', port, path: '/reviews/0', patience: {ms: 3000, tries: 2}},
    ];
  }
  if (app === 'reviews' && isOwnPath(app, path) && starsOf(version) !== 'none') {
    const ms = starsOf(version) === 'black' ? 10_000 : 2500;
    return [{host: 'ratings', port, path: '/ratings/0', patience: {ms, tries: 1}}];
  }
  return [];
}

/** The stars that a version of reviews draws. */
function starsOf(version: string | undefined): 'none' | 'black' | 'red' {
  if (version === 'v2') return 'black';
  return version === 'v3' ? 'red' : 'none';
}

/**
 * What a program answers, given what its own calls got in their order.
 * @param calls for each call the answers to it
 */
export function answersOf(
  {app, version, variant}: Pick<Party, 'app' | 'version' | 'variant'>,
  path: string,
  calls: readonly (readonly Answer[])[],
): readonly Answer[] {
  const tagged = version === undefined ? {} : {version};
  if (!isOwnPath(app, path)) return [{share: 1, status: 404, ms: 0, ending: 'application', ...tagged}];
  const [first = whole, second = whole] = calls;
  const broken: Answer = {share: 1, status: 500, ms: 0, ending: 'application', ...tagged};
  if (app === 'productpage' && path === pagePath) {
    return merged(
      first.flatMap(details =>
        second.map((reviews): Answer => {
          const share = details.share * reviews.share;
          const ms = details.ms + reviews.ms;
          if (isNoJson(details) || isNoJson(reviews)) return {...broken, share, ms};
          return {
            share,
            status: 200,
            ms,
            ending: 'application',
            details: details.status === 200 ? 'shown' : 'missing',
            reviews: reviews.status === 200 ? (reviews.reviews ?? 'reviews-missing') : 'reviews-missing',
            ...(reviews.status === 200 && reviews.version !== undefined ? {version: reviews.version} : {}),
          };
        }),
      ),
    );
  }
  if (app === 'ratings' && variant !== undefined && path.startsWith('/ratings/')) {
    return misbehaving(variant).map(answer => ({...answer, ...tagged}));
  }
  if (app !== 'reviews') return [{share: 1, status: 200, ms: 0, ending: 'application', ...tagged}];
  const stars = starsOf(version);
  const drawn = (status: number): ReviewsPart =>
    stars === 'none' || status === 200 ? stars : 'ratings-missing';
  return merged(
    first.map(({share, status, ms, ending}) => ({
      share,
      status: 200,
      ms,
      ending: 'application',
      reviews: drawn(isNoJson({status, ending}) ? 500 : status),
      ...tagged,
    })),
  );
}

/** Something in a program's place that says 200 and not what it would, so that whoever asked can't read it. */
function isNoJson({status, ending}: Pick<Answer, 'status' | 'ending'>): boolean {
  return status === 200 && ending === 'direct';
}

/**
 * What ratings answer that misbehave on purpose, on average: half of the requests fail or are late by themselves, or all
 * for every other minute (samples/bookinfo/src/ratings/ratings.js).
 */
function misbehaving(variant: string): readonly Answer[] {
  const good: Answer = {share: 0.5, status: 200, ms: 0, ending: 'application'};
  switch (variant) {
    case 'v-faulty':
    case 'v-unavailable':
      return [good, {...good, status: 503}];
    case 'v-delayed':
      return [good, {...good, ms: 7000}];
    default:
      return [{...good, share: 1}];
  }
}

const whole: readonly Answer[] = [{share: 1, status: 200, ms: 0, ending: 'application'}];

/** Whether a program knows a path. Of programs that are not Bookinfo's nothing is known, so they do. */
function isOwnPath(app: string, path: string): boolean {
  const bare = path.replace(/\?.*$/s, '');
  switch (app) {
    case 'productpage':
      return /^\/($|index\.html|productpage|login|logout|health|metrics|static\/|api\/v1\/products)/.test(
        bare,
      );
    case 'reviews':
      return bare === '/health' || /^\/reviews\/[+-]?\d+\/?$/.test(bare);
    case 'details':
      return bare === '/health' || bare.startsWith('/details/');
    case 'ratings':
      return bare === '/health' || bare.startsWith('/ratings/');
    default:
      return true;
  }
}

/**
 * The headers that productpage sends on for a visitor. The session's value is its own seal, so that no rule can know
 * it.
 */
export function headersFor(signedInAs: string | undefined): Readonly<Record<string, string>> {
  const all = {accept: '*/*', 'user-agent': 'Mozilla/5.0'};
  if (signedInAs === undefined) return all;
  return {...all, cookie: 'session=(sealed)', 'end-user': signedInAs};
}
