import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'fast-string-width';

/**
 * The terminal as ink sees it. Ink clears the whole terminal, scroll-back included, when a frame is as tall as
 * the window, which a window that shrinks can make it; so it is told of endless rows, and the layout keeps the
 * frame small. And it forgets that a narrower window folds the lines of the last frame: what is left of them
 * is erased here before ink draws again.
 */
export function terminalFor(stdout: NodeJS.WriteStream): {stdout: NodeJS.WriteStream; close(): void} {
  let frame: readonly number[] = [];
  let columns = stdout.columns;

  function write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    const text = typeof chunk === 'string' ? chunk : '';
    if (text.includes('\n'))
      frame = stripVTControlCharacters(text)
        .split('\n')
        .slice(0, -1)
        .map(line => stringWidth(line));
    return Reflect.apply(stdout.write, stdout, [chunk, ...rest]);
  }

  function resized(): void {
    const now = stdout.columns;
    if (now < columns) {
      const folded = frame.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / now)) - 1, 0);
      if (folded > 0) stdout.write(`\u001b[2K\u001b[1A`.repeat(folded));
    }
    columns = now;
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
  return {stdout: seen, close: () => void stdout.off('resize', resized)};
}
