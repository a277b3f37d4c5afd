import type {VisitorRow} from '../checks/result.ts';

/** `0.24 s`, `12 s`, `2 min 5 s`: as short as is still exact enough. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A limit, in whole minutes where it is one: `at most 10 min`. */
export function atMost(milliseconds: number): string {
  return `at most ${duration(milliseconds).replace(/ min 0 s$/, ' min')}`;
}

/** `★★★★★ ★★★★☆`; a dash where there are none. */
export function starText(filled: readonly number[]): string {
  const drawn = filled.filter(count => count > 0).map(count => '★'.repeat(count));
  return drawn.length > 0 ? drawn.join(' ') : '–';
}

/** Of a lab whose result the cluster had before the workshop. */
export const givenWords = 'was here before';

export interface TableRow {
  cells: readonly string[];
  row: VisitorRow;
}

/** The visitors' table: header and rows as cells, so that each view can lay it out. */
export function visitorTable(rows: readonly VisitorRow[]): {
  header: readonly string[];
  rows: readonly TableRow[];
} {
  const metrics = rows.some(row => row.metrics !== undefined);
  const header = ['visitor', 'expected', 'seen', '', 'loads', 'version', ...(metrics ? ['metrics'] : [])];
  return {
    header,
    rows: rows.map(row => ({
      row,
      cells: [
        row.visitor,
        row.expected,
        row.seen,
        starText(row.stars),
        row.loads > 0 ? `${row.good}/${row.loads}` : '–',
        row.version ?? 'not available',
        ...(metrics ? [row.metrics ?? 'not available'] : []),
      ],
    })),
  };
}

export const backgroundWords = {
  up: 'is up',
  down: 'ended by itself and is being started again',
  stopped: 'stopped',
} as const;

export const verdictSigns = {passed: '✓', failed: '✗', unknown: '?'} as const;

export const verdictWords = {
  passed: 'passed',
  failed: 'failed',
  unknown: 'could not be checked',
  'not-run': 'not run',
} as const;

/** `1 lab`, `7 labs`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `routed after 0.40 s by all 7 proxies` */
export function routedText({milliseconds, proxies}: {milliseconds: number; proxies: number}): string {
  const all = proxies === 1 ? 'the one proxy' : `all ${proxies} proxies`;
  return `routed after ${duration(milliseconds)} by ${all}`;
}
