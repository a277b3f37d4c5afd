import {rawClient} from './fuzz/raw-client.ts';
import {memoryMegabytes, type Observed, readiness, readyWithin} from './process-figures.ts';

/**
 * `observer KUBECONFIG PID`, a process of its own, so that nothing which the test does beside it delays what it sees:
 * asks `/readyz` 20 ms after each answer until its input ends, then prints what it saw.
 */
const [kubeconfigPath = '', pid = ''] = process.argv.slice(2);
const client = rawClient(kubeconfigPath);
const observed: Observed = {samples: 0, slowest: 0, longestWork: 0, late: [], peakMegabytes: 0};
let ended = false;
process.stdin.resume().on('end', () => {
  ended = true;
});

// The first answer also begins a connection.
await client.send('GET', '/readyz');
while (!ended) {
  const {status, milliseconds, worked} = await readiness(client, Number(pid));
  observed.samples += 1;
  observed.slowest = Math.max(observed.slowest, Math.round(milliseconds));
  observed.longestWork = Math.max(observed.longestWork, Math.round(worked) || 0);
  observed.peakMegabytes = Math.max(observed.peakMegabytes, memoryMegabytes(Number(pid)));
  if (status !== 200 || worked > readyWithin) {
    observed.late.push(`${status} after ${Math.round(milliseconds)} ms, ${Math.round(worked)} ms at work`);
  }
  await new Promise(resolve => setTimeout(resolve, 20));
}
client.close();
console.log(JSON.stringify(observed));
