import {describe, expect, it} from 'vitest';
import {withProxies} from '../../../runner/checks/ask-proxies.ts';
import type {ReadMesh} from '../../../runner/checks/mesh-snapshot.ts';
import type {Kube, KubeItem} from '../../../runner/engines/kube/kube.ts';
import {readProxyConfig} from '../../../runner/istio/proxy/config.ts';
import {wayOfPage} from '../../../runner/istio/way/page.ts';
import type {Hop} from '../../../runner/istio/way/way.ts';
import {appliedText} from '../../../runner/ui/way/words.ts';
import {applied, kubernetesObjects} from '../world/kubernetes-objects.ts';
import {readRecordedProxies} from './recording.ts';
import {snapshotOf} from './world.ts';

const recorded = readRecordedProxies();

/** The page of a mesh, whose proxies have what they had in others. */
async function page(mesh: number, proxies: Readonly<Record<string, number>>, can = true) {
  const objects = recorded[mesh]?.objects ?? [];
  const snapshot = snapshotOf(objects);
  const {pods, services} = kubernetesObjects();
  const items = [...services, ...applied(objects)] as unknown as readonly KubeItem[];
  const read = {snapshot, pods: pods as unknown as readonly KubeItem[], items} as ReadMesh;
  const way = wayOfPage({snapshot, pods, visitor: 'jason', signedInAs: 'jason', via: 'gateway'});
  const kube = {can: async ({namespace}) => can || namespace !== 'istio-ingress'} as Partial<Kube> as Kube;
  return withProxies(way, {
    mesh: read,
    kube,
    now: Date.parse(`${items.at(-1)?.metadata.creationTimestamp}`) + 4000,
    ask: async ({metadata: {name}}) =>
      readProxyConfig((recorded[proxies[name] ?? mesh]?.dumps[name] ?? []) as []),
  });
}

const states = (hop: Hop): string[] => [
  ...(hop.proxies ?? []).map(({pod, state, has = ''}) =>
    `${pod} ${hop.service ?? ''} ${state} ${has}`.trim(),
  ),
  ...hop.branches.flatMap(({next}) => next.flatMap(states)),
];
const reviews = 'reviews.bookinfo.svc.cluster.local';

describe("a page's way beside what real proxies have", () => {
  it('is the same where they have taken everything over', async () => {
    for (const mesh of [1, 2, 3]) {
      const way = await page(mesh, {});
      expect(states(way.entry).filter(text => !text.endsWith('same'))).toEqual([]);
      expect(states(way.entry)).toHaveLength(3);
    }
  });

  it('tells an older rule from one that is not there', async () => {
    expect(states((await page(3, {'productpage-v1': 2})).entry)).toContain(
      `productpage-v1 ${reviews} older VirtualService bookinfo/reviews to reviews v1, aborted with 500 for 12.5 %, timeout 3 s`,
    );
    expect(states((await page(3, {'productpage-v1': 1})).entry)).toContain(
      `productpage-v1 ${reviews} not-there no VirtualService to reviews`,
    );
    expect(states((await page(1, {'productpage-v1': 2})).entry)).toContain(
      `productpage-v1 ${reviews} older VirtualService bookinfo/reviews to reviews v1, aborted with 500 for 12.5 %, timeout 3 s`,
    );
    expect(states((await page(1, {'istio-ingress': 0})).entry)[0]).toMatch(/^istio-ingress {2}not-there/);
  });

  it('says how far the last change has come', async () => {
    const both = await page(2, {});
    expect(both.applied && appliedText(both.applied)).toBe(
      "VirtualService bookinfo/productpage, VirtualService bookinfo/reviews: applied 4 s ago, the gateway and reviews' callers have it",
    );
    const late = await page(2, {'productpage-v1': 1});
    expect(late.applied && appliedText(late.applied)).toMatch(
      /applied 4 s ago, the gateway has it, reviews' callers not yet$/,
    );
  });

  it('names the proxies that may not be looked into, and goes on', async () => {
    const way = await page(2, {}, false);
    expect(way.unknown).toContain('you may not look into the proxies of istio-ingress');
    expect(states(way.entry)).toContain(`productpage-v1 ${reviews} same`);
  });
});
