import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'fast-string-width';

/** How ink erases the frame that another takes the place of: from its last line up, and then to the left. */
const erasure = {first: '\u001b[2K', last: '\u001b[G'};

/** Milliseconds after which a window that changed is at rest: whoever drags its edge changes it many times. */
const rest = 150;

/** How often the cursor is asked for while frames keep coming between the question and its answer. */
const patience = 20;

export interface Terminal {
  stdout: NodeJS.WriteStream;
  /**
   * Takes what the terminal answered as ink reads it, without the escape character.
   * @returns whether it was an answer, and no key
   */
  answered(input: string): boolean;
  close(): void;
}

/**
 * The terminal as ink sees it. Ink clears the whole terminal, scroll-back included, when a frame is as tall as
 * the window, which a window that shrinks can make it; so it is told of endless rows, and the layout keeps the
 * frame small. And it forgets that a narrower window folds the lines of the last frame, and that a lower one
 * pushes them out of reach, from where a higher one brings them back: what is left of them is erased here.
 *
 * A window that changes again while a frame is on its way to it leaves pieces that nobody can know of. So once it is
 * at rest it is asked where the cursor stands, and what is above the frame, of whatever origin, is pushed into the
 * scroll-back. A terminal that does not answer keeps what it shows.
 */
export function terminalFor(stdout: NodeJS.WriteStream): Terminal {
  /** The last frame: its text, and the width of each line. */
  let drawn = '';
  let frame: readonly number[] = [];
  /** Lines of earlier frames that were pushed out of the window; they stand right above the frame. */
  let beyond: readonly number[] = [];
  let {columns} = stdout;
  let resizing = false;
  let frames = 0;
  /** The frame that the cursor stood below when it was asked for. */
  let asked: {frame: number; left: number} | undefined;
  let settling: NodeJS.Timeout | undefined;

  function write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    const text = typeof chunk === 'string' ? chunk : '';
    if (text.includes('\n')) {
      frames += 1;
      const replaces = text.startsWith(erasure.first);
      // What stays came between the frame and what was pushed out.
      beyond = replaces || resizing ? [...beyond, ...outOfReach(frame, stdout)] : [];
      drawn = replaces ? text.slice(text.indexOf(erasure.last) + erasure.last.length) : text;
      frame = stripVTControlCharacters(drawn)
        .split('\n')
        .slice(0, -1)
        .map(line => stringWidth(line));
    }
    return Reflect.apply(stdout.write, stdout, [chunk, ...rest]);
  }

  function resized(): void {
    resizing = true;
    queueMicrotask(() => {
      resizing = false;
    });
    clearTimeout(settling);
    settling = setTimeout(ask, rest, patience).unref();
    const narrower = stdout.columns < columns;
    ({columns} = stdout);
    const lines = [...beyond, ...frame];
    const left = outOfReach(lines, stdout);
    const rows = rowsOf(lines.slice(left.length), columns);
    if (narrower) {
      // Ink erases as many rows as the frame has lines, and draws anew.
      erase(rows - frame.length);
      beyond = left;
      frame = [];
    } else if (left.length < beyond.length) {
      erase(rows);
      stdout.write(drawn);
      beyond = left;
    }
  }

  function ask(left: number): void {
    asked = {frame: frames, left};
    stdout.write('\u001b[6n');
  }

  function answered(input: string): boolean {
    const row = /^\[(\d{1,5});\d{1,5}R$/.exec(input)?.[1];
    if (row === undefined || !asked) return false;
    const {frame: number, left} = asked;
    asked = undefined;
    if (number === frames) standAt(Number(row));
    else if (left > 0) ask(left - 1);
    return true;
  }

  /** Takes the frame, below which the cursor is in that row of the window, to the window's top. */
  function standAt(row: number): void {
    const rows = rowsOf(frame, stdout.columns);
    const above = row - 1 - rows;
    if (above <= 0) return;
    erase(rows);
    stdout.write(`\u001b[${stdout.rows};1H${'\n'.repeat(above)}\u001b[H${drawn}`);
    beyond = [];
  }

  function erase(rows: number): void {
    if (rows > 0) stdout.write(`${'\u001b[2K\u001b[1A'.repeat(rows)}\u001b[2K\u001b[G`);
  }

  stdout.prependListener('resize', resized);
  const seen = new Proxy(stdout, {
    get(target, property) {
      if (property === 'write') return write;
      if (property === 'rows') return 1_000_000;
      if (property === 'windowRows') return target.rows;
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    stdout: seen,
    answered,
    close() {
      clearTimeout(settling);
      asked = undefined;
      stdout.off('resize', resized);
    },
  };
}

function rowsOf(widths: readonly number[], columns: number): number {
  return widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
}

/** Those of the lines above the cursor, by their widths, that are no longer in the window. */
function outOfReach(widths: readonly number[], window: {columns: number; rows: number}): readonly number[] {
  let from = widths.length;
  while (from > 0 && rowsOf(widths.slice(from - 1), window.columns) < window.rows) from -= 1;
  return widths.slice(0, from);
}
