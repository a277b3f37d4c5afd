import {type Input, Pipe} from './input.ts';
import type {Sink} from './sink.ts';

export interface TerminalOptions {
  /** What the client's keyboard sends, byte by byte. */
  keys: AsyncIterable<Uint8Array>;
  screen: Sink;
  /** Ctrl-C when no program takes it over. */
  onInterrupt: () => void;
}

/** What a program does about Ctrl-C: it stops what it runs, or, waiting for a line, it gets an empty one. */
export type OnInterrupt = () => 'stopped' | 'prompt';

/** The two sides of a pseudo-terminal as programs see them. */
export interface Terminal {
  /** Whole lines, with their end. */
  lines: Input;
  /** Writes text; line ends become carriage return and line feed. */
  output: Sink;
  /** Gives Ctrl-C to a listener until the returned function is called. */
  onInterrupt(listener: OnInterrupt): () => void;
}

const keys = {
  interrupt: '\x03',
  end: '\x04',
  backspace: '\x7f',
  kill: '\x15',
  wordErase: '\x17',
  clear: '\x0c',
} as const;

/** One key: an escape sequence or one character. */
const anyKey = new RegExp(`${'\x1b'}\\[[0-9;]*[A-Za-z~]|[\\s\\S]`, 'gu');

/** A terminal's line discipline: echo, editing of the line, Ctrl-C and Ctrl-D, a history on the arrow keys. */
export function createTerminal({keys: input, screen, onInterrupt}: TerminalOptions): Terminal {
  const listeners: OnInterrupt[] = [];
  const typed = new Pipe();
  const history: string[] = [];
  let line = '';
  let back = 0;

  const replaceLine = async (next: string) => {
    await screen.write('\b \b'.repeat([...line].length) + next);
    line = next;
  };
  const recall = async (step: number) => {
    back = Math.max(0, Math.min(history.length, back + step));
    await replaceLine(history[history.length - back] ?? '');
  };

  // Keys are read also while nobody asks for a line: Ctrl-C has to reach what runs.
  const pump = async () => {
    for await (const bytes of input) {
      for (const [key] of Buffer.from(bytes).toString().matchAll(anyKey)) {
        if (key === '\r' || key === '\n') {
          await screen.write('\r\n');
          const done = line;
          line = '';
          back = 0;
          if (done.trim() !== '' && history.at(-1) !== done) history.push(done);
          await typed.sink.write(`${done}\n`);
        } else if (key === keys.interrupt) {
          await screen.write('^C\r\n');
          line = '';
          back = 0;
          const listener = listeners.at(-1);
          if (!listener) onInterrupt();
          else if (listener() === 'prompt') await typed.sink.write('\n');
        } else if (key === keys.end) {
          if (line === '') return;
        } else if (key === keys.backspace || key === '\b') {
          if (line !== '') await screen.write('\b \b');
          line = [...line].slice(0, -1).join('');
        } else if (key === keys.kill) await replaceLine('');
        else if (key === keys.wordErase) await replaceLine(line.replace(/\S*\s*$/, ''));
        else if (key === keys.clear) await screen.write(`\x1b[2J\x1b[H${line}`);
        else if (key === '\x1b[A') await recall(1);
        else if (key === '\x1b[B') await recall(-1);
        else if (key >= ' ' || key === '\t') {
          line += key;
          if (!key.startsWith('\x1b')) await screen.write(key);
        }
      }
    }
  };
  pump()
    .catch(() => {})
    .finally(() => typed.endWriting());

  return {
    lines: typed.input,
    output: {
      write: data => {
        const text = Buffer.from(data as Uint8Array).toString('latin1');
        return screen.write(Buffer.from(text.replace(/(?<!\r)\n/g, '\r\n'), 'latin1'));
      },
    },
    onInterrupt(listener) {
      listeners.push(listener);
      return () => {
        listeners.splice(listeners.indexOf(listener), 1);
      };
    },
  };
}
