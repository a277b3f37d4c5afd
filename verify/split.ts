import type {SeenStars} from './observation.ts';

export type Star = Exclude<SeenStars, 'unavailable'>;
export const stars: readonly Star[] = ['none', 'black', 'red'];

export interface SplitWanted {
  /** Relative, as weights are: 33/33/33 is a third each. */
  shares: Readonly<Partial<Record<Star, number>>>;
  /** How far off a share must be to count as wrong, 0 to 1. @default 0.1 */
  margin?: number;
}

export interface SplitVerdict {
  /** `undecided` until enough has been seen. */
  outcome: 'passed' | 'failed' | 'undecided';
  loads: number;
  /** Share of the loads, 0 to 1. */
  seen: Readonly<Record<Star, number>>;
  /** What was seen, and what it rules out; one or two sentences. */
  statement: string;
}

/** The chance that a right split is ever called wrong. */
const falseAlarm = 0.0001;
/** The chance that a share that is off by the margin is ever called right. */
const miss = 0.01;

/**
 * Judges a mix of stars after each load; to be asked again with more loads until it is decided. The error rates hold
 * however often it is asked, because both sides are tests by a non-negative martingale (Ville's inequality):
 *
 * - *failed* once a share is so unlikely that a mixture over all other shares beats it by 1/falseAlarm (for each of the
 *   shares a part of it). A star that is not wanted at all fails at once.
 * - *passed* once, for each share, both "it is higher by the margin" and "it is lower by the margin" are beaten by the
 *   wanted share by 1/miss (Wald's sequential likelihood ratio).
 */
export function judgeSplit(wanted: SplitWanted, counts: Readonly<Record<Star, number>>): SplitVerdict {
  const margin = wanted.margin ?? 0.1;
  const shares = normalised(wanted.shares);
  const loads = stars.reduce((sum, star) => sum + counts[star], 0);
  const seen = Object.fromEntries(
    stars.map(star => [star, loads === 0 ? 0 : counts[star] / loads]),
  ) as Record<Star, number>;
  const summary = `Seen in ${loads} loads: ${stars.map(star => `${star} ${percent(seen[star])}`).join(', ')}.`;

  const wrong = stars.find(star => isExcluded(shares[star], counts[star], loads));
  if (wrong !== undefined) {
    const statement =
      shares[wrong] === 0
        ? `${summary} No load should show ${wrong}.`
        : `${summary} If ${wrong} were ${percent(shares[wrong])} of the loads, this would happen less than once in ${Math.round(1 / falseAlarm)} runs.`;
    return {outcome: 'failed', loads, seen, statement};
  }
  if (stars.every(star => isWithinMargin(shares[star], margin, counts[star], loads))) {
    const statement = `${summary} This rules out, at ${percent(1 - miss)}, that any share is off by ${Math.round(margin * 100)} points or more.`;
    return {outcome: 'passed', loads, seen, statement};
  }
  return {outcome: 'undecided', loads, seen, statement: `${summary} That is not enough to tell.`};
}

function isExcluded(share: number, count: number, loads: number): boolean {
  if (share === 0) return count > 0;
  if (share === 1) return count < loads;
  // Beta(1, 1) mixture: the integral of q^k (1-q)^(n-k) is k! (n-k)! / (n+1)!.
  const mixture = logFactorial(count) + logFactorial(loads - count) - logFactorial(loads + 1);
  return mixture - logLikelihood(share, count, loads) >= Math.log(stars.length / falseAlarm);
}

function isWithinMargin(share: number, margin: number, count: number, loads: number): boolean {
  const own = logLikelihood(share, count, loads);
  const needed = Math.log(1 / miss);
  const beats = (other: number) => own - logLikelihood(other, count, loads) >= needed;
  const higher = share + margin;
  const lower = share - margin;
  return (higher > 1 || beats(higher)) && (lower < 0 || beats(lower));
}

function logLikelihood(share: number, count: number, loads: number): number {
  const part = (probability: number, times: number) => (times === 0 ? 0 : times * Math.log(probability));
  return part(share, count) + part(1 - share, loads - count);
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let known = logFactorials.length; known <= n; known++) {
    logFactorials.push((logFactorials[known - 1] ?? 0) + Math.log(known));
  }
  return logFactorials[n] ?? 0;
}

function normalised(shares: SplitWanted['shares']): Record<Star, number> {
  const total = stars.reduce((sum, star) => sum + (shares[star] ?? 0), 0);
  return Object.fromEntries(stars.map(star => [star, (shares[star] ?? 0) / total])) as Record<Star, number>;
}

/**
 * The smallest share of wrong answers that this many right ones in a row exclude: 30 loads exclude a leak of 14 % or
 * more at 99 %.
 */
export function excludedLeak(loads: number, confidence = 0.99): number {
  return loads === 0 ? 1 : 1 - (1 - confidence) ** (1 / loads);
}

/** `30 loads exclude a leak above 14 % at 99 %`. */
export function leakStatement(loads: number, confidence = 0.99): string {
  const leak = excludedLeak(loads, confidence) * 100;
  return `${loads} loads exclude a leak above ${leak < 10 ? leak.toFixed(1) : Math.round(leak)} % at ${percent(confidence)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
