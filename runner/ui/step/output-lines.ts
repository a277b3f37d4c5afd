import {stripVTControlCharacters} from 'node:util';
import wrapAnsi from 'wrap-ansi';
import type {Paint} from '../paint.ts';
import {count} from '../words.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const colours = /\u001b\[[\d;:]*m/g;

/**
 * What a command printed, fit for a part of the screen: colours stay, whatever else would move the cursor goes,
 * and of a line that was drawn over (a progress bar) its last state counts.
 */
export function outputLines(output: string, width: number): string[] {
  const lines = output.replace(/\n$/, '').split('\n');
  return lines.flatMap(line => {
    const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
    return wrapAnsi(onlyColours(last), Math.max(1, width), {hard: true, trim: false}).split('\n');
  });
}

function onlyColours(line: string): string {
  const kept = line.match(colours) ?? [];
  const text = line.split(colours).map(part => stripVTControlCharacters(expandTabs(part)));
  const joined = text.map((part, index) => part + (kept[index] ?? '')).join('');
  return kept.length > 0 ? `${joined}\u001b[0m` : joined;
}

function expandTabs(text: string): string {
  let column = 0;
  return text.replaceAll(/\t|[^\t]+/g, part => {
    const shown = part === '\t' ? ' '.repeat(8 - (column % 8)) : part;
    column += shown.length;
    return shown;
  });
}

const unfolded = 12;
const head = 4;
const tail = 6;

/** Long output folded to its beginning and its end; of what still runs, the end. */
export function foldLines(
  lines: readonly string[],
  {running, paint}: {running: boolean; paint: Paint},
): readonly string[] {
  if (lines.length <= unfolded) return lines;
  if (running) {
    const hidden = lines.length - (unfolded - 1);
    return [paint.quiet(`… ${count(hidden, 'line')} above …`), ...lines.slice(hidden)];
  }
  const hidden = lines.length - head - tail;
  const fold = paint.quiet(`… ${count(hidden, 'more line')}: f unfolds …`);
  return [...lines.slice(0, head), fold, ...lines.slice(-tail)];
}
