import {WorkshopError} from '../../errors.ts';
import type {SessionEvent} from '../../session/events.ts';
import {cleanData} from './clean-text.ts';

/**
 * What happened, as a view for people may show it: nothing in it acts upon a terminal. A command's output stays as it
 * came, since its colours count and it comes in pieces; `outputLines` cleans it when it is laid out.
 */
export function cleanEvent(event: SessionEvent): SessionEvent {
  if (event.type === 'command-output') return event;
  return event.type === 'problem' ? {...event, error: cleanError(event.error)} : cleanData(event);
}

/** An error whose words all can be shown; its stack and what caused it are those of `error`. */
export function cleanError(error: WorkshopError): WorkshopError {
  const {code, exitCode, detail, cause, stack} = error;
  const shown = new WorkshopError({
    code,
    message: cleanData(error.message),
    remedies: cleanData(error.remedies),
    exitCode,
    ...(detail === undefined ? {} : {detail: cleanData(detail)}),
    ...(cause === undefined ? {} : {cause}),
  });
  if (stack !== undefined) shown.stack = stack;
  return shown;
}
