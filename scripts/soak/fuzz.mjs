export const title = 'manifests with mistakes';

export async function run({rounds, vitest, count}) {
  const manifests = rounds * 300;
  await vitest('runner/sandbox/conformance/fuzz.test.ts', {ISTIO_WORKSHOP_FUZZ_ROUNDS: String(manifests)});
  count('manifests', manifests);
}
