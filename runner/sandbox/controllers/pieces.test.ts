import fc from 'fast-check';
import {expect, it} from 'vitest';
import {filterInPieces, sortInPieces} from './pieces.ts';

/** What comes out in the end, and in how many turns. */
function finished<T>(pieces: Generator<void, T>): {result: T; turns: number} {
  for (let turns = 1; ; turns += 1) {
    const {done, value} = pieces.next();
    if (done) return {result: value, turns};
  }
}

it('sorts as at once, and keeps the order of what is equal', () => {
  const pairs = fc.array(fc.tuple(fc.nat(20), fc.nat()), {maxLength: 1200});
  fc.assert(
    fc.property(pairs, items => {
      const compare = (left: [number, number], right: [number, number]) => left[0] - right[0];
      expect(finished(sortInPieces(items, compare)).result).toEqual(items.toSorted(compare));
    }),
    {numRuns: 30, seed: 1},
  );
});

it('gives others a turn after every hundred items', () => {
  const items = Array.from({length: 10_000}, (_, index) => (index * 7919) % 10_000);
  expect(finished(filterInPieces(items, item => item < 3)).turns).toBe(101);
  const {result, turns} = finished(sortInPieces(items, (left, right) => left - right));
  expect(result.slice(0, 3)).toEqual([0, 1, 2]);
  // Each of its seven rounds of merging goes over all of them.
  expect(turns).toBeGreaterThan(700);
});
