import {rm} from 'node:fs/promises';
import type {VerifyBrowser} from '../../verify/observation.ts';
import type {Browsers} from '../checks/browsers.ts';
import {messageOf, WorkshopError} from '../errors.ts';
import {makeTemporaryFolder, sweepTemporaryFolders} from '../sandbox/lifecycle/temporary-folders.ts';
import type {Surroundings} from './io.ts';
import {browserFolder} from './paths.ts';

export interface BrowsersOptions {
  io: Surroundings;
  onProgress(text: string): void;
  /** Asked before a package of the system is installed. */
  consent?(question: string): Promise<boolean>;
}

/** Finds or fetches one browser for the whole run, when the first check asks for it. */
export function createBrowsers(options: BrowsersOptions): Browsers {
  let browser: Promise<VerifyBrowser> | undefined;
  let profileFolder: string | undefined;

  function open(signal: AbortSignal): Promise<VerifyBrowser> {
    sweepTemporaryFolders('browser');
    profileFolder ??= makeTemporaryFolder('browser');
    return start({...options, profileFolder}, signal);
  }

  return {
    async lend(signal) {
      browser ??= open(signal);
      try {
        return await browser;
      } catch (error) {
        // Told once and not remembered: the learner may install a browser and check again.
        browser = undefined;
        throw error;
      }
    },
    warmUp(signal) {
      browser ??= open(signal);
      browser.catch(() => {});
    },
    async close() {
      const opened = await browser?.catch(() => undefined);
      await opened?.close();
      if (profileFolder !== undefined) await rm(profileFolder, {recursive: true, force: true});
    },
  };
}

async function start(
  {io, onProgress, consent, profileFolder}: BrowsersOptions & {profileFolder: string},
  signal: AbortSignal,
): Promise<VerifyBrowser> {
  const [{startBrowser}, {VerifyError}, {runProcess}, {describeSystem}] = await Promise.all([
    import('../../verify/start-browser.ts'),
    import('../../verify/errors.ts'),
    import('../../verify/run-process.ts'),
    import('../../verify/system.ts'),
  ]);
  try {
    return await startBrowser({
      search: {
        env: io.env,
        home: io.homeFolder,
        platform: io.platform,
        cacheFolder: browserFolder(io),
      },
      system: describeSystem(io.env),
      run: runProcess,
      progress: onProgress,
      profileFolder,
      signal,
      ...(consent ? {consent} : {}),
    });
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    throw new WorkshopError({
      code: error.code,
      message: error.message,
      remedies: error.remedies,
      ...(error.detail === undefined ? {} : {detail: error.detail}),
      cause: messageOf(error),
    });
  }
}
