import type {Clock, Timer} from '../clock.ts';
import type {Turns} from './turns.ts';

/** Work on one object: done at once, or in pieces between which others get their turn. */
export type Reconcile = (key: string) => void | Generator<void, void>;

export interface WorkQueue {
  /** Asks for a key to be worked on; asking again before its turn changes nothing. */
  add(key: string): void;
  /** The same, after some milliseconds; of several wishes for one key the earliest counts. */
  addAfter(key: string, milliseconds: number): void;
  close(): void;
}

export interface WorkQueueOptions {
  clock: Clock;
  turns: Turns;
  /** Brings one object closer to what it should be; throwing means: again later. */
  reconcile: Reconcile;
  onError?(key: string, error: unknown): void;
}

const firstRetry = 5;
/** Kubernetes waits up to 1000 s; a learner who has mended the cause should not. */
const longestRetry = 30_000;

/**
 * A queue of keys, as client-go's: coalescing, one piece of work for a key at a time, with back-off per key after an
 * error. A key that is asked for while it is worked on gets its next turn afterwards.
 */
export function createWorkQueue({clock, turns, reconcile, onError}: WorkQueueOptions): WorkQueue {
  const waiting = new Set<string>();
  const underWay = new Set<string>();
  const timers = new Map<string, {at: number; timer: Timer}>();
  const failures = new Map<string, number>();
  let closed = false;

  function run(key: string) {
    if (closed) return;
    waiting.delete(key);
    underWay.add(key);
    attempt(key, () => {
      const pieces = reconcile(key);
      if (pieces) goOn(key, pieces);
      else finish(key);
    });
  }

  function goOn(key: string, pieces: Generator<void, void>) {
    if (closed) return;
    attempt(key, () => {
      if (pieces.next().done) finish(key);
      else turns.take(() => goOn(key, pieces));
    });
  }

  function attempt(key: string, work: () => void) {
    try {
      work();
    } catch (error) {
      const failed = failures.get(key) ?? 0;
      finish(key);
      failures.set(key, failed + 1);
      onError?.(key, error);
      queue.addAfter(key, Math.min(longestRetry, firstRetry * 2 ** failed));
    }
  }

  function finish(key: string) {
    failures.delete(key);
    underWay.delete(key);
    if (waiting.has(key)) turns.take(() => run(key));
  }

  const queue: WorkQueue = {
    add(key) {
      if (closed || waiting.has(key)) return;
      waiting.add(key);
      if (!underWay.has(key)) turns.take(() => run(key));
    },
    addAfter(key, milliseconds) {
      if (closed) return;
      // As a timer it would fire at once, and again and again.
      if (Number.isNaN(milliseconds)) throw new RangeError(`no time to come back to ${key} at`);
      const at = clock.now() + milliseconds;
      const known = timers.get(key);
      if (known && known.at <= at) return;
      known?.timer.cancel();
      const timer = clock.after(milliseconds, () => {
        timers.delete(key);
        queue.add(key);
      });
      timers.set(key, {at, timer});
    },
    close() {
      closed = true;
      for (const {timer} of timers.values()) timer.cancel();
      timers.clear();
    },
  };
  return queue;
}
