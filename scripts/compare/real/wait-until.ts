import {setTimeout as sleep} from 'node:timers/promises';

/** Asks again and again until the answer is true. @throws when it was not within `milliseconds`. */
export async function waitUntil(
  what: string,
  test: () => boolean | Promise<boolean>,
  milliseconds = 20_000,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`gave up waiting for ${what}`);
    await sleep(12);
  }
}
