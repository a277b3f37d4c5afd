export const title =
  'all labs at the pace of a real cluster, applications that take from 2 to 60 s to answer';

/** Seconds of silence after which something must have said what is waited for, for how long and up to which bound. */
const first = 4;
const next = 15;

export async function run({rounds, workshop, count, fail}) {
  let longest = 0;
  for (let round = 1; round <= rounds; round++) {
    const args = ['run', '--all', '--fresh', '--plain', '--pace', 'real:2-60'];
    const running = workshop(...args);
    const heard = {at: performance.now(), line: args.join(' '), waits: false};
    const listen = chunk => {
      const seconds = (performance.now() - heard.at) / 1000;
      longest = Math.max(longest, seconds);
      // A machine that is busy may take some more.
      if (seconds > (heard.waits ? next : first))
        fail(`Nothing was said for ${seconds.toFixed(1)} s after: ${heard.line}`);
      const lines = String(chunk).trimEnd().split('\n');
      heard.at = performance.now();
      heard.line = lines.at(-1).trim();
      // Another command or check begins anew; until then words on a wait come every ten seconds.
      for (const line of lines)
        heard.waits = /^\s+… /.test(line) || (heard.waits && !/^\s*([$✓✗]|Lab )/.test(line));
    };
    running.stdout.on('data', listen);
    running.stderr.on('data', listen);
    const {exitCode, stdall} = await running;
    count('runs');
    count('waits told', stdall.match(/^\s+… waiting: /gm)?.length ?? 0);
    if (exitCode !== 0) fail(`${args.join(' ')}\n${stdall}`);
  }
  count('seconds of the longest silence', Math.round(longest));
}
