import {asWorkshopError, type ExitCode, errorAsJson} from '../errors.ts';
import {errorLines} from '../ui/error-text.ts';
import {createPaint} from '../ui/paint.ts';
import {programOf} from './invocation.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';
import {viewChoice} from './view-choice.ts';

/** Says what ended a command, as a line of JSON or in words. @returns the exit code that belongs to it. */
export function report(io: Io, error: unknown, options: GlobalOptions): ExitCode {
  const known = asWorkshopError(error);
  const choice = viewChoice(io, options, true);
  if (choice.view === 'json') {
    io.stdout.write(`${JSON.stringify({type: 'problem', error: errorAsJson(known)})}\n`);
  } else {
    const paint = createPaint(choice.colour && io.stderr.isTTY === true);
    for (const line of errorLines(known, {paint, program: programOf(io.env)})) io.stderr.write(`${line}\n`);
  }
  if (options.debug) io.stderr.write(`${known.stack}\n`);
  return known.exitCode;
}
