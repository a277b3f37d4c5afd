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

/**
 * Long output folded to its beginning and its end; of what still runs, the end. Only what is shown is laid out:
 * a command may print faster than a whole log can be wrapped.
 */
export function foldedOutput(
  output: string,
  {width, running, paint}: {width: number; running: boolean; paint: Paint},
): readonly string[] {
  const raw = output.replace(/\n$/, '').split('\n');
  const layOut = (lines: readonly string[]): string[] => outputLines(lines.join('\n'), width);
  if (raw.length <= unfolded) {
    const lines = layOut(raw);
    if (lines.length <= unfolded) return lines;
  }
  if (running) {
    const shown = layOut(raw.slice(1 - unfolded)).slice(1 - unfolded);
    return [paint.quiet(`… ${count(Math.max(1, raw.length - shown.length), 'line')} above …`), ...shown];
  }
  const first = layOut(raw.slice(0, head)).slice(0, head);
  const last = layOut(raw.slice(-tail)).slice(-tail);
  const hidden = Math.max(1, raw.length - head - tail);
  return [...first, paint.quiet(`… ${count(hidden, 'more line')}: f unfolds …`), ...last];
}
