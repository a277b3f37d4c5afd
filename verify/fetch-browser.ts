import {createRequire} from 'node:module';
import path from 'node:path';
import type {FoundBrowser} from './browser-cache.ts';
import {VerifyError} from './errors.ts';
import {fetchPackagedChromium, packagedSize} from './fetch-packaged-chromium.ts';
import {type BrowserSearch, findBrowser} from './find-browser.ts';
import type {RunProcess} from './run-process.ts';
import type {System} from './system.ts';

export interface FetchOptions {
  search: BrowserSearch;
  system: System;
  run: RunProcess;
  /** Told each step: its name, its size, and at its end how long it took. */
  progress: (line: string) => void;
  /** Asked before a package of the system is installed; without it, that is done in CI only. */
  consent?: (question: string) => Promise<boolean>;
  signal?: AbortSignal;
}

/** Long enough for 100 MB on a slow line, short enough not to keep a learner behind a firewall waiting. */
const playwrightTimeout = 60_000;

/**
 * Fetches a browser where none exists: Playwright's own download, then a build from the npm registry, then the system's
 * package. Each is tried out before it counts.
 *
 * @throws VerifyError `no-browser` with what to run, when none of the ways works.
 */
export async function fetchBrowser(options: FetchOptions): Promise<FoundBrowser> {
  const failures: string[] = [];
  for (const way of [playwrightDownload, packagedChromium, systemPackage]) {
    options.signal?.throwIfAborted();
    try {
      const browser = await way(options);
      if (browser === undefined) continue;
      await tryOut(browser, options);
      return browser;
    } catch (error) {
      options.signal?.throwIfAborted();
      const reason =
        error instanceof VerifyError
          ? [error.message, error.detail].filter(Boolean).join(' ')
          : String(error);
      failures.push(reason);
      options.progress(reason);
    }
  }
  throw new VerifyError({
    code: 'no-browser',
    message: 'There is no browser here, and none could be fetched.',
    detail: failures.join('\n'),
    remedies: remediesFor(options.system),
  });
}

async function playwrightDownload(options: FetchOptions): Promise<FoundBrowser | undefined> {
  const {search, run, progress, signal} = options;
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  );
  const done = timed(progress, "Playwright's headless shell (about 100 MB)");
  const {exitCode, stderr, stdout, timedOut} = await run({
    command: process.execPath,
    args: [cli, 'install', '--only-shell', '--no-progress', 'chromium'],
    timeout: playwrightTimeout,
    ...(signal === undefined ? {} : {signal}),
  });
  if (timedOut)
    throw new VerifyError({
      code: 'browser-download',
      message: 'Playwright did not finish its download within 60 s.',
    });
  if (exitCode !== 0) {
    const reason = /Failed to download .*?(?=,|$)/m.exec(stderr + stdout)?.[0];
    throw new VerifyError({
      code: 'browser-download',
      message: 'Playwright could not download its browser.',
      ...(reason && {detail: reason}),
    });
  }
  done();
  return findBrowser(search);
}

async function packagedChromium(options: FetchOptions): Promise<FoundBrowser | undefined> {
  const {search, system, run, progress, signal} = options;
  if (system.platform !== 'linux' || system.arch !== 'x64' || !system.glibc) return undefined;
  const done = timed(progress, `Chromium 147 from npm, @sparticuz/chromium (${packagedSize})`);
  const browser = await fetchPackagedChromium({
    cacheFolder: search.cacheFolder,
    run,
    progress,
    ...(signal === undefined ? {} : {signal}),
  });
  done();
  return browser;
}

async function systemPackage(options: FetchOptions): Promise<FoundBrowser | undefined> {
  const {search, system, run, progress, consent, signal} = options;
  if (system.platform !== 'linux' || !system.root) return undefined;
  const agreed = system.ci || (await consent?.('Install chromium-headless-shell with apt-get?'));
  if (!agreed) return undefined;
  const apt = (args: string[]) =>
    run({
      command: 'apt-get',
      args,
      env: {DEBIAN_FRONTEND: 'noninteractive'},
      timeout: 5 * 60_000,
      ...(signal && {signal}),
    });
  const done = timed(progress, "chromium-headless-shell, the system's package (about 70 MB)");
  await apt(['update', '-q']);
  const {exitCode, stderr} = await apt([
    'install',
    '-q',
    '-y',
    '--no-install-recommends',
    'chromium-headless-shell',
  ]);
  if (exitCode !== 0) {
    const detail = stderr.trim().split('\n').at(-1) ?? '';
    throw new VerifyError({
      code: 'browser-download',
      message: 'apt-get could not install chromium-headless-shell.',
      detail,
    });
  }
  done();
  return findBrowser(search);
}

/** A browser whose shared libraries are missing is found and does not start; better to know now. */
async function tryOut(browser: FoundBrowser, {run, signal}: FetchOptions): Promise<void> {
  const {exitCode, stderr} = await run({
    command: browser.executable,
    args: ['--version'],
    timeout: 30_000,
    ...(browser.environment && {env: browser.environment}),
    ...(signal && {signal}),
  });
  if (exitCode !== 0) {
    const detail = stderr.trim().split('\n').at(-1) ?? '';
    throw new VerifyError({code: 'browser-broken', message: `${browser.executable} does not start.`, detail});
  }
}

function timed(progress: (line: string) => void, what: string): () => void {
  const startedAt = performance.now();
  progress(`Fetching ${what}`);
  return () => progress(`Fetched ${what} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

function remediesFor({platform}: System): string[] {
  return platform === 'darwin'
    ? ['npx playwright install --only-shell chromium', 'or install Google Chrome']
    : [
        'npx playwright install --with-deps --only-shell chromium',
        'or sudo apt-get install chromium-headless-shell (Debian)',
        'or install Google Chrome or Chromium',
      ];
}
