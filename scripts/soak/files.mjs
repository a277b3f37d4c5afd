export const title = 'files that were cut, flipped, holed, zeroed and doubled';

export async function run({rounds, vitest, count}) {
  const spoilings = rounds * 50;
  await vitest('runner/spoiled-files.test.ts', {ISTIO_WORKSHOP_SPOIL_ROUNDS: String(spoilings)});
  // Eleven files are spoiled in five ways each.
  count('spoiled files', spoilings * 11 * 5);
}
