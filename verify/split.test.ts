import {describe, expect, it} from 'vitest';
import {seededRandom} from '../runner/sandbox/clock.ts';
import {excludedLeak, judgeSplit, leakStatement, type SplitWanted, type Star, stars} from './split.ts';

/** Draws loads from `truth` until the test decides. */
function run(options: {
  truth: Record<Star, number>;
  wanted: SplitWanted;
  random: () => number;
  limit?: number;
}) {
  const {truth, wanted, random, limit = 3000} = options;
  const counts = {none: 0, black: 0, red: 0};
  for (;;) {
    const number = random();
    counts[number < truth.none ? 'none' : number < truth.none + truth.black ? 'black' : 'red'] += 1;
    const verdict = judgeSplit(wanted, counts);
    if (verdict.outcome !== 'undecided' || verdict.loads === limit) return verdict;
  }
}

function rate(options: {truth: Record<Star, number>; wanted: SplitWanted; outcome: string; runs: number}) {
  const random = seededRandom(7);
  let hits = 0;
  let loads = 0;
  for (let index = 0; index < options.runs; index++) {
    const verdict = run({...options, random});
    if (verdict.outcome === options.outcome) hits += 1;
    loads += verdict.loads;
  }
  return {rate: hits / options.runs, loads: loads / options.runs};
}

describe('judgeSplit', () => {
  const thirds = {none: 1 / 3, black: 1 / 3, red: 1 / 3};

  it('passes a right split, and never calls it wrong', () => {
    const wanted = {shares: {none: 33, black: 33, red: 33}};
    expect(rate({truth: thirds, wanted, outcome: 'failed', runs: 400}).rate).toBe(0);
    const {rate: passed, loads} = rate({truth: thirds, wanted, outcome: 'passed', runs: 400});
    expect(passed).toBe(1);
    expect(loads).toBeLessThan(450);
  });

  it.each([
    ['a third', {none: 1 / 3 + 0.1, black: 1 / 3 - 0.05, red: 1 / 3 - 0.05}, {none: 33, black: 33, red: 33}],
    ['90/10', {none: 0.8, black: 0, red: 0.2}, {none: 90, red: 10}],
    ['half', {none: 0.4, black: 0, red: 0.6}, {none: 50, red: 50}],
  ])('passes at most 1 in 100 that are off by the margin: %s', (_name, truth, shares) => {
    expect(rate({truth, wanted: {shares}, outcome: 'passed', runs: 1200}).rate).toBeLessThanOrEqual(0.016);
  });

  it('stops early when the split is far off', () => {
    const verdict = judgeSplit({shares: {none: 50, red: 50}}, {none: 0, black: 0, red: 20});
    expect(verdict.outcome).toBe('failed');
    expect(verdict.statement).toContain('none 0 %, black 0 %, red 100 %');
  });

  it('fails on the first load of a star that is not wanted', () => {
    const verdict = judgeSplit({shares: {none: 90, black: 10}}, {none: 8, black: 1, red: 1});
    expect(verdict).toMatchObject({outcome: 'failed', loads: 10});
    expect(verdict.statement).toContain('No load should show red');
  });

  it('says what it rules out', () => {
    const verdict = judgeSplit({shares: {none: 90, red: 10}}, {none: 450, black: 0, red: 50});
    expect(verdict.outcome).toBe('passed');
    expect(verdict.statement).toContain('rules out, at 99 %, that any share is off by 10 points or more');
  });

  it('has nothing to say without loads', () => {
    expect(judgeSplit({shares: {red: 1}}, {none: 0, black: 0, red: 0}).outcome).toBe('undecided');
    expect(stars).toHaveLength(3);
  });
});

describe('leaks', () => {
  it('states what a number of right loads excludes', () => {
    expect(leakStatement(30)).toBe('30 loads exclude a leak above 14 % at 99 %');
    expect(excludedLeak(0)).toBe(1);
    expect((1 - excludedLeak(150)) ** 150).toBeCloseTo(0.01);
  });
});
