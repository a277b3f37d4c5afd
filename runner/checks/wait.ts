import {setTimeout as delay} from 'node:timers/promises';

export interface Look<T> {
  /** Whether another look could change the answer. */
  final: boolean;
  value: T;
}

/**
 * Looks again until the answer is final or the time is up, and returns the last answer.
 * @param options.patience how long an answer may stay unfinished, in milliseconds.
 */
export async function lookUntilFinal<T>(options: {
  look(): Promise<Look<T>>;
  patience: number;
  signal: AbortSignal;
  onLook?(value: T): void;
  interval?: number;
}): Promise<T> {
  const deadline = performance.now() + options.patience;
  for (;;) {
    const {final, value} = await options.look();
    options.onLook?.(value);
    if (final || options.signal.aborted || performance.now() >= deadline) return value;
    await delay(options.interval ?? 100, undefined, {signal: options.signal}).catch(() => {});
  }
}
