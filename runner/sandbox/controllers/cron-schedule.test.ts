import {describe, expect, it} from 'vitest';
import {parseCronSchedule} from './cron-schedule.ts';

const next = (expression: string, after: string, zone?: string) => {
  const found = parseCronSchedule(expression, zone)?.next(Date.parse(after));
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
    ['0 0 */2 * */2', '2026-01-01T12:00:00Z', '2026-01-03T00:00'],
    ['0 0 */2 * */2', '2026-01-05T12:00:00Z', '2026-01-06T00:00'],
    ['@every 90m', '2026-01-01T00:00:00Z', '2026-01-01T01:30'],
    ['0 0 * * 7', '2026-01-01T00:00:00Z', '2026-01-04T00:00'],
    ['0 0 31 2 *', '2026-01-01T00:00:00Z', undefined],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each([
    ['Asia/Seoul', '2026-01-01T00:00:00Z', '2026-01-02T00:00'],
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T07:00'],
  ])('is kept in the time zone %s, summer time included', (zone, after, expected) => {
    expect(next('0 9 * * *', after, zone)).toBe(expected);
  });

  it.each(['L', 'W', '5#2', '15W', '0 0 0 1 1 *', '@reboot'])(
    '%j, which Kubernetes does not know, is none',
    day => {
      expect(parseCronSchedule(`0 0 ${day} * *`)).toBeUndefined();
      expect(parseCronSchedule(day)).toBeUndefined();
    },
  );

  it('is none in a zone that is none', () => {
    expect(parseCronSchedule('* * * * *', 'Mars/Olympus')).toBeUndefined();
  });

  it.each(['', '* * * *', '60 * * * *', '* * * * mit', '5-1 * * * *', '*/0 * * * *'])(
    '%j is none',
    expression => {
      expect(parseCronSchedule(expression)).toBeUndefined();
    },
  );
});
