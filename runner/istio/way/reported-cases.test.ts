import {describe, expect, it} from 'vitest';
import type {BookinfoMesh} from '../../testing/bookinfo-mesh.ts';
import {type Case, meshWith, notSimulated, present, readCases, reason} from '../../testing/reported-cases.ts';
import {wayOfPage} from './page.ts';
import type {PageWay, Sight} from './way.ts';

function pageOf(
  mesh: BookinfoMesh,
  visitor: string,
  via: PageWay['via'] = 'productpage',
  path?: string,
): PageWay {
  return wayOfPage({
    snapshot: mesh.snapshot(),
    pods: mesh.pods(),
    visitor,
    via,
    ...(visitor === 'anonymous' ? {} : {signedInAs: visitor}),
    ...(path === undefined ? {} : {path}),
  });
}

const words: readonly [pattern: RegExp, sight: (sight: Sight) => boolean][] = [
  [
    /details unavailable and reviews unavailable/,
    sight => sight.reviews === 'reviews-missing' && sight.details === 'missing',
  ],
  [
    /Ratings service is currently unavailable/,
    sight => sight.reviews === 'ratings-missing' && sight.version === 'v2',
  ],
  [/^(unavailable|reviews unavailable)/, sight => sight.reviews === 'reviews-missing'],
  [/^none/, sight => sight.reviews === 'none'],
  [/^black/, sight => sight.reviews === 'black'],
  [/^red/, sight => sight.reviews === 'red'],
];

const shareOf = (way: PageWay, test: (sight: Sight) => boolean) =>
  way.sees.filter(test).reduce((sum, {share}) => sum + share, 0);

/** Whether a page is as the words say. @returns false where the words are about something else. */
function claims(what: string, way: PageWay): boolean {
  if (/^mix of none, black and red/.test(what)) {
    for (const stars of ['none', 'black', 'red']) {
      expect(
        shareOf(way, ({reviews}) => reviews === stars),
        stars,
      ).toBeCloseTo(1 / 3);
    }
    return true;
  }
  const parts = what.split(/(?<=\d %[^,]*), (?=\w+ \w* ?(?:un|on))|(?<=loads), /);
  let understood = false;
  for (const part of parts) {
    const found = words.find(([pattern]) => pattern.test(part));
    if (!found) continue;
    understood = true;
    const percent = /about (\d+) %/.exec(part)?.[1];
    expect(shareOf(way, found[1]), part).toBeCloseTo(percent === undefined ? 1 : Number(percent) / 100);
    const after = /after about (\d+(?:\.\d+)?) s/.exec(part)?.[1];
    if (after !== undefined) expect(way.sees[0]?.ms).toBe(Number(after) * 1000);
  }
  return understood;
}

function judge(mesh: BookinfoMesh, [who, what]: Case['truth'][number]): boolean {
  if (/^(jason|john|anonymous)/.test(who)) {
    const visitors = who.replace(/\(.*\)/, '').split(',');
    return visitors.map(visitor => claims(what, pageOf(mesh, visitor.trim()))).every(Boolean);
  }
  if (who.startsWith('port-forward to productpage')) return claims(what, pageOf(mesh, 'anonymous'));
  if (!who.startsWith('via gateway')) return false;
  const path = /(\/[\w/]+)/.exec(who)?.[1];
  const asked = path === '/static/' ? '/static/bookinfo.css' : path;
  const status = Number(/^(\d{3})/.exec(what)?.[1] ?? 0);
  const way = pageOf(mesh, 'anonymous', 'gateway', asked);
  expect(way.sees.map(sight => sight.status)).toEqual(way.sees.map(() => status));
  if (/unstyled/.test(what)) expect(way.styled?.status).toBe(404);
  if (/styled/.test(what) && !/unstyled/.test(what)) expect(way.sees[0]?.status).toBe(200);
  return true;
}

/** Rows about a command, a pod or a note; every other one has to be judged. */
const aside = /^(kubectl|a pod of the mesh|note)/;

describe.skipIf(!present)(`what people reported${reason}`, () => {
  const all = readCases();
  const known = all.filter(({manifest}) => !notSimulated.test(manifest));

  it.each(known.map(each => [each.name, each] as const))('%s comes out as it really does', (_name, each) => {
    const mesh = meshWith(each.manifest);
    const judged = each.truth.map(row => judge(mesh, row) || aside.test(row[0]));
    expect(each.truth.filter((_row, index) => !judged[index])).toEqual([]);
    expect(judged.length).toBeGreaterThan(0);
  });

  const unknown = all.filter(({manifest}) => notSimulated.test(manifest));
  it.skip.each(unknown.map(each => [each.name, each] as const))(
    '%s (skipped: HTTPRoute is not simulated)',
    () => {},
  );

  it.each(unknown.map(each => [each.name, each] as const))('%s is said not to be known', (_name, each) => {
    const way = pageOf(meshWith(each.manifest), 'jason');
    expect(way.unknown.join()).toMatch(
      /HTTPRoute bookinfo\/reviews is for reviews, and what it does is not known/,
    );
  });
});
