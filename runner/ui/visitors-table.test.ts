import {describe, expect, it} from 'vitest';
import type {VisitorRow} from '../checks/result.ts';
import {createPaint} from './paint.ts';
import {expectFits, styledCharacters} from './testing/lines.ts';
import {tableLines} from './visitors-table.ts';
import {count, duration, starText, visitorTable} from './words.ts';

const rows: readonly VisitorRow[] = [
  {visitor: 'anonymous', expected: 'red', stars: [5, 4], seen: 'red', good: 10, loads: 10, version: 'v3'},
  {visitor: 'jason', expected: 'black', stars: [], seen: 'none', good: 0, loads: 0, remark: 'Not signed in.'},
];
const bare = createPaint(false);

describe('the visitors table', () => {
  it('has a column for each witness that there is', () => {
    expect(tableLines(rows, bare)).toEqual([
      'visitor    expected  seen              loads  version',
      'anonymous  red       red   ★★★★★ ★★★★  10/10  v3',
      'jason      black     none  –           –      not available',
      '  Not signed in.',
    ]);
    expect(visitorTable([{...(rows[0] as VisitorRow), metrics: 'v3 10'}]).header.at(-1)).toBe('metrics');
  });

  it('draws the stars in their colour, and nothing else', () => {
    const [, first = ''] = tableLines(rows, createPaint(true));
    const red = styledCharacters(first).filter(each => each.endsWith('31'));
    expect(
      red
        .map(each => each[0])
        .join('')
        .trim(),
    ).toBe('★★★★★ ★★★★');
  });

  it('loses the drawing first where there is no room, and then stands on several lines', () => {
    const measured = rows.map(row => ({...row, metrics: 'v3 10'}));
    expect(tableLines(measured, bare, 60)[1]).toBe('anonymous  red       red   10/10  v3             v3 10');
    expect(tableLines(measured, bare, 40)).toEqual([
      'visitor    expected  seen  loads',
      'anonymous  red       red   10/10',
      '  version v3',
      '  metrics v3 10',
      'jason      black     none  –',
      '  version not available',
      '  metrics v3 10',
      '  Not signed in.',
    ]);
    for (let width = 20; width < 100; width += 1) expectFits(tableLines(measured, bare, width), width);
  });
});

describe('words', () => {
  it.each([
    [0, '0.00 s'],
    [240, '0.24 s'],
    [994, '0.99 s'],
    [999, '1.0 s'],
    [1000, '1.0 s'],
    [9949, '9.9 s'],
    [9960, '10 s'],
    [12_400, '12 s'],
    [119_400, '119 s'],
    [119_600, '2 min 0 s'],
    [125_000, '2 min 5 s'],
    [179_700, '3 min 0 s'],
    [3_600_000, '60 min 0 s'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  it('draws stars, and a dash where there are none', () => {
    expect(starText([5, 4])).toBe('★★★★★ ★★★★');
    expect(starText([])).toBe('–');
    expect(starText([0, 0])).toBe('–');
  });

  it('counts', () => {
    expect([0, 1, 2].map(number => count(number, 'lab'))).toEqual(['0 labs', '1 lab', '2 labs']);
  });
});
