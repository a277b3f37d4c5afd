export const title = 'what why says of a page, beside real requests through generated meshes';

export async function run({rounds, vitest, count}) {
  const meshes = rounds * 40;
  await vitest('scripts/compare/pages/pages.test.ts', {ISTIO_WORKSHOP_MESHES: String(meshes)});
  count('meshes', meshes);
}
