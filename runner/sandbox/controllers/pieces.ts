/** How many of many objects are looked at in one turn; thousands would hold up the API's answers. */
const pieceSize = 250;

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
