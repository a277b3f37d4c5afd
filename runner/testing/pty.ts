import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface PtyOptions {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  directory: string;
  columns?: number;
  rows?: number;
  /** What the terminal says instead of what it would answer; nothing where that is empty. */
  answer?(usual: string): string;
}

/** A program in a terminal of its own, seen as a person sees it. */
export interface Pty {
  readonly pid: number;
  /** Lines of the window as they stand. */
  screen(): readonly string[];
  /** The window and everything that was scrolled out of it. */
  everything(): readonly string[];
  /** All bytes that the program wrote. */
  written(): string;
  readonly terminal: InstanceType<typeof xterm.Terminal>;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves once the screen shows `wanted`; rejects with the screen when that never comes. */
  see(wanted: string | RegExp): Promise<string>;
  /** Resolves once the screen does not show `unwanted` any more. */
  miss(unwanted: string | RegExp): Promise<string>;
  kill(signal?: string): void;
  readonly exited: Promise<number>;
}

/** A guard against what never comes, in milliseconds; far above what a busy machine takes. */
const patience = 120_000;

/** Starts a program in a pseudo-terminal. */
export function startPty(options: PtyOptions): Pty {
  const {columns: cols = 80, rows = 24} = options;
  const terminal = new xterm.Terminal({cols, rows, allowProposedApi: true, scrollback: 5000});
  const child = spawn(options.command, [...options.args], {
    cols,
    rows,
    cwd: options.directory,
    env: {...options.env},
    name: options.env['TERM'] ?? 'xterm-256color',
  });
  let written = '';
  let isGone = false;
  /** It is gone, and all that it wrote is on the screen. */
  let isDrawn = false;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  child.onData(data => {
    written += data;
    terminal.write(data, changed);
  });
  // Answers of the terminal (where the cursor is, what it can do) go back to the program.
  terminal.onData(data => {
    const answer = options.answer ? options.answer(data) : data;
    if (!isGone && answer !== '') child.write(answer);
  });
  const exited = new Promise<number>(resolve => {
    child.onExit(({exitCode, signal}) => {
      isGone = true;
      terminal.write('', () => {
        isDrawn = true;
        changed();
      });
      resolve(signal ? 128 + signal : exitCode);
    });
  });

  function lines(from: number, to: number): string[] {
    const {active} = terminal.buffer;
    return Array.from({length: Math.max(0, to - from)}, (_, index) => {
      return active.getLine(from + index)?.translateToString(true) ?? '';
    });
  }

  const screen = (): string[] => {
    const top = terminal.buffer.active.baseY;
    return lines(top, top + terminal.rows);
  };

  function until(what: string, isTrue: (text: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const text = screen().join('\n');
        if (isTrue(text)) {
          finish();
          resolve(text);
        } else if (isDrawn) fail('ended, and');
      };
      const fail = (how: string): void => {
        finish();
        const shown = lines(0, terminal.buffer.active.length).join('\n').trimEnd().split('\n').slice(-80);
        reject(new Error(`The screen ${how} ${what}:\n${shown.join('\n')}`));
      };
      const timer = setTimeout(() => fail(''), patience);
      const finish = (): void => {
        clearTimeout(timer);
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  }

  const shows = (text: string, wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);

  return {
    pid: child.pid,
    terminal,
    screen,
    everything: () => lines(0, terminal.buffer.active.length),
    written: () => written,
    type: text => child.write(text),
    resize(columns, height) {
      terminal.resize(columns, height);
      child.resize(columns, height);
    },
    see: wanted => until(`never showed ${wanted}`, text => shows(text, wanted)),
    miss: unwanted => until(`kept showing ${unwanted}`, text => !shows(text, unwanted)),
    kill: signal => {
      if (!isGone) child.kill(signal);
    },
    exited,
  };
}
