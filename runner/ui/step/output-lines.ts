import {stripVTControlCharacters} from 'node:util';
import {wrapCode} from '../markdown/wrap.ts';
import type {Paint} from '../paint.ts';
import {expandTabs, withoutControls} from '../text/clean-text.ts';
import {styleSequence} from '../text/styles.ts';
import {count} from '../words.ts';

/**
 * What a command printed, fit for a part of the screen: colours stay, whatever else would move the cursor goes,
 * and of a line that was drawn over (a progress bar) its last state counts.
 */
export function outputLines(output: string, width: number): string[] {
  return wrapCode(
    output
      .replace(/\r?\n$/, '')
      .split('\n')
      .map(fit)
      .join('\n'),
    width,
  );
}

function fit(line: string): string {
  const last = line.slice(line.lastIndexOf('\r', endOf(line) - 1) + 1, endOf(line));
  const kept = last.match(styleSequence) ?? [];
  const parts = last.split(styleSequence).map(part => withoutControls(stripVTControlCharacters(part)));
  return expandTabs(parts.map((part, index) => part + (kept[index] ?? '')).join(''));
}

/** Where a line ends, without the carriage returns behind it. */
function endOf(line: string): number {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return end;
}

const unfolded = 12;
const head = 4;
const tail = 6;

/** Much more than the lines of one part can show, whatever stands in them: no more of a line is laid out. */
const enough = 40;

/**
 * Long output folded to its beginning and its end; of what still runs, the end. Only what is shown is laid out:
 * a command may print faster than a whole log can be wrapped, and all of it in one line.
 */
export function foldedOutput(
  output: string,
  {width, running, paint}: {width: number; running: boolean; paint: Paint},
): readonly string[] {
  const raw = output.replace(/\r?\n$/, '').split('\n');
  const room = enough * unfolded * Math.max(1, width);
  const layOut = (lines: readonly string[], side: 'start' | 'end'): string[] =>
    outputLines(lines.map(line => part(line, room, side)).join('\n'), width);
  if (raw.length <= unfolded && raw.every(line => line.length <= room)) {
    const lines = layOut(raw, 'start');
    if (lines.length <= unfolded) return lines;
  }
  if (running) {
    const shown = layOut(raw.slice(1 - unfolded), 'end').slice(1 - unfolded);
    const above = raw.length - shown.length;
    return [paint.quiet(above > 0 ? `… ${count(above, 'line')} above …` : '… more above …'), ...shown];
  }
  const first = layOut(raw.slice(0, head), 'start').slice(0, head);
  const last = layOut(raw.slice(-tail), 'end').slice(-tail);
  const hidden = raw.length - head - tail;
  const said = hidden > 0 ? count(hidden, 'more line') : 'more';
  return [...first, paint.quiet(`… ${said}: f unfolds …`), ...last];
}

/** The beginning of a line, or the end of its last state. */
function part(line: string, room: number, side: 'start' | 'end'): string {
  if (line.length <= room) return line;
  const end = endOf(line);
  const from = line.lastIndexOf('\r', end - 1) + 1;
  return side === 'start'
    ? line.slice(from, Math.min(end, from + room))
    : line.slice(Math.max(from, end - room), end);
}
