import type {VerifyBrowser} from '../../verify/observation.ts';
import type {Browsers} from '../checks/browsers.ts';
import {WorkshopError} from '../errors.ts';
import type {Io} from './io.ts';

/** Finds or fetches one browser for the whole run, when the first check asks for it. */
export function createBrowsers(options: {
  cacheFolder: string;
  env: Io['env'];
  isRoot: boolean;
  onProgress(text: string): void;
}): Browsers {
  let browser: Promise<VerifyBrowser> | undefined;
  return {
    lend(signal) {
      browser ??= launch(options, signal);
      // A failed launch must not be remembered: the learner may install a browser and check again.
      browser.catch(() => {
        browser = undefined;
      });
      return browser;
    },
    async close() {
      const opened = await browser?.catch(() => undefined);
      await opened?.close();
    },
  };
}

async function launch(
  options: {cacheFolder: string; env: Io['env']; isRoot: boolean; onProgress(text: string): void},
  signal: AbortSignal,
): Promise<VerifyBrowser> {
  const {openBrowser} = await import('../../verify/browser.ts');
  try {
    return await openBrowser({...options, signal});
  } catch (error) {
    throw new WorkshopError({
      code: 'no-browser',
      message: 'There is no browser to look at the page with.',
      detail: error instanceof Error ? error.message : String(error),
      remedies: [
        'Install one: npx playwright install chromium-headless-shell',
        'On Debian or Ubuntu: apt-get install chromium-headless-shell',
      ],
      cause: error,
    });
  }
}
