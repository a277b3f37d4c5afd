import {type ExitCode, exitCodes} from '../errors.ts';
import type {Session} from '../session/session.ts';
import type {Outcome} from '../state/state.ts';
import type {Io} from './io.ts';

/**
 * Runs a session to its end. Ctrl+C and SIGTERM stop it in order: what it started is ended, the progress is
 * written. @returns the exit code that the way it ended asks for.
 */
export async function untilFinished(io: Io, session: Session): Promise<ExitCode> {
  let signalled: ExitCode | undefined;
  const forget = io.onSignal(signal => {
    signalled ??= signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
    session.dispatch({type: 'quit', outcome: 'interrupted'});
  });
  try {
    const outcome = await session.finished;
    return signalled ?? session.fault?.exitCode ?? exitCodeOf(outcome);
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
