import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {stringify} from 'yaml';
import {explainPages} from '../../../runner/istio/causes/explain-pages.ts';
import {everyPage} from './compare-page.ts';
import {drawMesh} from './draw-mesh.ts';
import {openSandboxPage, type SandboxPage} from './sandbox-page.ts';
import {variations} from './variations.ts';

/** `npm run soak` asks for more meshes and other seeds. */
const meshes = Number(process.env['ISTIO_WORKSHOP_MESHES'] ?? 8);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);

let page: SandboxPage;
beforeAll(async () => {
  page = await openSandboxPage();
});
afterAll(() => page?.close());

describe(`what why says of a page, beside real requests through ${meshes} meshes (seed ${seed})`, () => {
  it.each(variations.map(each => [each.name, each] as const))('%s: is told as it is', async (_name, each) => {
    expect(await page.apply(each.objects)).toEqual([]);
    expect(await everyPage(page)).toEqual([]);
    const [jason, others] = each.wanted;
    const wanted = Object.entries({jason, john: others, anonymous: others}).map(([visitor, version]) => ({
      visitor,
      via: each.via ?? ('productpage' as const),
      ...(visitor === 'anonymous' ? {} : {signedInAs: visitor}),
      expected: {[version]: 1},
    }));
    const {snapshot, pods, deployments} = await page.mesh();
    const [first] = explainPages({snapshot, pods, deployments, wanted});
    expect(first?.code, first?.sentence).toBe(each.cause);
  });

  it('is what every visitor gets', {timeout: 120_000 + meshes * 10_000}, async () => {
    const differences: string[] = [];
    for (let number = 0; number < meshes; number += 1) {
      const objects = drawMesh(seed, number);
      const refused = await page.apply(objects);
      const found = await everyPage(page);
      const yaml = [...refused, ...objects.map(each => stringify(each))].join('---\n');
      differences.push(...found.map(difference => `#${number} ${difference}\n${yaml}`));
    }
    expect(differences.join('\n\n')).toBe('');
  });
});
