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

export interface Room {
  /** So many lines are shown as they are. */
  whole: number;
  /** Of more, so many of the first and of the last. */
  head: number;
  tail: number;
  /** How more of it is seen, where that is possible. */
  hint: string;
}

/** On the screen, where the step has to be seen as well. */
const short: Room = {whole: 12, head: 4, tail: 6, hint: ': f unfolds'};

/** Unfolded, and in the scroll-back: a command that prints without end must not hold up the screen. */
const long: Room = {whole: 500, head: 100, tail: 300, hint: ''};

/** Much more than a part shows, whatever stands in it: a character with its colours may take 20 units. */
const unitsAColumn = 20;

/**
 * Long output folded to its beginning and its end; of what still runs, the end. Only what is shown is laid out:
 * a command may print faster than a whole log can be wrapped, and all of it in one line.
 */
export function foldedOutput(
  output: string,
  {width, running, paint, fold}: {width: number; running: boolean; paint: Paint; fold: boolean},
): readonly string[] {
  const {whole, head, tail, hint} = fold ? short : long;
  const raw = output.replace(/\r?\n$/, '').split('\n');
  if (raw.length <= whole && output.length <= whole * width * unitsAColumn) {
    const lines = outputLines(output, width);
    if (lines.length <= whole) return lines;
  }
  if (running) {
    const shown = lastRows(raw, whole - 1, width);
    const above = raw.length - shown.length;
    return [paint.quiet(above > 0 ? `… ${count(above, 'line')} above …` : '… more above …'), ...shown];
  }
  const hidden = raw.length - head - tail;
  const said = hidden > 0 ? count(hidden, 'more line') : 'more';
  return [...firstRows(raw, head, width), paint.quiet(`… ${said}${hint} …`), ...lastRows(raw, tail, width)];
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
