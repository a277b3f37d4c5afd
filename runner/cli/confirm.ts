import {once} from 'node:events';
import {cleanData} from '../ui/text/clean-text.ts';
import type {Confirm} from './app.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';

/**
 * Asks the person at the terminal for a yes; anything else is a no, Ctrl+C and the end of input too. `--yes` answers
 * beforehand, and the facts are told all the same.
 * @returns nothing where nobody can be asked.
 */
export function confirmOn(io: Io, options: GlobalOptions, tell: (text: string) => void): Confirm | undefined {
  if (options.yes) {
    return async ({facts}) => {
      for (const fact of facts) tell(fact);
      return true;
    };
  }
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true || options.json || io.env['CI']) return undefined;
  return async asked => {
    const {facts, question} = cleanData(asked);
    const {createInterface} = await import('node:readline/promises');
    const lines = createInterface({input: io.stdin, output: io.stderr});
    try {
      for (const fact of facts) io.stderr.write(`  ${fact}\n`);
      const ended = once(lines, 'close').then(() => '');
      const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
      return /^y(es)?$/i.test(answer.trim());
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return false;
      throw error;
    } finally {
      lines.close();
    }
  };
}
