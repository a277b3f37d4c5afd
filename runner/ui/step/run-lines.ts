import stringWidth from 'fast-string-width';
import type {CommandBlock, FileBlock} from '../../catalog/lab.ts';
import {diffLine, highlight, shellLine} from '../markdown/highlight.ts';
import {wrapLines} from '../markdown/wrap.ts';
import type {Paint} from '../paint.ts';
import {visibleTabs} from '../text/clean-text.ts';
import type {BlockRun} from '../view-model.ts';
import {duration, routedText} from '../words.ts';
import {foldedOutput, outputLines} from './output-lines.ts';

export interface RunLinesOptions {
  width: number;
  paint: Paint;
  /** Milliseconds since the epoch, for what still runs. */
  now: number;
  fold: boolean;
  /** Enter does this now. */
  next: boolean;
  background?: boolean;
}

export interface FileLinesOptions extends RunLinesOptions {
  /** From the lab's text to what stands in the work folder, where that is not the same. */
  difference?: string | undefined;
  /** Whether the difference is shown. */
  differences?: boolean;
}

/** A command with what became of it: its text as typed, its state at the right, its output below. */
export function commandLines(
  command: Pick<CommandBlock, 'text'>,
  run: BlockRun | undefined,
  options: RunLinesOptions,
): string[] {
  const {paint, width} = options;
  const lines = command.text.trimEnd().split('\n');
  const shown = lines.map((line, index) => {
    const mark = index === 0 ? '$' : '>';
    return `${run || !options.next ? paint.quiet(mark) : paint.command(mark)} ${shellLine(line, {...paint, command: paint.command})}`;
  });
  const state = run ? runState(run, options) : options.next ? paint.key('⏎ to run') : '';
  return [
    ...withState(shown, state, width),
    ...(run ? output(run, options) : []),
    ...(run?.problem ? wrapLines(run.problem, width - 2).map(line => `  ${paint.bad(line)}`) : []),
    ...(run?.routed ? [`  ${paint.quiet(routedText(run.routed))}`] : []),
    ...(run?.remark ? wrapLines(run.remark, width - 2).map(line => `  ${paint.good(line)}`) : []),
  ];
}

/** A file that the learner writes, or what of it has changed. One that differs is not shown as the lab has it. */
export function fileLines(file: FileBlock, run: BlockRun | undefined, options: FileLinesOptions): string[] {
  const {paint, width, difference} = options;
  const head = `${paint.quiet('file')} ${paint.title(file.name)}`;
  const written = run?.file;
  const isTheirs = difference !== undefined && !options.next;
  const state = isTheirs
    ? paint.waiting('differs from the lab')
    : written
      ? fileState(written.change, paint)
      : options.next
        ? paint.key('⏎ to write it')
        : '';
  return [
    ...withState([head], state, width),
    ...fileBody(file, written, options)
      .flatMap(line => outputLines(line, width - 4))
      .map(line => `  ${paint.quiet('│')} ${line}`),
    ...(difference !== undefined && !options.differences
      ? wrapLines(`${paint.key('d')} shows how your file differs from the lab's`, width - 2).map(
          line => `  ${line}`,
        )
      : []),
    ...(written?.backup
      ? wrapLines(`what stood there before is kept in ${written.backup}`, width - 2).map(line => `  ${line}`)
      : []),
  ];
}

function fileBody(
  file: FileBlock,
  written: BlockRun['file'],
  {paint, next, difference, differences}: FileLinesOptions,
): readonly string[] {
  // A tab must not be taken for the spaces that it should be.
  const ofDiff = (diff: string): string[] =>
    visibleTabs(diff)
      .trimEnd()
      .split('\n')
      .map(line => diffLine(line, paint));
  if (difference !== undefined) {
    if (differences) return ofDiff(difference);
    return next ? highlight(file.content, file.language, paint) : [];
  }
  if (written?.diff) return ofDiff(written.diff);
  return written?.change === 'edited' ? [] : highlight(file.content, file.language, paint);
}

function fileState(change: NonNullable<BlockRun['file']>['change'], paint: Paint): string {
  const words = {
    created: '✓ written',
    updated: '✓ written anew',
    unchanged: '✓ is there',
    edited: '✓ your own version',
  };
  return paint.good(words[change]);
}

function runState(run: BlockRun, {paint, now, background}: RunLinesOptions): string {
  const took = paint.quiet(duration(run.milliseconds ?? Math.max(0, now - run.startedAt)));
  switch (run.status) {
    case 'running':
      return now - run.startedAt >= 1000 ? `${paint.waiting('…')} ${took}` : paint.waiting('…');
    case 'done':
      return background ? paint.good('✓ goes on in the background') : `${paint.good('✓')} ${took}`;
    case 'interrupted':
      return `${paint.waiting('interrupted')} ${took}`;
    case 'failed':
      return `${paint.bad('✗')} ${took}`;
  }
}

function output(run: BlockRun, {width, paint, fold}: RunLinesOptions): readonly string[] {
  if (run.output === '') return [];
  const shown = foldedOutput(run.output, {width: width - 2, running: run.status === 'running', paint, fold});
  return shown.map(line => `  ${line}`);
}

/** The state of a thing at the right edge of its first line, or on a line of its own where there is no room. */
function withState(lines: readonly string[], state: string, width: number): string[] {
  const wrapped = lines.flatMap(line => outputLines(line, width));
  if (state === '') return wrapped;
  const room = width - stringWidth(wrapped[0] ?? '') - stringWidth(state);
  if (room < 2) return [...wrapped, ' '.repeat(Math.max(0, width - stringWidth(state))) + state];
  return [`${wrapped[0]}${' '.repeat(room)}${state}`, ...wrapped.slice(1)];
}
