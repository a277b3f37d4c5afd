import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {loadLabs} from '../catalog/catalog.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {KubeError} from '../engines/kube/rest.ts';
import {BookinfoMesh} from '../testing/bookinfo-mesh.ts';
import {type LookBefore, tellPage} from './tell-page.ts';
import {fakeKube} from './testing/fake-context.ts';

const labs = await loadLabs(fileURLToPath(new URL('../../labs', import.meta.url)));
const minute = 60_000;
const now = Date.UTC(2026, 0, 1, 1);

/** Bookinfo with these labs solved, whose objects are made from midnight on. */
function meshAfter(...ids: readonly string[]): BookinfoMesh {
  const mesh = new BookinfoMesh();
  for (const lab of labs.filter(({id}) => ids.includes(id))) mesh.solve(lab);
  return mesh;
}

const kubeOf = (mesh: BookinfoMesh): Kube => fakeKube(() => mesh.items() as readonly KubeItem[]);

function look(seen: string, expected: Readonly<Record<string, number>>): LookBefore {
  return {
    at: now - 4 * minute,
    verdict: 'failed',
    rows: [{visitor: 'jason', expected: '', stars: [], seen, good: 0, loads: 1, version: 'v1'}],
    wanted: [{visitor: 'jason', signedInAs: 'jason', via: 'productpage', expected}],
  };
}

const jason = {visitor: 'jason', via: 'productpage', now} as const;

describe('a page that is told', () => {
  it('has its way and no cause where it is whole', async () => {
    const told = await tellPage(kubeOf(meshAfter('deploy-bookinfo', 'route-to-v1')), jason);
    expect(told.way.sees).toMatchObject([{share: 1, reviews: 'none', version: 'v1'}]);
    expect(told.causes).toEqual([]);
    expect(told.before).toBeUndefined();
  });

  it('is judged by what the last check wanted, and says that it saw the same', async () => {
    const kube = kubeOf(meshAfter('deploy-bookinfo', 'route-to-v1'));
    const told = await tellPage(kube, {...jason, last: look('none', {v2: 1})});
    expect(told.before).toEqual({ago: 4 * minute, seen: 'none from v1', agrees: true, perhaps: []});
    expect(told.causes[0]).toMatchObject({
      code: 'wrong-destination',
      object: 'VirtualService bookinfo/reviews',
    });
  });

  it('says what may explain that the last check saw something else', async () => {
    const kube = kubeOf(meshAfter('deploy-bookinfo', 'route-to-v1'));
    const told = await tellPage(kube, {...jason, last: look('black', {v2: 1})});
    expect(told.before).toMatchObject({agrees: false});
    expect(told.before?.perhaps).toContain('the proxies had not taken the configuration over yet');
  });

  it('names what was changed since the last check', async () => {
    const mesh = meshAfter('deploy-bookinfo', 'route-to-v1');
    const [lately] = mesh.items().filter(({kind}) => kind === 'VirtualService');
    if (!lately) throw new Error('no VirtualService');
    const changed = {
      ...lately,
      metadata: {...lately.metadata, managedFields: [{time: '2026-01-01T00:59:00Z'}]},
    };
    const others = mesh.items().filter(other => other !== lately);
    const kube = fakeKube(() => [...others, changed] as unknown as readonly KubeItem[]);
    const told = await tellPage(kube, {...jason, last: look('black', {v2: 1})});
    expect(told.before?.perhaps).toEqual([
      expect.stringMatching(/^since then VirtualService bookinfo\/\w+ changed$/),
    ]);
  });

  it('names what may not be read, and goes on with the rest', async () => {
    const kube = kubeOf(meshAfter('deploy-bookinfo', 'route-to-v1'));
    const forbidden = () => {
      throw new KubeError(403, 'forbidden');
    };
    const admin: Kube = {
      ...kube,
      list: async (resource, options) =>
        options?.namespace === undefined || resource.startsWith('envoyfilters')
          ? forbidden()
          : kube.list(resource, options),
      get: async (resource, name, namespace) =>
        namespace === 'istio-system' ? forbidden() : kube.get(resource, name, namespace),
    };
    const told = await tellPage(admin, jason);
    expect(told.way.sees).toMatchObject([{reviews: 'none'}]);
    expect(told.way.unknown[0]).toBe('you may not read envoyfilters, the mesh configuration');
    expect(told.way.unknown[1]).toMatch(/^of .*virtualservices.* you may read those in bookinfo only$/);
    expect(told.causes).toEqual([]);
  });
});
