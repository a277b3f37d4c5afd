import {describe, expect, it} from 'vitest';
import {contradictionIn} from './contradiction.ts';
import type {VisitorRow} from './result.ts';

function row(visitor: string, seen: string, version?: string): VisitorRow {
  const base = {visitor, expected: seen, stars: [], seen, good: 10, loads: 10};
  return version === undefined ? base : {...base, version};
}

describe('contradictionIn', () => {
  const rows = [row('jason', 'black', 'v2'), row('john', 'none', 'v1'), row('anonymous', 'none', 'v1')];

  it('is content when all three witnesses agree, whoever else loads the page meanwhile', () => {
    expect(contradictionIn(rows, {v1: 20, v2: 10})).toBeUndefined();
    expect(contradictionIn(rows, {v1: 27, v2: 10, v3: 4})).toBeUndefined();
  });

  it('takes a witness that is not available for none', () => {
    expect(contradictionIn([row('jason', 'black')], undefined)).toBeUndefined();
  });

  it('names stars that do not fit the label of the pods', () => {
    expect(contradictionIn([row('jason', 'black', 'v3')], undefined)).toBe(
      'jason sees black stars, but the pods that served them are labelled v3',
    );
    expect(contradictionIn([row('john', 'none', 'v1 v2')], undefined)).toBe(
      'john sees no stars, but the pods that served them are labelled v1 v2',
    );
  });

  it('names what the page showed more often than the caller asked for it', () => {
    expect(contradictionIn(rows, {v1: 12, v2: 10})).toBe(
      "the page showed reviews v1 20 times, but the caller's proxy counted 12 requests to it",
    );
    expect(contradictionIn(rows, {v1: 20})).toContain('counted 0 requests');
  });
});
