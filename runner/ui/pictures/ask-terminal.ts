import {readAnswers, type TerminalAnswers, terminalQuestions} from './terminal-answers.ts';

export interface AskOptions {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  /** Whether kitty's own question may be asked. */
  kitty: boolean;
  /** Milliseconds. */
  limit: number;
}

/**
 * Asks the terminal what it can do and waits until it has said all, or for `limit`. The terminal must be in raw mode
 * and nobody else may read it.
 * @returns its answers, and the keys that were typed meanwhile, which belong to somebody else.
 */
export function askTerminal(options: AskOptions): Promise<{answers: TerminalAnswers; typed: string}> {
  const {stdin, stdout, kitty, limit} = options;
  return new Promise(resolve => {
    let received = '';
    const look = (): void => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) received += String(chunk);
      if (readAnswers(received).answers.attributes) finish();
    };
    const finish = (): void => {
      clearTimeout(timer);
      stdin.off('readable', look);
      resolve(readAnswers(received));
    };
    const timer = setTimeout(finish, limit);
    stdin.on('readable', look);
    stdout.write(terminalQuestions({kitty}));
  });
}
