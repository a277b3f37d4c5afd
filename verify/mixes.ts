import type {Observation} from './observation.ts';
import {type LoadsOptions, settleLoads} from './rounds.ts';
import type {Settled} from './settle.ts';
import {judgeSplit, type SplitVerdict, type SplitWanted, type Star, stars} from './split.ts';

export interface MixOptions extends LoadsOptions {
  /** Loads of all visitors together after which it is given up. */
  limit: number;
}

export interface MixVerdict {
  outcome: 'passed' | 'failed' | 'unknown';
  loads: number;
  counts: Readonly<Record<Star, number>>;
  settled: Settled;
  statement: string;
  /** A load that showed no stars to count, where that decided. */
  observation?: Observation;
}

type Judged = Omit<MixVerdict, 'counts' | 'loads' | 'settled'>;

/**
 * Good rounds that stand in for an engine that can't tell: of three visitors they are 30 loads, in which one of three
 * versions that does not answer yet shows with all but 5 in a million.
 */
const goodRounds = 10;

/** Settles, then loads the page, visitors pooled, until the split is decided. Undecided at the limit is unknown, not wrong. */
export async function proveSplit(options: MixOptions & {wanted: SplitWanted}): Promise<MixVerdict> {
  const wanted = stars.filter(star => (options.wanted.shares[star] ?? 0) > 0);
  return pooled(options, wanted, (counts): Judged | undefined => {
    const verdict: SplitVerdict = judgeSplit(options.wanted, counts);
    if (verdict.outcome !== 'undecided') return {outcome: verdict.outcome, statement: verdict.statement};
    if (verdict.loads >= options.limit) return {outcome: 'unknown', statement: verdict.statement};
    return undefined;
  });
}

/** Settles, then loads the page, visitors pooled, until each of the wanted stars was seen; any other star is wrong at once. */
export async function proveSeen(options: MixOptions & {wanted: readonly Star[]}): Promise<MixVerdict> {
  const {wanted, limit} = options;
  return pooled(options, wanted, counts => {
    const loads = totalOf(counts);
    const other = stars.find(star => counts[star] > 0 && !wanted.includes(star));
    if (other !== undefined)
      return {outcome: 'failed', statement: `A load showed ${other}, which none should.`};
    const missing = wanted.filter(star => counts[star] === 0);
    if (missing.length === 0)
      return {outcome: 'passed', statement: `Seen within ${loads} loads: ${wanted.join(', ')}.`};
    if (loads >= limit)
      return {outcome: 'failed', statement: `Not seen in ${loads} loads: ${missing.join(', ')}.`};
    return undefined;
  });
}

async function pooled(
  options: MixOptions,
  wanted: readonly Star[],
  judge: (counts: Record<Star, number>) => Judged | undefined,
): Promise<MixVerdict> {
  if (options.visitors.length === 0) throw new RangeError('at least one visitor is needed');
  if (wanted.length === 0) throw new RangeError('at least one colour must be wanted');
  const isWanted = ({stars: seen}: Observation) => seen !== 'unavailable' && wanted.includes(seen);
  const settled = await settleLoads({goodRounds, ...options, isRight: isWanted});
  const counts: Record<Star, number> = {none: 0, black: 0, red: 0};
  const finished = (verdict: Judged): MixVerdict => ({...verdict, settled, counts, loads: totalOf(counts)});
  for (;;) {
    const round = await Promise.all(options.visitors.map(visitor => options.load(visitor)));
    options.signal?.throwIfAborted();
    for (const observation of round) {
      await options.onLoad?.({phase: 'prove', observation, right: observation.stars !== 'unavailable'});
      if (observation.stars === 'unavailable') {
        const outcome = observation.failure === undefined ? 'failed' : 'unknown';
        return finished({
          outcome,
          statement: observation.remark ?? 'A load showed no stars to count.',
          observation,
        });
      }
      counts[observation.stars] += 1;
      const verdict = judge(counts);
      if (verdict !== undefined) return finished(verdict);
    }
  }
}

function totalOf(counts: Readonly<Record<Star, number>>): number {
  return stars.reduce((sum, star) => sum + counts[star], 0);
}
