import type {Lab} from '../../catalog/lab.ts';
import {errorAsJson} from '../../errors.ts';
import type {SessionEvent, View} from '../../session/events.ts';
import {jsonLine} from './json-line.ts';

/** What only a screen or a report is for: there are many, and what they lead to is printed. */
const unprinted: ReadonlySet<SessionEvent['type']> = new Set([
  'state-changed',
  'condition-progress',
  'observed',
]);

/** One event a line, as it happens; for scripts and CI. */
export function createJsonView(write: (line: string) => void): View {
  return {
    event(event) {
      if (unprinted.has(event.type)) return;
      write(jsonLine(plainEvent(event)));
    },
    async close() {},
  };
}

function named(lab: Lab): object {
  return {id: lab.id, number: lab.number, title: lab.title};
}

/** Labs are named, not repeated whole; errors are data. */
function plainEvent(event: SessionEvent): object {
  switch (event.type) {
    case 'lab-started':
      return {type: event.type, lab: named(event.lab)};
    case 'step-started':
      return {
        type: event.type,
        lab: event.lab.id,
        step: event.step + 1,
        title: event.lab.steps[event.step]?.title,
      };
    case 'problem': {
      return {type: event.type, error: errorAsJson(event.error)};
    }
    default:
      return event;
  }
}
