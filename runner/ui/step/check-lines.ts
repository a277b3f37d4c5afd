import type {ConditionResult, Diagnosis} from '../../checks/result.ts';
import {remedyText} from '../../errors.ts';
import {wrapBehind, wrapLines} from '../markdown/wrap.ts';
import type {Paint} from '../paint.ts';
import type {CheckRun, ConditionView} from '../view-model.ts';
import {tableLines} from '../visitors-table.ts';
import {wayLines} from '../way/way-lines.ts';
import {duration, verdictSigns} from '../words.ts';

export interface CheckLinesOptions {
  width: number;
  paint: Paint;
}

/** A check as far as it is: each condition with its sign, what was seen, and why it failed. */
export function checkLines(check: CheckRun, options: CheckLinesOptions): string[] {
  let waiting = false;
  return check.conditions.flatMap(condition => {
    const lines = conditionLines(condition, {...options, current: !waiting});
    if (!condition.result) waiting = true;
    return lines;
  });
}

function conditionLines(
  condition: ConditionView,
  {width, paint, current}: CheckLinesOptions & {current: boolean},
): string[] {
  const {result, rows} = condition;
  const table = rows ? tableLines(rows, paint, width - 2).map(line => `  ${line}`) : [];
  if (!result) {
    const text = current && condition.seen ? `${condition.label}: ${condition.seen}` : condition.label;
    const sign = current ? paint.waiting('…') : paint.quiet('•');
    return [...wrapBehind(`${sign} `, 2, wrapLines(text, width - 2)), ...table];
  }
  const style = result.verdict === 'passed' ? 'good' : result.verdict === 'failed' ? 'bad' : 'waiting';
  const took = paint.quiet(duration(result.milliseconds));
  const head = wrapLines(`${result.label}: ${result.seen}  ${took}`, width - 2);
  return [
    ...wrapBehind(`${paint[style](verdictSigns[result.verdict])} `, 2, head),
    ...(result.verdict === 'passed'
      ? []
      : wrapBehind('  expected: ', 12, wrapLines(result.expected, width - 12))),
    ...table,
    ...(result.notes ?? []).flatMap(note => wrapLines(note, width - 2).map(line => `  ${paint.quiet(line)}`)),
    ...whyLines(result, {width, paint}),
    // Behind the causes: they say what to do, and a small window shows what comes first.
    ...(result.way
      ? wayLines(result.way, {width: width - 2, paint, brief: true}).map(line => `  ${line}`)
      : []),
  ];
}

/** `The subset … (DestinationRule bookinfo/reviews, IST0101)`. */
export function causeText({sentence, object, analysis}: Diagnosis): string {
  const named = [object, analysis].filter(Boolean).join(', ');
  return named === '' ? sentence : `${sentence} (${named})`;
}

/** The causes of a failed condition, most likely first, each with what mends it. */
export function whyLines(result: ConditionResult, {width, paint}: CheckLinesOptions): string[] {
  return [
    ...causeLines(result.why ?? [], {width, paint}),
    ...(result.remedies ?? []).flatMap(remedy =>
      wrapBehind('  → ', 4, wrapLines(remedyText(remedy), width - 4)),
    ),
  ];
}

/** Causes, the likeliest first, each with what mends it; `and:` is a further mistake, `or:` another explanation. */
export function causeLines(causes: readonly Diagnosis[], {width, paint}: CheckLinesOptions): string[] {
  const behind = (mark: string, text: string, style: (line: string) => string = line => line): string[] =>
    wrapBehind(mark, 7, wrapLines(text, width - 7).map(style));
  return causes.flatMap((cause, index) => [
    ...behind(index === 0 ? '  why: ' : cause.behind ? '  and: ' : '  or:  ', causeText(cause)),
    ...(cause.fix ? behind('  fix: ', cause.fix) : []),
    ...(cause.command ? behind('       ', `$ ${cause.command}`, paint.command) : []),
  ]);
}
