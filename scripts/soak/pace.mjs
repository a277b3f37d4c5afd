export const title =
  'all labs at the pace of a real cluster, applications that take from 2 to 60 s to answer';

/** Seconds that a command or a check may take without a word of what it waits for. */
const silence = 5;

export async function run({rounds, workshop, count, fail}) {
  for (let round = 1; round <= rounds; round++) {
    const args = ['run', '--all', '--fresh', '--plain', '--pace', 'real:2-60'];
    const {exitCode, stdall} = await workshop(...args);
    count('runs');
    if (exitCode !== 0) fail(`${args.join(' ')}\n${stdall}`);
    for (const line of silentWaits(stdall)) fail(`It did not say what it waited for: ${line}`);
  }
}

/** The commands and checks that took long and told nothing on their way. */
function silentWaits(output) {
  const silent = [];
  let told = false;
  let last = '';
  for (const line of output.split('\n')) {
    if (/^\s+… /.test(line)) told = true;
    if (/^\s+\$ /.test(line)) last = line.trim();
    // What stands further left is a whole lab's time.
    const [, seconds] = /^\s{4,}[✓✗] (?:.* )?([\d.]+) s$/.exec(line) ?? [];
    if (seconds === undefined) continue;
    if (Number(seconds) > silence && !told) silent.push(`${last} … ${line.trim()}`);
    told = false;
    last = line.trim();
  }
  return silent;
}
