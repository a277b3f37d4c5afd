export const title = 'every command of every lab by hand before, twice, and interrupted';

export async function run({vitest}) {
  await vitest('runner/lab-repeats.test.ts', {ISTIO_WORKSHOP_EVERY_COMMAND: '1'});
}
