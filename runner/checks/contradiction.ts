import type {Stars} from '../catalog/lab.ts';
import type {VisitorRow} from './result.ts';
import type {RequestCounts} from './witnesses.ts';

/** Which version of reviews shows which stars. */
export const versionOfStars: Readonly<Record<Stars, string>> = {none: 'v1', black: 'v2', red: 'v3'};

/**
 * Witnesses that disagree are a verdict of their own: one of them is deceived. A witness that is not available
 * contradicts nobody, and neither do requests that others made meanwhile.
 * @param counted requests that the caller's proxy counted while the page was loaded, by version.
 * @returns the disagreement in one sentence.
 */
export function contradictionIn(
  rows: readonly VisitorRow[],
  counted: RequestCounts | undefined,
): string | undefined {
  for (const {visitor, version, seen} of rows) {
    if (version !== undefined && version !== versionOfStars[seen as Stars]) {
      return `${visitor} sees ${seen === 'none' ? 'no' : seen} stars, but the pods that served them are labelled ${version}`;
    }
  }
  if (!counted) return undefined;
  const missing = Object.entries(loadsByVersion(rows)).find(
    ([version, loads]) => (counted[version] ?? 0) < loads,
  );
  if (!missing) return undefined;
  const [version, loads] = missing;
  return `the page showed reviews ${version} ${loads} times, but the caller's proxy counted ${counted[version] ?? 0} requests to it`;
}

/** How often each version must have been asked for what the visitors saw. */
export function loadsByVersion(rows: readonly VisitorRow[]): RequestCounts {
  const loads: Record<string, number> = {};
  for (const row of rows) {
    const version = versionOfStars[row.seen as Stars];
    if (version) loads[version] = (loads[version] ?? 0) + row.loads;
  }
  return loads;
}
