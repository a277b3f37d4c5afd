import {describe, expect, it} from 'vitest';
import {seededRandom} from './clock.ts';
import {createPace, paceText, parsePace, programStarts, slowestStart} from './pace.ts';

describe('a pace', () => {
  it.each(['fast', 'real', 'real:2-60', 'real:30-30'])('%s is read and written alike', text => {
    expect(paceText(parsePace(text))).toBe(text);
  });

  it.each(['', 'slow', 'real:', 'real:60-2', 'real:2-', 'real:2-301', 'real:-5', 'fast:1-2'])(
    '%j is none',
    text => {
      expect(() => parsePace(text)).toThrowError(`"${text}" is no pace`);
    },
  );

  it('draws every time within its bounds, the same for the same seed', () => {
    const draw = (text: string) => {
      const pace = createPace({settings: parsePace(text), random: seededRandom(5)});
      return Array.from({length: 200}, () => [
        pace.startUp({startUp: programStarts.java}),
        pace.startUp({startUp: programStarts.istiod}),
        pace.delivery(),
        pace.pull({sizeBytes: 265e6, present: false}),
        pace.pull({sizeBytes: 265e6, present: true}),
      ]);
    };
    const bounds = (all: number[][]) =>
      [0, 1, 2, 3, 4].map(column => {
        const values = all.map(row => row[column] ?? 0);
        return [Math.min(...values), Math.max(...values)];
      });
    expect(draw('real')).toEqual(draw('real'));
    const [java, istiod, delivery, download, look] = bounds(draw('real'));
    expect(java?.[0]).toBeGreaterThanOrEqual(12_000);
    expect(java?.[1]).toBeLessThanOrEqual(20_000);
    expect(istiod?.[0]).toBeGreaterThanOrEqual(2000);
    expect(delivery?.[1]).toBeLessThanOrEqual(1900);
    expect(download?.[0]).toBeGreaterThan(5000);
    expect(look?.[1]).toBeLessThanOrEqual(900);
    const [given, ofIstio] = bounds(draw('real:2-60'));
    expect(given?.[0]).toBeLessThan(4000);
    expect(given?.[1]).toBeGreaterThan(55_000);
    expect(ofIstio).toEqual(istiod);
    expect(
      draw('fast')
        .flat()
        .every(value => value === 0),
    ).toBe(true);
  });

  it('says when everything must have started', () => {
    expect(['fast', 'real', 'real:2-60'].map(text => slowestStart(parsePace(text)))).toEqual([
      0, 20_000, 60_000,
    ]);
  });
});
