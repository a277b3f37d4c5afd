import type {Clock, Timer} from '../clock.ts';
import type {Turns} from './turns.ts';

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
  reconcile(key: string): void;
  onError?(key: string, error: unknown): void;
}

const firstRetry = 5;
/** Kubernetes waits up to 1000 s; a learner who has mended the cause should not. */
const longestRetry = 30_000;

/** A queue of keys, as client-go's: coalescing, one at a time, with back-off per key after an error. */
export function createWorkQueue({clock, turns, reconcile, onError}: WorkQueueOptions): WorkQueue {
  const waiting = new Set<string>();
  const timers = new Map<string, {at: number; timer: Timer}>();
  const failures = new Map<string, number>();
  let closed = false;

  function run(key: string) {
    if (closed) return;
    waiting.delete(key);
    try {
      reconcile(key);
      failures.delete(key);
    } catch (error) {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      onError?.(key, error);
      queue.addAfter(key, Math.min(longestRetry, firstRetry * 2 ** failed));
    }
  }

  const queue: WorkQueue = {
    add(key) {
      if (closed || waiting.has(key)) return;
      waiting.add(key);
      turns.take(() => run(key));
    },
    addAfter(key, milliseconds) {
      if (closed) return;
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
