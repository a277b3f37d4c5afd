import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {stringify} from 'yaml';
import {everyPage} from './compare-page.ts';
import {drawMesh} from './draw-mesh.ts';
import {openSandboxPage, type SandboxPage} from './sandbox-page.ts';

/** `npm run soak` asks for more meshes and other seeds. */
const meshes = Number(process.env['ISTIO_WORKSHOP_MESHES'] ?? 10);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);

let page: SandboxPage;
beforeAll(async () => {
  page = await openSandboxPage();
});
afterAll(() => page?.close());

describe(`what why says of a page, beside real requests through ${meshes} meshes (seed ${seed})`, () => {
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
