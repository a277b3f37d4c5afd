import {expect, it} from 'vitest';
import {loadsOfCheck} from './check.ts';

it.each([
  [{all: true}, 1],
  [{all: true, loads: '20'}, 20],
  [{loads: '3'}, 3],
  [{}, 10],
])('a check of %o loads the page %i times for each visitor', (options, loads) => {
  expect(loadsOfCheck(options)).toBe(loads);
});
