import {readFile} from 'node:fs/promises';
import path from 'node:path';

/** Names the build in the cache: another version gets another folder, so that nothing is ever overwritten in place. */
export const cachedBuild = 'sparticuz-chromium-147.0.0';

/** Written last into a folder that is renamed into place when it is complete; without it a folder does not count. */
export const manifestFile = 'browser.json';

/** Paths relative to the build's folder. */
export interface CacheManifest {
  name: string;
  executable: string;
  libraries: string;
  fontconfig: string;
  arguments: readonly string[];
}

/** The browser that an earlier run put into our cache, if it is complete. */
export async function cachedBrowser(cacheFolder: string): Promise<FoundBrowser | undefined> {
  const folder = path.join(cacheFolder, cachedBuild);
  try {
    const manifest: CacheManifest = JSON.parse(await readFile(path.join(folder, manifestFile), 'utf8'));
    return {
      name: manifest.name,
      executable: path.join(folder, manifest.executable),
      arguments: manifest.arguments,
      environment: {
        LD_LIBRARY_PATH: path.join(folder, manifest.libraries),
        FONTCONFIG_FILE: path.join(folder, manifest.fontconfig),
      },
    };
  } catch {
    return undefined;
  }
}

export interface FoundBrowser {
  /** What it is called in reports, e.g. `chromium-headless-shell`. */
  name: string;
  executable: string;
  /** What it needs in its environment, such as where its shared libraries are. */
  environment?: Readonly<Record<string, string>>;
  /** Switches that this build needs beyond ours. */
  arguments?: readonly string[];
}
