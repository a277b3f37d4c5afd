import type {EngineName} from '../../catalog/lab.ts';
import type {ReviewsPicture} from '../../checks/result.ts';
import type {Consent} from '../../engines/port.ts';
import {WorkshopError, type WorkshopErrorOptions} from '../../errors.ts';
import type {Completion} from '../../session/completion.ts';
import type {SessionEvent} from '../../session/events.ts';
import type {Ask} from '../../ui/asks.ts';
import type {Surroundings} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import type {Farewell} from './learner.ts';

/** What the learner's thread is given when it starts. */
export interface ThreadStart {
  io: Surroundings;
  options: GlobalOptions;
  workshop: string;
  engine?: EngineName;
}

/** From the screen's thread to the learner's. */
export type ToLearner =
  | {type: 'ask'; ask: Ask}
  | {type: 'stop'}
  /** The terminal is free for another program. */
  | {type: 'terminal-lent'}
  | {type: 'confirmed'; yes: boolean}
  | {type: 'pictures-seen'; problem?: string};

/** From the learner's thread to the screen's. */
export type ToScreen =
  | {type: 'event'; event: Exclude<SessionEvent, {type: 'problem'}>}
  | {type: 'problem'; error: ErrorData}
  | {type: 'completed'; completion: Completion}
  | {type: 'lend-terminal'}
  | {type: 'terminal-back'}
  | {type: 'confirm'; consent: Consent}
  | {type: 'show-pictures'; pictures: readonly ReviewsPicture[]}
  | {type: 'finished'; farewell?: Omit<Farewell, 'fault'>; fault?: ErrorData}
  | {type: 'failed'; error: ErrorData};

/** An error as data: a thread boundary keeps nothing of an error but its message. */
export type ErrorData = WorkshopErrorOptions & {stack?: string};

export function errorData({code, message, detail, remedies, exitCode, stack}: WorkshopError): ErrorData {
  return {
    code,
    message,
    remedies,
    exitCode,
    ...(detail === undefined ? {} : {detail}),
    ...(stack === undefined ? {} : {stack}),
  };
}

/** The error again, on the other side. */
export function errorFrom({stack, ...options}: ErrorData): WorkshopError {
  const error = new WorkshopError(options);
  if (stack !== undefined) error.stack = stack;
  return error;
}
