import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium, type Page} from 'playwright-core';
import {findBrowser} from '../../../verify/find-browser.ts';

/** The browser that is used here, or nothing where there is none. */
export const found = await findBrowser({
  env: process.env,
  home: os.homedir(),
  platform: process.platform,
  cacheFolder: path.join(
    process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'),
    'istio-workshop',
    'browsers',
  ),
});

export interface Look {
  colours: 'light' | 'dark';
  /** CSS pixels. */
  width: number;
  scripts: boolean;
}

export interface Audit extends Look {
  /** What the browser complained of, and what it asked the network for. */
  complaints: readonly string[];
  /** How far the page is wider than the window, in CSS pixels. */
  overflow: number;
  /** Pictures that did not come. */
  missing: readonly string[];
  /** What axe finds, everything unfolded: rule and element. */
  barriers: readonly string[];
  text: string;
}

/** Opens a page from its folder as a reader would, in each of these ways. */
export async function auditPage(file: string, looks: readonly Look[]): Promise<readonly Audit[]> {
  if (!found) throw new Error('there is no browser');
  const browser = await chromium.launch({
    executablePath: found.executable,
    chromiumSandbox: false,
    args: [...(found.arguments ?? [])],
    env: {...(process.env as Record<string, string>), ...found.environment},
  });
  try {
    const audits: Audit[] = [];
    for (const look of looks) {
      const context = await browser.newContext({
        viewport: {width: look.width, height: 900},
        colorScheme: look.colours,
        javaScriptEnabled: look.scripts,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', message => void complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', error => void complaints.push(String(error)));
      page.on('request', request => {
        if (!/^(?:file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
      });
      page.on('requestfailed', request => void complaints.push(`did not get ${request.url()}`));
      await page.goto(pathToFileURL(file).href);
      audits.push({...look, ...(await measured(page, look)), complaints});
      await context.close();
    }
    return audits;
  } finally {
    await browser.close();
  }
}

async function measured(
  page: Page,
  {scripts}: Look,
): Promise<Pick<Audit, 'overflow' | 'missing' | 'barriers' | 'text'>> {
  const text = (await page.locator('body').textContent()) ?? '';
  // Playwright's own evaluation works where the page's scripts do not.
  const [overflow, missing] = (await page.evaluate(`(async () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const images = [...document.images];
    for (const image of images) { image.loading = 'eager'; await image.decode().catch(() => {}); }
    return [
      document.documentElement.scrollWidth - innerWidth,
      images.filter(image => image.naturalWidth === 0).map(image => image.src),
    ];
  })()`)) as [number, string[]];
  if (!scripts) return {overflow, missing, text, barriers: []};
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const barriers = (await page.evaluate(`axe.run(document, {preload: false}).then(({violations}) =>
    violations.flatMap(({id, nodes}) => nodes.map(({html}) => id + ': ' + html.slice(0, 120))))`)) as string[];
  return {overflow, missing, text, barriers};
}
