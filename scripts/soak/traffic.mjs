export const title = 'requests through proxies and port-forwards, by bytes, cuts and early ends';

export async function run({rounds, vitest, count}) {
  const inputs = rounds * 500;
  await vitest('runner/sandbox/conformance/data-path.test.ts', {
    ISTIO_WORKSHOP_TRAFFIC_ROUNDS: String(inputs),
  });
  count('inputs', inputs);
}
