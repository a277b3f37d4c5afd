import type {Io} from './io.ts';

const mention = /\bistio-workshop(?= (?:run|check|why|list|reset|shell|doctor|lint|sandbox|cluster|--))/g;

/**
 * Puts the words that this program was started with in place of `istio-workshop` where a text names one of its
 * commands, so that what it says to type works as it stands: `npm start --` after a start by npm.
 */
export function asInvoked(text: string, env: Io['env']): string {
  const command = env['ISTIO_WORKSHOP_COMMAND'];
  return command ? text.replaceAll(mention, command) : text;
}
