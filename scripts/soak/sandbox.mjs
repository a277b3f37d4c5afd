export const title = 'kill -9 of the sandbox';

export async function run({rounds, vitest, count}) {
  const kills = rounds * 5;
  await vitest('runner/sandbox/conformance/kill.test.ts', {ISTIO_WORKSHOP_KILL_ROUNDS: String(kills)});
  count('kills', kills);
}
