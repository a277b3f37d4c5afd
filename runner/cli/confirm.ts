import type {Confirm} from './app.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';

/**
 * Asks the person at the terminal for a yes; anything else is a no. `--yes` answers beforehand.
 * @returns nothing where nobody can be asked.
 */
export function confirmOn(io: Io, options: GlobalOptions): Confirm | undefined {
  if (options.yes) return async () => true;
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true || options.json || io.env['CI']) return undefined;
  return async ({facts, question}) => {
    const {createInterface} = await import('node:readline/promises');
    const lines = createInterface({input: io.stdin, output: io.stderr});
    try {
      for (const fact of facts) io.stderr.write(`  ${fact}\n`);
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
    } finally {
      lines.close();
    }
  };
}
