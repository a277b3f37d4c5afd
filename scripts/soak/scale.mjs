export const title = 'a billion replicas, watchers that do not read, namespaces of thousands of objects';

/** Each round takes about a quarter of an hour, most of it a billion replicas that are left alone. */
const mostRounds = 2;

export async function run({rounds, vitest, count}) {
  const played = Math.min(mostRounds, Math.ceil(rounds / 10));
  for (let round = 0; round < played; round++) {
    await vitest('runner/sandbox/conformance/scale.test.ts', {ISTIO_WORKSHOP_SCALE: 'long'});
  }
  count('rounds of 20,000 and 1,000,000,000 replicas, 120 deaf watchers and 5,000 objects', played);
}
