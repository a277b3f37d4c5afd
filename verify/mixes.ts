import type {Observation, Visitor} from './observation.ts';
import {judgeSplit, type SplitVerdict, type SplitWanted, type Star, stars} from './split.ts';

export interface MixOptions {
  visitors: readonly Visitor[];
  /** One load of the page; never throws. */
  load(visitor: Visitor): Promise<Observation>;
  /** Loads of all visitors together after which it is given up. */
  limit: number;
  onLoad?(observation: Observation): void;
  signal?: AbortSignal;
}

export interface MixVerdict {
  outcome: 'passed' | 'failed' | 'unknown';
  loads: number;
  counts: Readonly<Record<Star, number>>;
  statement: string;
  /** A load that showed no stars to count, where that decided. */
  observation?: Observation;
}

/** Loads the page, visitors pooled, until the split is decided. Undecided at the limit is unknown, not wrong. */
export async function proveSplit(options: MixOptions & {wanted: SplitWanted}): Promise<MixVerdict> {
  return pooled(options, (counts): Omit<MixVerdict, 'counts' | 'loads'> | undefined => {
    const verdict: SplitVerdict = judgeSplit(options.wanted, counts);
    if (verdict.outcome !== 'undecided') return {outcome: verdict.outcome, statement: verdict.statement};
    if (verdict.loads >= options.limit) return {outcome: 'unknown', statement: verdict.statement};
    return undefined;
  });
}

/** Loads the page, visitors pooled, until each of the wanted stars was seen; any other star is wrong at once. */
export async function proveSeen(options: MixOptions & {wanted: readonly Star[]}): Promise<MixVerdict> {
  const {wanted, limit} = options;
  return pooled(options, counts => {
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
  judge: (counts: Record<Star, number>) => Omit<MixVerdict, 'counts' | 'loads'> | undefined,
): Promise<MixVerdict> {
  const counts: Record<Star, number> = {none: 0, black: 0, red: 0};
  const finished = (verdict: Omit<MixVerdict, 'counts' | 'loads'>): MixVerdict => ({
    ...verdict,
    counts,
    loads: totalOf(counts),
  });
  for (;;) {
    const round = await Promise.all(options.visitors.map(visitor => options.load(visitor)));
    options.signal?.throwIfAborted();
    for (const observation of round) {
      options.onLoad?.(observation);
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
