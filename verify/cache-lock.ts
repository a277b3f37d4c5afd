import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {tryLock} from './file-lock.ts';

/**
 * Runs `work` while no other process does the same under this name. A lock whose owner is gone (killed, power cut) is
 * taken over, so that an interrupted download never blocks the next one.
 *
 * @param options.onWait told once, with the owner's process id, when somebody else holds the lock.
 */
export async function withCacheLock<T>(options: {
  folder: string;
  name: string;
  onWait?: (pid: number) => void;
  signal?: AbortSignal;
  work: () => Promise<T>;
}): Promise<T> {
  const {folder, name, onWait, signal, work} = options;
  await mkdir(folder, {recursive: true});
  const file = path.join(folder, `${name}.lock`);
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const attempt = tryLock({file, patience: 60_000});
    if (attempt.taken) {
      try {
        return await work();
      } finally {
        attempt.release();
      }
    }
    if (!told && attempt.holder) {
      onWait?.(attempt.holder.pid);
      told = true;
    }
    await pause(250, undefined, {signal});
  }
}
