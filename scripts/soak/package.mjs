export const title = 'all labs by npx from the package, without a network, on each Node';

export async function run({vitest}) {
  await vitest('scripts/package.test.ts', {ISTIO_WORKSHOP_EVERY_NODE: '1'});
}
