export const title = 'all labs in a row, from nothing and on what stands';

export async function run({rounds, workshop, count, fail}) {
  const runs = [
    ...Array.from({length: rounds}, () => ['--fresh']),
    // A workshop that stays, and once more on what stands in it.
    [],
    [],
  ];
  for (const flags of runs) {
    const {exitCode, stdout, stderr} = await workshop('run', '--all', ...flags);
    count('runs');
    if (exitCode !== 0) fail(`run --all ${flags.join(' ')}\n${stdout}${stderr}`);
  }
  await workshop('sandbox', 'down', '--delete');
}
