import {describe, expect, it} from 'vitest';
import {cellIn, fitPicture} from './fit.ts';

const reviews = {width: 752, height: 302};
const cell = {width: 10, height: 20};

describe('the size of a picture', () => {
  it.each([
    ['60 columns in a wide window', {columns: 200, rows: 60, cell}, {columns: 60, rows: 12, width: 600}],
    ['the window in a narrow one', {columns: 41, rows: 60, cell}, {columns: 40, rows: 8, width: 400}],
    ['less in a low one', {columns: 80, rows: 6, cell}, {columns: 30, rows: 6, height: 120}],
    [
      'more pixels where cells are large',
      {columns: 80, rows: 40, cell: {width: 20, height: 40}},
      {columns: 60, rows: 13, width: 1200},
    ],
    ['a usual cell where none is known', {columns: 80, rows: 40}, {columns: 60, rows: 12, width: 600}],
    ['at least something', {columns: 2, rows: 0, cell}, {columns: 1, rows: 1}],
  ])('is %s', (_name, window, expected) => {
    const fit = fitPicture({...reviews, ...window});
    expect(fit).toMatchObject(expected);
    expect(Math.abs(fit.width / fit.height - reviews.width / reviews.height)).toBeLessThan(0.9);
  });

  it('takes the cells from the window where only that is known, and only where it can be true', () => {
    const window = {columns: 80, rows: 24};
    expect(cellIn({width: 480, height: 312}, window)).toEqual({width: 6, height: 13});
    expect(cellIn({width: 10_000, height: 10_000}, window)).toBeUndefined();
    expect(cellIn(undefined, window)).toBeUndefined();
  });
});
