import {setTimeout as delay} from 'node:timers/promises';
import {everySecond} from '../../verify/every-second.ts';

export {everySecond};

/** How time passes for a check; passed in, so that tests need not wait. */
export interface Time {
  /** Milliseconds, from any origin. */
  now(): number;
  /** Ends early when the signal is aborted. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Calls `tick` every second while the work goes on. */
  meanwhile?<T>(work: Promise<T>, tick: () => void): Promise<T>;
}

export const systemTime: Time = {
  now: () => performance.now(),
  pause: (milliseconds, signal) => delay(milliseconds, undefined, {signal}).catch(() => {}),
  meanwhile: everySecond,
};

export interface Look<T> {
  /** Whether another look could change the answer. */
  final: boolean;
  value: T;
}

/**
 * Looks again until the answer is final or the time is up, and returns the last answer.
 * @param options.patience how long an answer may stay unfinished, in milliseconds.
 * @throws the signal's reason when it is aborted.
 */
export async function lookUntilFinal<T>(options: {
  look(): Promise<Look<T>>;
  patience: number;
  time: Time;
  signal: AbortSignal;
  /** Told each look, and for how long it has been waited, in milliseconds. */
  onLook?(value: T, elapsed: number): void;
  interval?: number;
}): Promise<T> {
  const {time} = options;
  const startedAt = time.now();
  for (;;) {
    const {final, value} = await options.look();
    options.signal.throwIfAborted();
    const elapsed = time.now() - startedAt;
    options.onLook?.(value, elapsed);
    if (final || elapsed >= options.patience) return value;
    await time.pause(options.interval ?? 100, options.signal);
  }
}
