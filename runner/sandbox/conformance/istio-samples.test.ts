import {homedir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openBrowser} from '../../../verify/browser.ts';
import {type Expectation, parseExpectation, usualVisitors} from '../../../verify/expect.ts';
import {findBrowser} from '../../../verify/find-browser.ts';
import {proveSplit} from '../../../verify/mixes.ts';
import type {VerifyBrowser, Visitor, VisitorPage} from '../../../verify/observation.ts';
import {settleThenProve} from '../../../verify/rounds.ts';
import {type KubectlSession, kubectlSession} from './kubectl-session.ts';
import {findKubectl, sampleReleases} from './real-tools.ts';
import {openWorkbench, readFaults, type Workbench} from './sandbox-process.ts';

/**
 * Istio's own samples, applied as its documentation says, lead to the page that they promise. They are no part of the
 * repository: where they are missing beside it, these tests are skipped.
 */
const tool = await findKubectl(33);
const releases = sampleReleases();
const missing = [
  ...('missing' in tool ? [tool.missing] : []),
  ...(releases.length === 0 ? ["no ../shared/fixtures with Istio's samples"] : []),
];

/** Which manifest is applied after those before it, and what the page then shows. */
const promises: readonly {manifest: string; expected: string; quick: boolean}[] = [
  {manifest: 'virtual-service-all-v1.yaml', expected: 'none', quick: true},
  {
    manifest: 'virtual-service-reviews-test-v2.yaml',
    expected: 'anonymous=none,jason=black,john=none',
    quick: true,
  },
  {manifest: 'virtual-service-reviews-v3.yaml', expected: 'red', quick: true},
  {
    manifest: 'virtual-service-reviews-jason-v2-v3.yaml',
    expected: 'anonymous=red,jason=black,john=red',
    quick: true,
  },
  {manifest: 'virtual-service-reviews-80-20.yaml', expected: 'none=80%,black=20%', quick: true},
  {manifest: 'virtual-service-reviews-90-10.yaml', expected: 'none=90%,black=10%', quick: false},
  {manifest: 'virtual-service-reviews-50-v3.yaml', expected: 'none=50%,red=50%', quick: false},
  {manifest: 'virtual-service-reviews-v2-v3.yaml', expected: 'black=50%,red=50%', quick: false},
];

let bench: Workbench;
let browser: VerifyBrowser | undefined;

beforeAll(async () => {
  if (missing.length > 0) return;
  bench = await openWorkbench();
  const {env} = process;
  const cache = env['ISTIO_WORKSHOP_CACHE'] ?? path.join(homedir(), '.cache', 'istio-workshop');
  const found = await findBrowser({
    env,
    home: homedir(),
    platform: process.platform,
    cacheFolder: path.join(cache, 'browsers'),
  });
  browser = found && (await openBrowser({browser: found, root: process.getuid?.() === 0, env}));
});

afterAll(async () => {
  await browser?.close();
  await bench?.close();
});

async function prove(pages: ReadonlyMap<Visitor, VisitorPage>, expectation: Expectation) {
  const load = (visitor: Visitor) => (pages.get(visitor) as VisitorPage).load();
  const common = {
    visitors: usualVisitors,
    load,
    // The configuration is acknowledged when it is routed: the first wrong answer counts.
    configured: () => true,
    starting: async () => [],
    bounds: {propagation: 0, startUp: 0},
    now: () => performance.now(),
    pause: async () => {},
  };
  if (expectation.mode === 'mix') return proveSplit({...common, limit: 900, wanted: expectation});
  if (expectation.mode === 'seen') throw new Error('no sample promises that');
  return settleThenProve({
    ...common,
    isRight: ({visitor, stars}) => stars === expectation.visitors[visitor],
    loads: 5,
  });
}

describe.skipIf(missing.length > 0).each(releases.length > 0 ? releases : [{version: '', folder: ''}])(
  `the samples of Istio $version${missing.map(text => ` (skipped: ${text})`).join('')}`,
  ({version, folder}) => {
    const isNewest =
      version ===
      releases
        .map(release => release.version)
        .sort()
        .at(-1);
    const pages = new Map<Visitor, VisitorPage>();
    const forward = new AbortController();
    let k: KubectlSession;
    let forwarding: Promise<unknown> | undefined;

    beforeAll(async () => {
      const sandbox = await bench.start(version, {istioVersion: version});
      k = kubectlSession(bench, 'file' in tool ? tool.file : '', sandbox);
      await bench.installIstio(sandbox);
      await k.ok('label namespace default istio-injection=enabled');
      expect(await k.ok(`apply -f ${folder}/platform/kube/bookinfo.yaml`)).toMatch(/^(.* created\n){14}$/);
      await k.ok('wait --for=condition=Available deploy --all --timeout=30s');
      await k.ok(`apply -f ${folder}/networking/destination-rule-all.yaml`);
      const port = await new Promise<string>(resolve => {
        let output = '';
        forwarding = k.run('port-forward svc/productpage :9080', {
          signal: forward.signal,
          onOutput(text) {
            output += text;
            const found = /127\.0\.0\.1:(\d+)/.exec(output)?.[1];
            if (found !== undefined) resolve(found);
          },
        });
      });
      const url = `http://127.0.0.1:${port}/productpage`;
      for (const visitor of browser ? usualVisitors : [])
        pages.set(visitor, await (browser as VerifyBrowser).open({url, visitor}));
    });

    afterAll(async () => {
      for (const page of pages.values()) await page.close();
      forward.abort();
      await forwarding;
      expect(readFaults(path.join(bench.folder, version))).toBe('');
    });

    it.each(promises.filter(({quick}) => quick || isNewest))(
      '$manifest: $expected',
      async ({manifest, expected}) => {
        expect(browser, 'no browser: npm run verify -- --fetch-browser').toBeDefined();
        await k.ok(`apply -f ${folder}/networking/${manifest}`);
        const verdict = await prove(pages, parseExpectation(expected));
        expect(verdict).toMatchObject({outcome: 'passed'});
      },
    );
  },
);
