import type {WorkshopError} from '../errors.ts';
import type {Paint} from './paint.ts';

/** An error for people: one sentence, the cause, what to do next. */
export function errorLines(error: WorkshopError, paint: Paint): readonly string[] {
  const detail = error.detail?.trim().split('\n') ?? [];
  return [
    `${paint.bad('error:')} ${error.message}`,
    ...detail.map(line => `  ${paint.quiet(line)}`),
    ...error.remedies.map(remedy => `  → ${remedy}`),
  ];
}
