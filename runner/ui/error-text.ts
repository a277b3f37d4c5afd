import {remedyText, type WorkshopError} from '../errors.ts';
import type {Paint} from './paint.ts';
import {cleanError} from './text/clean-event.ts';

/**
 * An error for people: one sentence, the cause, what to do next.
 * @param options.program what starts this program where the text is read.
 */
export function errorLines(
  failed: WorkshopError,
  options: {paint: Paint; program?: string},
): readonly string[] {
  const {paint, program} = options;
  const error = cleanError(failed);
  const detail = error.detail?.trim().split('\n') ?? [];
  return [
    `${paint.bad('error:')} ${error.message}`,
    ...detail.map(line => `  ${paint.quiet(line)}`),
    ...error.remedies.map(remedy => `  → ${remedyText(remedy, program)}`),
  ];
}
