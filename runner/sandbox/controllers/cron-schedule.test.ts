import {describe, expect, it} from 'vitest';
import {parseCronSchedule} from './cron-schedule.ts';

const next = (expression: string, after: string) => {
  const found = parseCronSchedule(expression)?.next(Date.parse(after));
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16);
};

describe('a cron schedule', () => {
  it.each([
    ['* * * * *', '2026-01-01T00:00:30Z', '2026-01-01T00:01'],
    ['*/15 * * * *', '2026-01-01T00:15:00Z', '2026-01-01T00:30'],
    ['30 4 1-7 * *', '2026-01-07T05:00:00Z', '2026-02-01T04:30'],
    ['0 9 * * mon-fri', '2026-01-02T10:00:00Z', '2026-01-05T09:00'],
    ['0 0 13 * fri', '2026-01-03T00:00:00Z', '2026-01-09T00:00'],
    ['0 12 29 feb *', '2026-01-01T00:00:00Z', '2028-02-29T12:00'],
    ['@daily', '2026-12-31T12:00:00Z', '2027-01-01T00:00'],
    ['0 0 * * 7', '2026-01-01T00:00:00Z', '2026-01-04T00:00'],
    ['0 0 31 2 *', '2026-01-01T00:00:00Z', undefined],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each(['', '* * * *', '60 * * * *', '* * * * mit', '5-1 * * * *', '*/0 * * * *'])(
    '%j is none',
    expression => {
      expect(parseCronSchedule(expression)).toBeUndefined();
    },
  );
});
