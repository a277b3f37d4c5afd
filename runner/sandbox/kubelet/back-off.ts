import type {Clock} from '../clock.ts';

const first = 10_000;
const longest = 300_000;

/** Kubernetes' waits between attempts: none before the second, then 10 s, 20 s, 40 s, ... at most 5 minutes. */
export interface BackOff {
  /** Milliseconds to wait before the next attempt, counted from now; also what the message names. */
  next(): number;
  reset(): void;
}

/**
 * @param firstWait whether the very first `next()` waits too (image pulls) or not (restarts).
 * The waits start over when more than twice the longest has passed since the last.
 */
export function createBackOff(clock: Clock, firstWait: boolean): BackOff {
  let last: number | undefined;
  let wait = 0;
  return {
    next() {
      const now = clock.now();
      const fresh = last === undefined || now - last > 2 * longest + wait;
      wait = fresh ? (firstWait ? first : 0) : Math.min(longest, wait === 0 ? first : wait * 2);
      last = now;
      return wait;
    },
    reset() {
      last = undefined;
    },
  };
}
