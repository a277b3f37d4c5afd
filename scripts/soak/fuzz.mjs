export const title = 'every kind that is served, written in every way with values by type and by malice';

export async function run({rounds, vitest, count}) {
  const inputs = rounds * 2000;
  await vitest('runner/sandbox/conformance/fuzz.test.ts', {ISTIO_WORKSHOP_FUZZ_ROUNDS: String(inputs)});
  count('inputs', inputs);
}
