/** Figures from repeated measurements. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The value that a share of all values does not exceed. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export async function secondsOf(run) {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) / 1000;
}

/** The median of several runs, in seconds. */
export async function timed(run, times) {
  const seconds = [];
  for (let count = 0; count < times; count += 1) seconds.push(await secondsOf(run));
  return rounded(median(seconds), 3);
}

export function rounded(value, digits) {
  return Number(value.toFixed(digits));
}
