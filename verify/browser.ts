import type {Browser} from 'playwright-core';
import type {FoundBrowser} from './browser-cache.ts';
import type {VerifyBrowser} from './observation.ts';
import {ProductPage} from './product-page.ts';
import {withTemporaryFolder} from './temporary-folder.ts';

/**
 * Chromium knows only the last such switch, so this stands in for Playwright's own list, too: no upgrade to https behind
 * the reader's back, no calls home. Without RenderDocument a page loaded again keeps its frame, which saves a third of
 * the time of a load.
 */
const disabledFeatures = [
  'RenderDocument',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
  'Translate',
];

/** Chromium makes a socket below its temporary folder, whose path has to fit into 104 bytes. */
const longestForSocket = 56;

/** Beyond what Playwright passes: a page under test has no business with the rest of the network, nor with a GPU. */
const switches = [
  `--disable-features=${disabledFeatures.join(',')}`,
  '--disable-background-networking',
  '--disable-domain-reliability',
  '--disable-gpu',
  '--no-pings',
];

/**
 * Launches a browser that was found, once for all visitors.
 *
 * @param options.root Chromium's own sandbox refuses to work for root; then it is switched off.
 * @throws with Chromium's own words when it does not start.
 */
export async function openBrowser(options: {
  browser: FoundBrowser;
  root: boolean;
  env: Readonly<Record<string, string | undefined>>;
  /** Where its profile lies. @default the system's temporary folder */
  profileFolder?: string | undefined;
}): Promise<VerifyBrowser> {
  const {browser: found, root, env, profileFolder} = options;
  const {chromium} = await import('playwright-core');
  const environment = {
    ...environmentFor(found, env),
    ...(profileFolder && profileFolder.length < longestForSocket ? {TMPDIR: profileFolder} : {}),
  };
  const launch = (chromiumSandbox: boolean) =>
    withTemporaryFolder(profileFolder, () =>
      chromium.launch({
        executablePath: found.executable,
        headless: true,
        chromiumSandbox,
        args: [...switches, ...(found.arguments ?? [])],
        env: environment,
        timeout: 30_000,
        // The caller decides what a signal means and closes the browser itself.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      }),
    );
  // Some systems forbid the user namespaces that the sandbox needs; only then is it given up.
  const browser = root
    ? await launch(false)
    : await launch(true).catch(error => {
        if (/sandbox|namespace/i.test(String(error))) return launch(false);
        throw error;
      });
  return {
    description: `${found.name} ${browser.version().split('.').slice(0, 2).join('.')}`,
    open: request => openVisitor(browser, request),
    close: () => browser.close(),
  };
}

/** As narrow as two reviews stand side by side in, so that a picture of them can be read in a terminal. */
const viewport = {width: 800, height: 900};

async function openVisitor(browser: Browser, options: Parameters<VerifyBrowser['open']>[0]) {
  const context = await browser.newContext({viewport, colorScheme: 'light'});
  return new ProductPage({context, ...options});
}

function environmentFor(
  found: FoundBrowser,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const defined = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {...Object.fromEntries(defined), ...found.environment};
}
