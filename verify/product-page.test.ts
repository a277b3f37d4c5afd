import {once} from 'node:events';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {type DecodedPng, decode} from 'fast-png';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {InMemoryPods} from '../runner/sandbox/bookinfo/in-memory-pods.ts';
import {openBrowser} from './browser.ts';
import {findBrowser} from './find-browser.ts';
import type {VerifyBrowser} from './observation.ts';
import {bootstrapPage, tailwindPage} from './testing/markups.ts';

const home = os.homedir();
const found = await findBrowser({
  env: process.env,
  home,
  platform: process.platform,
  cacheFolder: path.join(
    process.env.XDG_CACHE_HOME || path.join(home, '.cache'),
    'istio-workshop',
    'browsers',
  ),
});
const title =
  found === undefined
    ? 'the product page in a browser (SKIPPED: no chromium-headless-shell, Chrome, Chromium or Edge found)'
    : `the product page in ${found.name}`;

describe.skipIf(found === undefined)(title, () => {
  let browser: VerifyBrowser;
  beforeAll(async () => {
    if (found !== undefined)
      browser = await openBrowser({browser: found, root: process.getuid?.() === 0, env: process.env});
  });
  afterAll(() => browser?.close());

  describe('of the sandbox', () => {
    let pods: InMemoryPods;
    let address: string;
    const image = (name: string) => `registry.istio.io/release/examples-bookinfo-${name}:1.20.3`;

    beforeAll(async () => {
      pods = new InMemoryPods();
      await pods.start({image: image('details-v1'), name: 'details-v1-a', host: 'details'});
      await pods.start({image: image('ratings-v1'), name: 'ratings-v1-a', host: 'ratings'});
      for (const version of ['v1', 'v2', 'v3']) {
        await pods.start({image: image(`reviews-${version}`), name: `reviews-${version}-a`});
      }
      await pods.start({image: image('productpage-v1'), name: 'productpage-v1-a'});
      address = await pods.expose('productpage-v1-a');
    });
    afterAll(() => pods.close());
    beforeEach(() => {
      pods.route('details', 'details-v1-a');
      pods.route('ratings', 'ratings-v1-a');
      pods.route('reviews', 'reviews-v1-a');
    });

    const open = (visitor: string, url = `${address}/productpage`) => browser.open({url, visitor});

    it('reads none, black and red stars as the versions change', async () => {
      const page = await open('anonymous');
      expect(await page.load()).toMatchObject({
        stars: 'none',
        pod: 'reviews-v1-a',
        reviews: 2,
        signedInAs: null,
      });
      pods.route('reviews', 'reviews-v2-a');
      expect(await page.load()).toMatchObject({
        stars: 'black',
        colours: ['rgb(0, 0, 0)'],
        filledStars: [5, 4],
      });
      pods.route('reviews', 'reviews-v3-a');
      expect(await page.load()).toMatchObject({
        stars: 'red',
        colours: ['rgb(239, 68, 68)'],
        pod: 'reviews-v3-a',
      });
      await page.close();
    });

    it('does not take an outage for v1', async () => {
      const page = await open('anonymous');
      pods.route('reviews', 'reviews-v2-a');
      pods.route('ratings', 'nobody');
      expect(await page.load()).toMatchObject({
        stars: 'unavailable',
        errors: ['Ratings service is currently unavailable'],
      });
      pods.route('reviews', 'nobody');
      expect(await page.load()).toMatchObject({stars: 'unavailable', pod: null, status: 200});
      await page.close();
    });

    it('signs visitors in side by side, keeps them apart, and signs them out', async () => {
      const [jason, john, anonymous] = await Promise.all([open('jason'), open('john'), open('anonymous')]);
      const seen = await Promise.all([jason.load(), john.load(), anonymous.load()]);
      expect(seen.map(({signedInAs}) => signedInAs)).toEqual(['jason', 'john', null]);
      expect((await jason.load()).signedInAs).toBe('jason');
      await jason.signOut();
      expect(await jason.html()).toContain('id="sign-in-button"');
      expect((await jason.load()).signedInAs).toBe('jason');
      await Promise.all([jason.close(), john.close(), anonymous.close()]);
    });

    it('names the failure when nothing listens', async () => {
      const gone = createServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      const {port} = gone.address() as AddressInfo;
      await new Promise(resolve => gone.close(resolve));
      const page = await open('jason', `http://127.0.0.1:${port}/productpage`);
      expect(await page.load()).toMatchObject({stars: 'unavailable', failure: {code: 'connection-refused'}});
      await page.close();
    });

    it('gives up a load when told to, and can load again', async () => {
      const page = await open('anonymous');
      expect((await page.load({signal: AbortSignal.abort()})).failure?.code).toBe('aborted');
      expect((await page.load()).stars).toBe('none');
      await page.close();
    });

    it('takes a picture of the reviews, with the colour of their stars, and of their error', async () => {
      const page = await open('anonymous');
      await page.load();
      const withoutStars = decode(await page.screenshot());
      expect(withoutStars.width).toBeLessThanOrEqual(800);
      expect(withoutStars.height).toBeLessThan(400);
      expect(pixelsOf(withoutStars, red)).toBe(0);
      pods.route('reviews', 'reviews-v3-a');
      await page.load();
      expect(pixelsOf(decode(await page.screenshot()), red)).toBeGreaterThan(9 * 100);
      pods.route('reviews', 'nobody');
      await page.load();
      const error = decode(await page.screenshot());
      expect(error.height).toBeLessThan(200);
      await page.close();
    });
  });

  const red = [239, 68, 68];

  /** Pixels of exactly this colour; the edges of what is drawn are mixed with what lies behind. */
  function pixelsOf({data, channels}: DecodedPng, colour: readonly number[]): number {
    let count = 0;
    for (let at = 0; at < data.length; at += channels) {
      if (colour.every((value, index) => data[at + index] === value)) count += 1;
    }
    return count;
  }

  describe('of Istio, both markups', () => {
    let server: Server;
    let address: string;
    let html = '';
    let sheet: {status: number; body: string} = {status: 200, body: ''};

    beforeAll(async () => {
      server = createServer((request, response) => {
        if (request.url?.startsWith('/static')) {
          response.writeHead(sheet.status, {'content-type': 'text/javascript'}).end(sheet.body);
        } else {
          response.writeHead(200, {'content-type': 'text/html'}).end(html);
        }
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/productpage`;
    });
    afterAll(() => void server?.close());

    async function read(page: string, script: typeof sheet = {status: 200, body: paints}) {
      html = page;
      sheet = script;
      const visitor = await browser.open({url: address, visitor: 'anonymous'});
      const observation = await visitor.load();
      await visitor.close();
      return observation;
    }

    /** As Tailwind's script: the style comes some time after the page has loaded. */
    const paints = `addEventListener('load', () => setTimeout(() => {
      document.head.append(Object.assign(document.createElement('style'), {textContent: '.text-red-500 {color: rgb(239, 68, 68)}'}));
    }, 80));`;

    it.each([
      ['bootstrap', bootstrapPage],
      ['tailwind', tailwindPage],
    ])('reads %s', async (_name, page) => {
      expect(await read(page({pod: 'reviews-v1-a'}))).toMatchObject({
        stars: 'none',
        pod: 'reviews-v1-a',
        reviews: 2,
      });
      expect(await read(page({pod: 'reviews-v2-a', colour: 'black'}))).toMatchObject({
        stars: 'black',
        filledStars: [5, 4],
      });
      expect(await read(page({pod: 'reviews-v3-a', colour: 'red'}))).toMatchObject({
        stars: 'red',
        filledStars: [5, 4],
      });
      expect(await read(page({pod: 'reviews-v2-a', ratingsDown: true}))).toMatchObject({
        stars: 'unavailable',
        errors: expect.arrayContaining(['Ratings service is currently unavailable']),
      });
      expect(await read(page({pod: 'reviews-v1-a', user: 'jason'}))).toMatchObject({signedInAs: 'jason'});
    });

    it.each([
      ['bootstrap', bootstrapPage, 9 * 20],
      ['tailwind', tailwindPage, 9 * 20 * 20],
    ])('takes a picture of all reviews of %s, and of nothing above them', async (_name, page, least) => {
      const colour = 'rgb(1, 2, 3)';
      html = page({pod: 'reviews-v3-a', colour: 'red'})
        .replace('<nav>', `<nav style="background: ${colour}; height: 100px">`)
        .replace('</title>', '</title><style>font, .flex {color: rgb(239, 68, 68)}</style>');
      const visitor = await browser.open({url: address, visitor: 'anonymous'});
      await visitor.load();
      const picture = decode(await visitor.screenshot());
      await visitor.close();
      expect(pixelsOf(picture, red)).toBeGreaterThanOrEqual(least);
      expect(pixelsOf(picture, [1, 2, 3])).toBe(0);
    });

    it('sees that the style did not load', async () => {
      const observation = await read(tailwindPage({pod: 'reviews-v3-a', colour: 'red'}), {
        status: 404,
        body: '',
      });
      expect(observation).toMatchObject({
        stars: 'unavailable',
        failedStatic: ['/static/tailwind/tailwind.css: 404'],
      });
      expect(observation.remark).toContain('the style sheet did not load');
    });
  });
});
