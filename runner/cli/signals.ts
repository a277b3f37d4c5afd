import {type ExitCode, exitCodes} from '../errors.ts';
import type {Session} from '../session/session.ts';
import type {Outcome} from '../state/state.ts';
import type {Io} from './io.ts';

/** The outside, and which signal the program has heard through it so far, as its exit code. */
export function notingSignals(outside: Io): {io: Io; ended(): ExitCode | undefined} {
  let code: ExitCode | undefined;
  return {
    io: {
      ...outside,
      onSignal: handler =>
        outside.onSignal(signal => {
          code ??= signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
          handler(signal);
        }),
    },
    ended: () => code,
  };
}

/**
 * Runs a session to its end. Ctrl+C and SIGTERM stop it in order: what it started is ended, the progress is
 * written. @returns the exit code that the way it ended asks for.
 */
export async function untilFinished(io: Io, session: Session): Promise<ExitCode> {
  const forget = io.onSignal(() => session.dispatch({type: 'quit', outcome: 'interrupted'}));
  try {
    const outcome = await session.finished;
    return session.fault?.exitCode ?? exitCodeOf(outcome);
  } finally {
    forget();
  }
}

export function exitCodeOf(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'passed':
    case 'quit':
      return exitCodes.passed;
    case 'failed':
      return exitCodes.failed;
    case 'unknown':
      return exitCodes.environment;
    case 'interrupted':
      return exitCodes.interrupted;
  }
}
