import {type ExitCode, exitCodes, messageOf, WorkshopError} from '../errors.ts';
import {errorLines} from '../ui/error-text.ts';
import {createPaint} from '../ui/paint.ts';
import {asInvoked} from './invocation.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';
import {viewChoice} from './view-choice.ts';

/** Says what ended a command, as a line of JSON or in words. @returns the exit code that belongs to it. */
export function report(io: Io, error: unknown, options: GlobalOptions): ExitCode {
  const known =
    error instanceof WorkshopError
      ? error
      : new WorkshopError({
          code: 'internal',
          message: 'Something in istio-workshop itself went wrong.',
          detail: messageOf(error),
          remedies: ['Run it again with --debug and report what it prints'],
          exitCode: exitCodes.internal,
        });
  const choice = viewChoice(io, options, true);
  if (choice.view === 'json') {
    const {code, message, detail, remedies, exitCode} = known;
    io.stdout.write(
      `${JSON.stringify({type: 'problem', error: {code, message, detail, remedies, exitCode}})}\n`,
    );
  } else {
    const paint = createPaint(choice.colour && io.stderr.isTTY === true);
    for (const line of errorLines(known, paint)) io.stderr.write(`${asInvoked(line, io.env)}\n`);
  }
  if (options.debug && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return known.exitCode;
}
