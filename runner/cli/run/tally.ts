import type {Verdict} from '../../checks/result.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import type {View} from '../../session/events.ts';

/** Counts the verdicts over conditions while a run goes on. */
export interface Tally extends View {
  counts(): Readonly<Record<Verdict, number>>;
}

export function createTally(): Tally {
  const counts: Record<Verdict, number> = {passed: 0, failed: 0, unknown: 0};
  return {
    event(event) {
      if (event.type === 'condition-finished' && !event.quiet) counts[event.result.verdict] += 1;
    },
    counts: () => counts,
    async close() {},
  };
}

/**
 * The exit code of a run: that a check has failed outweighs that others could not be looked at, and that something of the
 * run is left behind.
 */
export function exitCodeOfRun(
  code: ExitCode,
  {isClean, failed}: {isClean: boolean; failed: number},
): ExitCode {
  const whole = code === exitCodes.passed && !isClean ? exitCodes.environment : code;
  return whole === exitCodes.environment && failed > 0 ? exitCodes.failed : whole;
}
