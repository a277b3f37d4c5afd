import {parseDuration} from '../../catalog/units.ts';
import {exitCodes, WorkshopError} from '../../errors.ts';

/** The longest wait of a timer. */
const longest = 2 ** 31 - 1;

/** When a run has to be over. */
export interface Deadline {
  /** Aborted when it has come; never where there is none. */
  readonly signal: AbortSignal;
  /** What is said of it then. */
  readonly error: WorkshopError;
  /** The run is over in time. */
  clear(): void;
}

/**
 * Starts the clock of `--deadline`.
 * @param text `90s`, `10m`, `1h`; absent means that a run may take as long as it takes
 * @throws WorkshopError `bad-deadline`
 */
export function startDeadline(text: string | undefined): Deadline {
  const reached = new AbortController();
  const milliseconds = text === undefined ? undefined : parseDuration(text);
  if (text !== undefined && (milliseconds === undefined || milliseconds <= 0 || milliseconds > longest)) {
    throw new WorkshopError({
      code: 'bad-deadline',
      message: `"${text}" is no time.`,
      remedies: ['Give a number and its unit, such as --deadline 90s or --deadline 10m'],
      exitCode: exitCodes.usage,
    });
  }
  const timer = milliseconds === undefined ? undefined : setTimeout(() => reached.abort(), milliseconds);
  return {
    signal: reached.signal,
    error: new WorkshopError({
      code: 'deadline',
      message: `The deadline of ${text} has come before the end; what is left was not looked at.`,
      remedies: ['See above what took its time, or give more of it'],
    }),
    clear: () => clearTimeout(timer),
  };
}
