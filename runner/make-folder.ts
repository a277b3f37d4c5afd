import {mkdir, stat} from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder that somebody named, and those above it. Node's own way of that never ends where a folder which is there
 * answers ENOENT, as those under /proc do.
 * @throws what keeps it from being made
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await isMade(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) await makeFolder(above);
  await mkdir(folder).catch(async error => {
    // Somebody else was faster.
    if (!(await isFolder(folder))) throw error;
  });
}

async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    if (await isFolder(folder)) return true;
    throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    found => found.isDirectory(),
    () => false,
  );
}
