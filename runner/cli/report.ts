import {asWorkshopError, type ExitCode} from '../errors.ts';
import {errorLines} from '../ui/error-text.ts';
import {createPaint} from '../ui/paint.ts';
import {asInvoked} from './invocation.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';
import {viewChoice} from './view-choice.ts';

/** Says what ended a command, as a line of JSON or in words. @returns the exit code that belongs to it. */
export function report(io: Io, error: unknown, options: GlobalOptions): ExitCode {
  const known = asWorkshopError(error);
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
  if (options.debug) io.stderr.write(`${known.stack}\n`);
  return known.exitCode;
}
