import type {PageWay, Sight} from '../../../runner/istio/way/way.ts';
import type {Loaded} from './page-loads.ts';
import type {SandboxPage} from './sandbox-page.ts';

/** So often that what comes for nearly half of the loads is missed by chance in one of a million pages. */
const loadsOfShares = 24;
const loadsOfOne = 2;
const surely = 0.45;

/**
 * Loads a visitor's page and holds what came against what the mesh's objects make of it: nothing else may come, and what
 * should come often has to.
 * @returns what differs, or nothing.
 */
export async function comparePage(
  page: SandboxPage,
  visitor: string,
  via: PageWay['via'],
): Promise<string | undefined> {
  const {sees} = await page.way(visitor, via);
  const wanted = sees.filter(({share}) => share > 0);
  const several = new Set(wanted.map(textOf)).size > 1;
  const seen = new Map<string, Loaded>();
  const loads = Array.from({length: several ? loadsOfShares : loadsOfOne}, () => page.load(visitor, via));
  for (const loaded of await Promise.all(loads)) {
    const text = textOf(loaded);
    const expected = wanted.filter(sight => textOf(sight) === text);
    if (expected.length === 0) return `came ${text}, where ${wanted.map(shared).join(' or ')} should`;
    const soonest = Math.min(...expected.map(({ms}) => ms));
    if (loaded.milliseconds < soonest - tolerance) {
      return `came ${text} after ${Math.round(loaded.milliseconds)} ms, and not before ${soonest} ms should it`;
    }
    seen.set(text, loaded);
  }
  const missing = [...new Set(wanted.map(textOf))].find(text => {
    const share = wanted.filter(sight => textOf(sight) === text).reduce((sum, sight) => sum + sight.share, 0);
    return share >= surely && !seen.has(text);
  });
  return missing === undefined
    ? undefined
    : `never came ${missing}, where ${wanted.map(shared).join(' or ')} should`;
}

/** Timers may fire early by the resolution of the clock. */
const tolerance = 20;

function shared(sight: Sight): string {
  return `${Math.round(sight.share * 100)} % ${textOf(sight)}`;
}

function textOf({status, reviews, version, details}: Loaded | Sight): string {
  if (status !== 200) return String(status);
  return [status, reviews, reviews === 'reviews-missing' ? '' : version, details].filter(Boolean).join(' ');
}

/** Compares the page of every visitor, by either way in. @returns what differs, one text a page. */
export async function everyPage(page: SandboxPage): Promise<readonly string[]> {
  const found = await Promise.all(
    ['anonymous', 'jason', 'john'].flatMap(visitor =>
      (['productpage', 'gateway'] as const).map(async via => {
        const difference = await comparePage(page, visitor, via);
        return difference === undefined ? [] : [`${visitor} by ${via}: ${difference}`];
      }),
    ),
  );
  return found.flat();
}
