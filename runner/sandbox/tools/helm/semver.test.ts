import {expect, it} from 'vitest';
import {semverMatches} from './semver.ts';

it.each([
  ['', '1.30.3', true],
  ['', '1.30.3-alpha', false],
  ['*', '1.30.3-alpha', true],
  ['1.30', '1.30.9', true],
  ['1.30.x || 1.27.1', '1.27.1', true],
  ['~1.30', '1.31.0', false],
  ['^1', '2.0.0', false],
  ['^0.2', '0.3.0', false],
  ['>=1.27.0, <2', '1.30.3', true],
  ['=>1.27', 'v1.30', true],
  ['!=1.30', '1.30.3', false],
  ['1.27 - 1.30', '1.30.3', true],
  ['>= 1.27.0-0', '1.31.0-rc.1', true],
  ['>=1.27.0', '1.31.0-rc.1', false],
  ['*', 'latest', false],
])('%j for %s: %s', (range, version, fits) => {
  expect(semverMatches(range, version)).toBe(fits);
});
