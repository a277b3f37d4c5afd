import {access, constants, readdir} from 'node:fs/promises';
import path from 'node:path';
import {cachedBrowser, type FoundBrowser} from './browser-cache.ts';

/** Where to look, passed in so that tests own it. */
export interface BrowserSearch {
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  platform: NodeJS.Platform;
  /** Our own cache; browsers that we fetched are kept there. */
  cacheFolder: string;
}

/** The first of `findBrowsers`, if there is any. */
export async function findBrowser(search: BrowserSearch): Promise<FoundBrowser | undefined> {
  for await (const browser of findBrowsers(search)) return browser;
  return undefined;
}

/**
 * The browsers that exist, fastest to start first: Playwright's headless shell, a `chromium-headless-shell` on PATH, the
 * one in our cache, then Chrome, Chromium and Edge.
 */
export async function* findBrowsers(search: BrowserSearch): AsyncGenerator<FoundBrowser> {
  const ways: readonly (() => Promise<FoundBrowser | undefined>)[] = [
    () => fromPlaywright(search, 'chromium_headless_shell'),
    () => onPath(search, 'chromium-headless-shell', ['chromium-headless-shell', 'chrome-headless-shell']),
    () => cachedBrowser(search.cacheFolder),
    () => onPath(search, 'chrome', ['google-chrome', 'google-chrome-stable', 'chrome']),
    () => application(search, 'chrome', 'Google Chrome'),
    () => onPath(search, 'chromium', ['chromium', 'chromium-browser']),
    () => application(search, 'chromium', 'Chromium'),
    () => fromPlaywright(search, 'chromium'),
    () => onPath(search, 'edge', ['microsoft-edge', 'microsoft-edge-stable']),
    () => application(search, 'edge', 'Microsoft Edge'),
  ];
  for (const way of ways) {
    const found = await way();
    if (found !== undefined) yield found;
  }
}

/** Any revision will do: all that is asked of it is to show a page. The newest goes first. */
async function fromPlaywright(
  search: BrowserSearch,
  kind: 'chromium_headless_shell' | 'chromium',
): Promise<FoundBrowser | undefined> {
  const folder = playwrightFolder(search);
  const revisions = (await entriesOf(folder))
    .filter(entry => entry.startsWith(`${kind}-`))
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  for (const revision of revisions) {
    for (const build of await entriesOf(path.join(folder, revision))) {
      for (const program of programsIn(kind)) {
        const executable = path.join(folder, revision, build, program);
        if (await isExecutable(executable)) return {name: kind.replaceAll('_', '-'), executable};
      }
    }
  }
  return undefined;
}

function programsIn(kind: string): readonly string[] {
  return kind === 'chromium'
    ? [
        'chrome',
        'Chromium.app/Contents/MacOS/Chromium',
        'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
      ]
    : ['chrome-headless-shell', 'headless_shell'];
}

function playwrightFolder({env, home, platform}: BrowserSearch): string {
  const given = env.PLAYWRIGHT_BROWSERS_PATH;
  if (given !== undefined && given !== '' && given !== '0') return given;
  return platform === 'darwin'
    ? path.join(home, 'Library', 'Caches', 'ms-playwright')
    : path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), 'ms-playwright');
}

async function onPath(
  search: BrowserSearch,
  name: string,
  programs: readonly string[],
): Promise<FoundBrowser | undefined> {
  for (const program of programs) {
    for (const folder of (search.env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
      const executable = path.join(folder, program);
      if (await isExecutable(executable)) return {name, executable};
    }
  }
  return undefined;
}

async function application(
  search: BrowserSearch,
  name: string,
  title: string,
): Promise<FoundBrowser | undefined> {
  if (search.platform !== 'darwin') return undefined;
  for (const folder of ['/Applications', path.join(search.home, 'Applications')]) {
    const executable = path.join(folder, `${title}.app`, 'Contents', 'MacOS', title);
    if (await isExecutable(executable)) return {name, executable};
  }
  return undefined;
}

function revisionOf(folder: string): number {
  return Number(/-(\d+)$/.exec(folder)?.[1] ?? 0);
}

async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
