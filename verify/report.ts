import type {Expectation} from './expect.ts';
import type {MixVerdict} from './mixes.ts';
import type {Observation} from './observation.ts';
import type {RoundsVerdict} from './rounds.ts';

/** One load in a line: `jason  black  reviews-v2-5b4…  41 ms`. */
export function formatObservation({visitor, stars, pod, milliseconds, remark}: Observation): string {
  const note = remark === undefined ? '' : `  ${remark}`;
  return `${visitor.padEnd(10)} ${stars.padEnd(11)} ${pod ?? '-'}  ${milliseconds} ms${note}`;
}

/** What was expected beside what was seen, and what that proves. */
export function formatVerdict(verdict: RoundsVerdict | MixVerdict, expectation: Expectation): string {
  if (!('visitors' in verdict)) return `${verdict.outcome}: ${verdict.statement}`;
  const rows = verdict.visitors.map(({visitor, outcome, right, loads, observation}) => {
    const wanted = expectation.mode === 'each' ? expectation.visitors[visitor] : '';
    const seen = outcome === 'unknown' ? 'not seen' : observation.stars;
    const note = outcome === 'passed' || observation.remark === undefined ? '' : `  ${observation.remark}`;
    return `${visitor.padEnd(10)} expected ${String(wanted).padEnd(6)} seen ${seen.padEnd(11)} ${right} of ${loads}${note}`;
  });
  return [
    ...rows,
    `${verdict.outcome}: ${verdict.statement}${verdict.statement.endsWith('.') ? '' : '.'}`,
  ].join('\n');
}
