import {asWorkshopError, type ExitCode, errorAsJson} from '../errors.ts';
import {redactError} from '../session/redact-error.ts';
import {errorLines} from '../ui/error-text.ts';
import {jsonLine} from '../ui/json/json-line.ts';
import {createPaint} from '../ui/paint.ts';
import {programOf} from './invocation.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';
import {say} from './say.ts';
import {viewChoice} from './view-choice.ts';

/** Says what ended a command, as a line of JSON or in words. @returns the exit code that belongs to it. */
export function report(io: Io, error: unknown, options: GlobalOptions): ExitCode {
  const known = redactError(asWorkshopError(error));
  const choice = viewChoice(io, options, true);
  if (choice.view === 'json') {
    say(io.stdout, jsonLine({type: 'problem', error: errorAsJson(known)}));
  } else {
    const paint = createPaint(choice.colour && io.stderr.isTTY === true);
    for (const line of errorLines(known, {paint, program: programOf(io.env)})) io.stderr.write(`${line}\n`);
  }
  if (options.debug) say(io.stderr, `${known.stack}`);
  return known.exitCode;
}
