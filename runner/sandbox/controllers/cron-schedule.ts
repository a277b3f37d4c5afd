import {Cron} from 'croner';
import {parseDuration} from '../../istio/duration.ts';

/** The minutes that a cron expression names. */
export interface CronSchedule {
  /** The first such minute after a time, both in milliseconds; undefined when none comes. */
  next(after: number): number | undefined;
}

/** What Kubernetes takes of cron, and croner more: five fields of numbers, names, lists, ranges and steps, or a word. */
const known =
  /^(?:@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|(?:[\w*?,/-]+\s+){4}[\w*?,/-]+)$/i;

/** Fields of days that croner alone knows: the last one, the nearest weekday, the nth of a month. */
const beyond = /(?:^|[\s,\d])[LW](?:[\s,]|$)/i;

/**
 * @param timeZone an IANA name; UTC, in which kube-controller-manager runs, where there is none.
 * @returns undefined when the expression, or the zone, is none.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function parseCronSchedule(expression: string, timeZone = 'Etc/UTC'): CronSchedule | undefined {
  const text = expression.trim();
  const every = /^@every (\S+)$/.exec(text);
  if (every) return everyDuration(parseDuration(every[1]));
  if (!known.test(text) || beyond.test(text)) return undefined;
  try {
    const cron = new Cron(text, {timezone: timeZone});
    // A zone is looked at when a time is first asked for.
    cron.nextRun(new Date(0));
    return {next: after => cron.nextRun(new Date(after))?.getTime()};
  } catch {
    return undefined;
  }
}

/** @param milliseconds less than a second counts as one */
function everyDuration(milliseconds: number | undefined): CronSchedule | undefined {
  if (milliseconds === undefined) return undefined;
  const second = 1000;
  const step = Math.max(second, Math.floor(milliseconds / second) * second);
  return {next: after => Math.floor(after / second) * second + step};
}
