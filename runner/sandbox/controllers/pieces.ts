/** How many of many objects are looked at in one turn; thousands would hold up the API's answers. */
const pieceSize = 100;

/** Does something with each item, a turn for each piece of a long list; a short one is done at once. */
export function* inPieces<T>(items: readonly T[], work: (item: T) => void): Generator<void, void> {
  let done = 0;
  for (const item of items) {
    work(item);
    done += 1;
    if (done % pieceSize === 0) yield;
  }
}

/** `items.filter`, in pieces. */
export function* filterInPieces<T>(
  items: readonly T[],
  isWanted: (item: T) => boolean,
): Generator<void, T[]> {
  const found: T[] = [];
  yield* inPieces(items, item => {
    if (isWanted(item)) found.push(item);
  });
  return found;
}

/** `items.toSorted`, in pieces: short runs are sorted at once, then merged. Equal items keep their order. */
export function* sortInPieces<T>(
  items: readonly T[],
  compare: (left: T, right: T) => number,
): Generator<void, T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += pieceSize) {
    if (start > 0) yield;
    runs.push(items.slice(start, start + pieceSize).sort(compare));
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(yield* merge(runs[index] as T[], runs[index + 1] ?? [], compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (left: T, right: T) => number,
): Generator<void, T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const takesLeft = r >= right.length || (l < left.length && compare(left[l] as T, right[r] as T) <= 0);
    merged.push((takesLeft ? left[l++] : right[r++]) as T);
    if (merged.length % pieceSize === 0) yield;
  }
  return merged;
}
