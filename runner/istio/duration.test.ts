import {expect, it} from 'vitest';
import {parseDuration} from './duration.ts';

it.each([
  ['1m30s', 90_000],
  ['-.5s', -500],
  ['1s ', undefined],
  ['1s2', undefined],
  ['x1s', undefined],
])('reads %s', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

it('takes linear time for a long text that is no duration', () => {
  const began = performance.now();
  expect(parseDuration('0'.repeat(100_000))).toBeUndefined();
  // Trying each digit as a beginning takes many seconds.
  expect(performance.now() - began).toBeLessThan(1000);
});
