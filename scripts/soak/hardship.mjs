export const title = 'a disk that fills up, a clock that jumps, three starters at once';

export async function run({rounds, vitest, count}) {
  await vitest('runner/sandbox/conformance/hardship.test.ts', {ISTIO_WORKSHOP_HARD_ROUNDS: String(rounds)});
  count('full disks', rounds);
  count('jumps of the clock', 5 * rounds);
  count('races of three starters', rounds);
}
