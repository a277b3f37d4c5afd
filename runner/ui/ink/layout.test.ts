import {describe, expect, it} from 'vitest';
import {layoutFor, topFor} from './layout.ts';

describe('layoutFor', () => {
  it('leaves room for all that stands around the step, at every size', () => {
    for (let columns = 60; columns <= 200; columns += 1) {
      for (let rows = 16; rows <= 60; rows += 1) {
        const layout = layoutFor({columns, rows});
        expect(layout.tooSmall).toBe(false);
        expect(layout.width).toBeLessThanOrEqual(columns - 2);
        // Header, an empty line, what is out of view, status and keys, and a line that stays free.
        expect(layout.bodyRows + 6).toBeLessThan(rows);
        expect(layout.overlayRows + 3).toBeLessThan(rows);
        expect(layout.bodyRows).toBeGreaterThan(5);
      }
    }
  });

  it.each([
    [59, 24],
    [80, 15],
    [1, 1],
  ])('says that %i x %i is too small, and has a line all the same', (columns, rows) => {
    const layout = layoutFor({columns, rows});
    expect(layout.tooSmall).toBe(true);
    expect(layout.bodyRows).toBeGreaterThanOrEqual(1);
  });
});

describe('topFor', () => {
  const at = (
    scrolled: number | undefined,
    focus: readonly [number, number],
    total: number,
    height: number,
  ): number => topFor({scrolled, focus: {from: focus[0], to: focus[1]}, total, height});

  it.each([
    ['all is in view', at(undefined, [0, 3], 5, 10), 0],
    ['what happens now is in view', at(undefined, [4, 8], 50, 10), 0],
    ['what happens now ends below', at(undefined, [12, 15], 50, 10), 5],
    ['what happens now is at the end', at(undefined, [45, 50], 50, 10), 40],
    ['what happens now is longer than the window', at(undefined, [10, 45], 50, 10), 35],
    ['somebody scrolled', at(7, [45, 50], 50, 10), 7],
    ['somebody scrolled too far', at(99, [0, 0], 50, 10), 40],
    ['somebody scrolled before the beginning', at(-5, [0, 0], 50, 10), 0],
    ['the step became shorter than the window', at(7, [0, 0], 5, 10), 0],
  ])('%s', (_, top, expected) => {
    expect(top).toBe(expected);
  });

  it('shows the beginning of a long thing that is read from there', () => {
    const top = (to: number) =>
      topFor({scrolled: undefined, focus: {from: 10, to, anchor: 'start'}, total: 50, height: 10});
    expect(top(45)).toBe(10);
    expect(top(15)).toBe(5);
  });

  it('never leaves the step', () => {
    for (let total = 0; total < 40; total += 3) {
      for (let height = 1; height < 20; height += 3) {
        for (let from = 0; from <= total; from += 2) {
          for (let to = from; to <= total; to += 2) {
            const top = at(undefined, [from, to], total, height);
            expect(top).toBeGreaterThanOrEqual(0);
            expect(top).toBeLessThanOrEqual(Math.max(0, total - height));
          }
        }
      }
    }
  });
});
