import {exitCodes, WorkshopError} from '../errors.ts';
import type {EnsureOptions} from './port.ts';

export interface WaitForOptions {
  /** What has stopped, for the line: `Docker`. */
  what: string;
  /** How long at most, in milliseconds. */
  bound: number;
  ensure: EnsureOptions;
  /** Whether what was thrown means that it has stopped, and may come back by itself. */
  isAway(error: unknown): boolean;
  now(): number;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const pauseMilliseconds = 1000;
const sayEverySeconds = 10;

/**
 * Does something that needs what may have stopped, again until that is back, and says what it waits for.
 * @throws what `work` threw last: at once where it is not away, and after the bound; WorkshopError `interrupted`
 * when the signal ends the wait.
 */
export async function waitFor<T>(work: () => Promise<T>, options: WaitForOptions): Promise<T> {
  const {what, bound, ensure, isAway, now, pause} = options;
  const {signal, onProgress} = ensure;
  const startedAt = now();
  let sayAgainAt = 0;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      const seconds = Math.round((now() - startedAt) / 1000);
      if (now() - startedAt >= bound) throw error;
      if (seconds >= sayAgainAt) {
        sayAgainAt = seconds + sayEverySeconds;
        onProgress({
          text: `${what} does not answer; waiting for it: ${seconds} s so far, at most ${bound / 1000} s`,
        });
      }
    }
    await pause(pauseMilliseconds, signal).catch(() => {});
    if (signal.aborted) throw givenUp(what);
  }
}

function givenUp(what: string): WorkshopError {
  return new WorkshopError({
    code: 'interrupted',
    message: `The wait for ${what} was interrupted.`,
    remedies: ['Try again when it answers'],
    exitCode: exitCodes.interrupted,
  });
}
