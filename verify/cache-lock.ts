import {mkdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';

/** No download is let run longer than this; after it, a lock's process id belongs to somebody else by now. */
const oldest = 30 * 60_000;

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
  while (!(await created(file))) {
    signal?.throwIfAborted();
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if ((owner !== 0 && !isAlive(owner)) || (await ageOf(file)) > oldest) {
      await rm(file, {force: true});
      continue;
    }
    // Who has just made the file may not have written its number yet.
    if (!told && owner !== 0) {
      onWait?.(owner);
      told = true;
    }
    await pause(250, undefined, {signal});
  }
  try {
    return await work();
  } finally {
    await rm(file, {force: true});
  }
}

async function created(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), {flag: 'wx'});
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function ageOf(file: string): Promise<number> {
  return stat(file).then(
    ({mtimeMs}) => Date.now() - mtimeMs,
    () => 0,
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
