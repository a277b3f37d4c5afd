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
  const last = lastState(line);
  const kept = last.match(styleSequence) ?? [];
  const parts = last.split(styleSequence).map(part => withoutControls(stripVTControlCharacters(part)));
  return expandTabs(parts.map((part, index) => part + (kept[index] ?? '')).join(''));
}

/** What a line that was drawn over shows in the end. */
function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

const unfolded = 12;
const head = 4;
const tail = 6;

/** Much more than a part shows, whatever stands in it: a character with its colours may take 20 units. */
const unitsAColumn = 20;

/**
 * Long output folded to its beginning and its end; of what still runs, the end. Only what is shown is laid out:
 * a command may print faster than a whole log can be wrapped, and all of it in one line.
 */
export function foldedOutput(
  output: string,
  {width, running, paint}: {width: number; running: boolean; paint: Paint},
): readonly string[] {
  const raw = output.replace(/\r?\n$/, '').split('\n');
  if (raw.length <= unfolded && output.length <= unfolded * width * unitsAColumn) {
    const lines = outputLines(output, width);
    if (lines.length <= unfolded) return lines;
  }
  if (running) {
    const shown = lastRows(raw, unfolded - 1, width);
    const above = raw.length - shown.length;
    return [paint.quiet(above > 0 ? `… ${count(above, 'line')} above …` : '… more above …'), ...shown];
  }
  const hidden = raw.length - head - tail;
  const said = hidden > 0 ? count(hidden, 'more line') : 'more';
  return [
    ...firstRows(raw, head, width),
    paint.quiet(`… ${said}: f unfolds …`),
    ...lastRows(raw, tail, width),
  ];
}

function firstRows(lines: readonly string[], rows: number, width: number): readonly string[] {
  const shown: string[] = [];
  for (const line of lines) {
    if (shown.length >= rows) break;
    const last = lastState(line);
    shown.push(...outputLines(last.slice(0, rows * width * unitsAColumn), width));
  }
  return shown.slice(0, rows);
}

function lastRows(lines: readonly string[], rows: number, width: number): readonly string[] {
  let shown: readonly string[] = [];
  for (let index = lines.length - 1; index >= 0 && shown.length < rows; index -= 1) {
    const last = lastState(lines[index] ?? '');
    shown = [...outputLines(last.slice(-rows * width * unitsAColumn), width), ...shown];
  }
  return shown.slice(-rows);
}
