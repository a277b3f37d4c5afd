import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {askProxyOver} from '../../../runner/checks/ask-proxies.ts';
import {tellPage} from '../../../runner/checks/tell-page.ts';
import {proxyStates} from '../../../runner/engines/istio/proxies-settled.ts';
import {type Kube, openKubeText} from '../../../runner/engines/kube/kube.ts';
import type {IstioObject} from '../../../runner/istio/types.ts';
import {appliedText} from '../../../runner/ui/way/words.ts';
import {findPrograms} from '../real/install.ts';
import {type Rig, startRig} from '../real/rig.ts';
import {waitUntil} from '../real/wait-until.ts';
import {destinationRule, gateway, virtualService} from './objects.ts';

const found = findPrograms(process.env);
const canListen = process.getuid?.() === 0;
const reason =
  'missing' in found
    ? ' (skipped: npm run compare -- mesh --install brings istiod and Envoy)'
    : canListen
      ? ''
      : ' (skipped: the rig listens on port 80, which takes root)';

describe.skipIf(reason !== '')(`why beside real istiod and Envoy${reason}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'iw-proxies-'));
  let rig: Rig;
  let kube: Kube;
  beforeAll(async () => {
    if ('missing' in found) return;
    rig = await startRig({programs: found.programs, folder, only: ['productpage', 'ingress']});
    kube = await openKubeText(readFileSync(rig.kubeconfig, 'utf8'));
  });
  afterEach(() => {
    for (const id of ['productpage', 'ingress'] as const) rig?.release(id);
  });
  afterAll(async () => {
    await rig?.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  const written = Date.UTC(2026, 0, 1);
  const now = written + 4000;
  const dated = (object: IstioObject, at = written): IstioObject => ({
    ...object,
    metadata: {...object.metadata, creationTimestamp: new Date(at).toISOString().replace('.000', '')},
  });
  const hourAgo = written - 3_600_000;
  const page = (askProxy = askProxyOver(kube)) =>
    tellPage(kube, {visitor: 'jason', via: 'gateway', now, realProxies: true, askProxy});
  const reviewsOf = (told: Awaited<ReturnType<typeof page>>) =>
    told.way.entry.branches[0]?.next.find(({service}) => service?.startsWith('reviews'));

  it('says which proxies have a change, and which do not yet', async () => {
    const ground = [dated(destinationRule(), hourAgo), dated(gateway(), hourAgo)];
    await rig.apply([
      ...ground,
      dated(virtualService('reviews', {subset: 'v1'}), hourAgo),
      dated(virtualService('productpage', {gateways: ['front']}), hourAgo),
    ]);
    const before = await page();
    expect(reviewsOf(before)?.proxies).toMatchObject([{pod: 'productpage-v1', state: 'same'}]);
    expect(before.way.entry.proxies).toMatchObject([{pod: 'istio-ingress', state: 'same'}]);
    expect(before.way.unknown.filter(text => /proxies/.test(text))).toEqual([]);

    rig.hold('ingress');
    await rig.show([
      ...ground,
      dated(virtualService('reviews', {subset: 'v2', user: 'jason'})),
      dated(virtualService('productpage', {gateways: ['front'], timeout: '7s'})),
    ]);
    let during = await page();
    await waitUntil('the sidecar', async () => {
      during = await page();
      return reviewsOf(during)?.proxies?.[0]?.state === 'same';
    });
    expect(during.way.entry.proxies).toMatchObject([
      {pod: 'istio-ingress', state: 'older', has: 'VirtualService bookinfo/productpage to productpage'},
    ]);
    expect(during.way.applied && appliedText(during.way.applied)).toBe(
      "VirtualService bookinfo/productpage, VirtualService bookinfo/reviews: applied 4 s ago, reviews' callers have it, the gateway not yet",
    );
    // istiod knows it too, by the acknowledgement that has not come.
    const states = await proxyStates(kube, new AbortController().signal);
    expect(states?.find(({proxy}) => proxy === 'istio-ingress.istio-ingress')?.settled).toBe(false);

    rig.release('ingress');
    await waitUntil('the gateway', async () => (await page()).way.entry.proxies?.[0]?.state === 'same');
    const after = await page();
    expect(after.way.applied && appliedText(after.way.applied)).toMatch(
      /the gateway and reviews' callers have it$|reviews' callers and the gateway have it$/,
    );
  });

  it('tells what is not there yet from what is no longer in the objects', async () => {
    const front = virtualService('productpage', {gateways: ['front']});
    const ground = [destinationRule(), gateway(), front].map(each => dated(each));
    await rig.apply(ground);
    rig.hold('productpage');
    await rig.show([...ground, dated(virtualService('reviews', {subset: 'v3'}))]);
    const early = await page();
    expect(reviewsOf(early)?.proxies).toMatchObject([
      {pod: 'productpage-v1', state: 'not-there', has: 'no VirtualService to reviews'},
    ]);
    rig.release('productpage');
    await waitUntil('the rule', async () => reviewsOf(await page())?.proxies?.[0]?.state === 'same');
    rig.hold('productpage');
    await rig.show(ground);
    expect(reviewsOf(await page())?.proxies).toMatchObject([
      {pod: 'productpage-v1', state: 'older', has: 'VirtualService bookinfo/reviews to reviews v3'},
    ]);
    rig.release('productpage');
    await waitUntil('its end', async () => reviewsOf(await page())?.proxies?.[0]?.state === 'same');
  });
});
