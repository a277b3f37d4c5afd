import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {FoundBrowser} from './find-browser.ts';

/** Names the build in the cache: another version gets another folder, so that nothing is ever overwritten in place. */
export const cachedBuild = 'sparticuz-chromium-147.0.0';

/** Written last into a finished folder; without it a folder does not count. */
export const manifestFile = 'browser.json';

/** The browser that an earlier run put into our cache, if it is complete. */
export async function cachedBrowser(cacheFolder: string): Promise<FoundBrowser | undefined> {
  const folder = path.join(cacheFolder, cachedBuild);
  try {
    const {
      name,
      executable,
      libraries,
      arguments: switches,
    } = JSON.parse(await readFile(path.join(folder, manifestFile), 'utf8'));
    return {
      name,
      executable: path.join(folder, executable),
      libraries: path.join(folder, libraries),
      arguments: switches,
    };
  } catch {
    return undefined;
  }
}
