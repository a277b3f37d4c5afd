import {expect, it} from 'vitest';
import {slowStart} from './slow-start.ts';

/** How often something is tried when it works so many times. */
function tries(count: number, works: number): {tried: number; failed: boolean} {
  let tried = 0;
  try {
    const pieces = slowStart(count, () => {
      tried += 1;
      if (tried > works) throw new Error('refused');
    });
    while (!pieces.next().done);
  } catch {
    return {tried, failed: true};
  }
  return {tried, failed: false};
}

it('doubles its batches and ends with the first in which one fails', () => {
  expect(tries(500, 500)).toEqual({tried: 500, failed: false});
  expect(tries(500, 0)).toEqual({tried: 1, failed: true});
  expect(tries(500, 1)).toEqual({tried: 3, failed: true});
  expect(tries(500, 5)).toEqual({tried: 7, failed: true});
  expect(tries(5, 4)).toEqual({tried: 5, failed: true});
  expect(tries(0, 0)).toEqual({tried: 0, failed: false});
});

it('ends in the middle of a batch once nobody wants more', () => {
  let made = 0;
  const pieces = slowStart(
    500,
    () => {
      made += 1;
    },
    () => made < 20,
  );
  while (!pieces.next().done);
  expect(made).toBe(20);
});
