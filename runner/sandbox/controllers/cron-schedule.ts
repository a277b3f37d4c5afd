const names: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const ranges: readonly [least: number, most: number][] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];
const words = ['jan feb mar apr may jun jul aug sep oct nov dec', 'sun mon tue wed thu fri sat'];

/** The minutes a cron expression names, in UTC; undefined when it is none. */
export interface CronSchedule {
  /** The first such minute after a time, both in milliseconds; undefined when none comes within five years. */
  next(after: number): number | undefined;
}

export function parseCronSchedule(expression: string): CronSchedule | undefined {
  const fields = (names[expression.trim()] ?? expression.trim()).toLowerCase().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const sets = fields.map((field, index) => parseField(field, index));
  const [minutes, hours, days, months, weekdays] = sets;
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  // Day of month and day of week are alternatives when both are restricted.
  const either = !fields[2]?.startsWith('*') && !fields[4]?.startsWith('*');
  const dayMatches = (date: Date) => {
    const byMonth = days.has(date.getUTCDate());
    const byWeek = weekdays.has(date.getUTCDay()) || (date.getUTCDay() === 0 && weekdays.has(7));
    return either ? byMonth || byWeek : byMonth && byWeek;
  };
  return {
    next(after) {
      const date = new Date(after - (after % 60_000) + 60_000);
      const end = after + 5 * 366 * 86_400_000;
      while (date.getTime() < end) {
        if (!months.has(date.getUTCMonth() + 1) || !dayMatches(date)) {
          date.setUTCHours(24, 0, 0, 0);
        } else if (!hours.has(date.getUTCHours())) date.setUTCMinutes(60, 0, 0);
        else if (!minutes.has(date.getUTCMinutes())) date.setUTCMinutes(date.getUTCMinutes() + 1);
        else return date.getTime();
      }
      return undefined;
    },
  };
}

function parseField(field: string, index: number): Set<number> | undefined {
  const [least, most] = ranges[index] ?? [0, 0];
  const result = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?<from>\*|\?|\w+)(?:-(?<to>\w+))?(?:\/(?<step>\d+))?$/.exec(part);
    if (!match?.groups) return undefined;
    const {from = '', to, step} = match.groups;
    const every = from === '*' || from === '?';
    const start = every ? least : numberOf(from, index);
    const end = every || (step !== undefined && to === undefined) ? most : numberOf(to ?? from, index);
    const stride = Number(step ?? 1);
    if (!(start >= least && end <= most && start <= end && stride > 0)) return undefined;
    for (let value = start; value <= end; value += stride) result.add(value);
  }
  return result;
}

function numberOf(text: string, index: number): number {
  const word = index < 3 ? -1 : (words[index - 3]?.split(' ').indexOf(text) ?? -1);
  return word < 0 ? Number(text) : word + (index === 3 ? 1 : 0);
}
