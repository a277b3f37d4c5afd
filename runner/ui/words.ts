import type {VisitorRow} from '../checks/result.ts';

/** `0.24 s`, `12 s`, `2 min 5 s`: as short as is still exact enough. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
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
