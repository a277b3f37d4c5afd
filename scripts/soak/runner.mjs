export const title = 'kill -9 of the runner';

export async function run({rounds, vitest, count}) {
  await vitest('runner/killed-run.test.ts', {ISTIO_WORKSHOP_KILL_ROUNDS: String(rounds)});
  count('kills', rounds);
}
