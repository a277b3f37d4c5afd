import {openBrowser} from './browser.ts';
import {type FetchOptions, fetchBrowser} from './fetch-browser.ts';
import {findBrowsers} from './find-browser.ts';
import type {VerifyBrowser} from './observation.ts';

/**
 * A running browser, whatever it takes: the first one found that starts, else one that is fetched.
 *
 * @throws VerifyError `no-browser` when there is none and none can be fetched.
 */
export async function startBrowser(
  options: FetchOptions & {
    /** Where the browser's profile lies. @default the system's temporary folder */
    profileFolder?: string;
  },
): Promise<VerifyBrowser> {
  const {search, system, progress, profileFolder} = options;
  const open = (browser: Parameters<typeof openBrowser>[0]['browser']) =>
    openBrowser({browser, root: system.root, env: search.env, profileFolder});
  for await (const browser of findBrowsers(search)) {
    options.signal?.throwIfAborted();
    try {
      return await open(browser);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      progress(`${browser.executable} does not start: ${reason}`);
    }
  }
  return open(await fetchBrowser(options));
}
