/** Picks one by its share of all weights; a single one whatever its weight. `random` gives numbers from 0 to below 1. */
export function pickWeighted<T extends {weight: number}>(
  entries: readonly T[],
  random: () => number,
): T | undefined {
  if (entries.length < 2) return entries[0];
  let left = random() * entries.reduce((sum, {weight}) => sum + weight, 0);
  for (const entry of entries) {
    left -= entry.weight;
    if (left < 0) return entry;
  }
  return entries.at(-1);
}
