/** How many pods one pass over an object makes or deletes at most; Kubernetes' `BurstReplicas`. */
export const burst = 500;

/**
 * Runs `create` so many times, in batches of 1, 2, 4 and so on, and stops after the first batch in which one failed:
 * what is refused is not asked for hundreds of times (Kubernetes' `slowStartBatch`). Every one is a turn of its own,
 * and ends the work when its owner no longer wants it.
 * @throws what the first failure of a batch threw
 */
export function* slowStart(
  count: number,
  create: () => void,
  isWanted: () => boolean = () => true,
): Generator<void, void> {
  let left = count;
  for (let batch = Math.min(1, left); batch > 0; batch = Math.min(2 * batch, left)) {
    const failures: unknown[] = [];
    for (let done = 0; done < batch; done += 1) {
      if (!isWanted()) return;
      try {
        create();
      } catch (error) {
        failures.push(error);
      }
      yield;
    }
    if (failures.length > 0) throw failures[0];
    left -= batch;
  }
}
