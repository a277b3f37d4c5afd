import type {ConditionResult} from '../../checks/result.ts';
import {remedyText} from '../../errors.ts';
import type {SessionEvent, View} from '../../session/events.ts';
import {errorLines} from '../error-text.ts';
import type {Paint} from '../paint.ts';
import {causeText} from '../step/check-lines.ts';
import {outputLines} from '../step/output-lines.ts';
import {cleanEvent} from '../text/clean-event.ts';
import {tableLines} from '../visitors-table.ts';
import {wayLines} from '../way/way-lines.ts';
import {atMost, count, duration, routedText, verdictSigns, verdictWords} from '../words.ts';

export interface PlainViewOptions {
  /** Results go here. */
  out(line: string): void;
  /** Talk about them goes here. */
  talk(line: string): void;
  paint: Paint;
  /** What starts this program where the lines are read. */
  program?: string;
}

const foldedLines = 12;

/** The bound of a wait whose text does not have it. */
function boundOf({for: kind, bound}: SessionEvent & {type: 'waiting'}): string {
  return kind === undefined && bound !== undefined ? ` (${atMost(bound)})` : '';
}

/** What is looked at is told as a lab, and is none of them. */
function isProbe({number}: {number: number}): boolean {
  return number === 0;
}

/** Lines for pipes, CI and screen readers: each finished thing once, nothing drawn over. */
export function createPlainView(options: PlainViewOptions): View {
  const {out, talk, paint, program} = options;
  let output = '';
  let lab: string | undefined;
  /** How each condition stood when it was looked at last. */
  const verdicts = new Map<string, ConditionResult['verdict']>();

  /** What a command printed, indented; the middle of long output is folded. */
  function flushOutput(all: boolean): void {
    const lines = output === '' ? [] : outputLines(output, Number.POSITIVE_INFINITY);
    output = '';
    const folded =
      all || lines.length <= foldedLines
        ? lines
        : [...lines.slice(0, 6), `… ${count(lines.length - 10, 'more line')} …`, ...lines.slice(-4)];
    for (const line of folded) out(`      ${paint.quiet(line)}`);
  }

  function condition(result: ConditionResult): void {
    const sign = verdictSigns[result.verdict];
    const colour =
      result.verdict === 'passed' ? paint.good : result.verdict === 'failed' ? paint.bad : paint.waiting;
    out(`    ${colour(sign)} ${result.label}: ${result.seen}  ${paint.quiet(duration(result.milliseconds))}`);
    if (result.verdict !== 'passed') out(`      expected: ${result.expected}`);
    if (result.rows) for (const line of tableLines(result.rows, paint)) out(`      ${line}`);
    for (const note of result.notes ?? []) out(`      ${paint.quiet(note)}`);
    for (const [index, cause] of (result.why ?? []).entries()) {
      out(
        `      ${index === 0 ? 'why: ' : cause.behind ? 'and: ' : 'or:  '}${causeText(cause)}  ${paint.quiet(cause.code)}`,
      );
      if (cause.fix) out(`           fix: ${cause.fix}`);
      if (cause.command) out(`           ${paint.command(`$ ${cause.command}`)}`);
    }
    for (const remedy of result.remedies ?? []) out(`      → ${remedyText(remedy, program)}`);
    if (result.way) for (const line of wayLines(result.way, {width: 90, paint})) out(`      ${line}`);
  }

  function event(happened: SessionEvent): void {
    const event = cleanEvent(happened);
    switch (event.type) {
      case 'session-started':
        talk(
          paint.title(
            ['istio-workshop', event.engine, event.workFolder && `work folder ${event.workFolder}`]
              .filter(Boolean)
              .join(' · '),
          ),
        );
        return;
      case 'waiting':
        return talk(paint.quiet(`      … waiting: ${event.text}${boundOf(event)}`));
      case 'cluster-progress':
        return talk(paint.quiet(`  … ${event.text}`));
      case 'cluster-notice':
        return talk(paint.bad(`! ${event.text}`));
      case 'lab-started':
        lab = event.lab.id;
        out('');
        return out(
          paint.title(isProbe(event.lab) ? event.lab.title : `Lab ${event.lab.number} · ${event.lab.title}`),
        );
      case 'step-started':
        return out(`  ${event.lab.steps[event.step]?.title ?? ''}`);
      case 'command-started':
        output = '';
        for (const [index, line] of event.text.trimEnd().split('\n').entries()) {
          out(
            `    ${paint.command(`${index === 0 ? '$' : '>'} ${line}`)}${event.background && index === 0 ? paint.quiet('   (goes on in the background)') : ''}`,
          );
        }
        return;
      case 'command-output':
        output += event.text;
        return;
      case 'command-finished':
        flushOutput(!event.ok);
        if (event.ok) {
          const remark = event.remark ? `${event.remark}  ` : '';
          return out(`    ${paint.good('✓')} ${remark}${paint.quiet(duration(event.milliseconds))}`);
        }
        return out(
          `    ${paint.bad('✗')} ${event.problem ?? ''}  ${paint.quiet(duration(event.milliseconds))}`,
        );
      case 'routed':
        return out(`      ${paint.quiet(routedText(event))}`);
      case 'file-written':
        out(
          `    ${paint.good('✓')} ${event.name} ${event.change === 'unchanged' ? 'is there already' : event.change === 'created' ? 'written' : 'written anew'}`,
        );
        if (event.backup) out(`      what stood there before is kept in ${event.backup}`);
        return;
      case 'file-seen':
        if (event.state === 'differs') talk(`${event.name} differs from the lab's: d shows how`);
        return;
      case 'condition-finished':
        if (event.quiet) return;
        verdicts.set(`${lab} ${event.block} ${event.index}`, event.result.verdict);
        return condition(event.result);
      case 'lab-passed':
        return out(`  ${paint.good('✓ passed')}  ${paint.quiet(duration(event.milliseconds))}`);
      case 'reset-finished':
        return out(
          event.ok
            ? `  ${paint.good('✓')} lab ${event.lab} is reset`
            : `  ${paint.bad('✗')} lab ${event.lab} could not be reset`,
        );
      case 'problem':
        for (const line of errorLines(event.error, options)) talk(line);
        return;
      case 'note':
        return talk(event.text);
      case 'cleanup-finished':
        if (event.left.length === 0) return talk(paint.quiet('  … nothing of this run is left'));
        for (const each of event.left) talk(paint.bad(`! left behind: ${each}`));
        return;
      case 'session-finished':
        return summary(event);
      default:
        return;
    }
  }

  function summary(event: SessionEvent & {type: 'session-finished'}): void {
    if (event.labs.length === 0) return;
    out('');
    const labs = event.labs.filter(lab => !isProbe(lab));
    for (const lab of labs) {
      const good = lab.verdict === 'passed';
      const sign = good
        ? paint.good('✓')
        : lab.verdict === 'not-run'
          ? '-'
          : paint.bad(lab.verdict === 'failed' ? '✗' : '?');
      out(
        `${sign} ${String(lab.number).padStart(2, '0')} ${lab.title}: ${verdictWords[lab.verdict]}${good ? `  ${paint.quiet(duration(lab.milliseconds))}` : ''}`,
      );
    }
    const passed = labs.filter(lab => lab.verdict === 'passed').length;
    if (labs.length > 0)
      out(`${passed} of ${count(labs.length, 'lab')} passed in ${duration(event.milliseconds)}`);
    if (lab !== undefined) out(conditionsText());
  }

  /** The last line, for who reads no other: what could not be seen has neither passed nor failed. */
  function conditionsText(): string {
    const seen = [...verdicts.values()];
    const number = (verdict: ConditionResult['verdict']): number =>
      seen.filter(each => each === verdict).length;
    const unseen = number('unknown');
    if (unseen > 0) out(`${count(unseen, 'condition')} could not be checked`);
    return `${number('passed')} passed, ${number('failed')} failed`;
  }

  return {event, async close() {}};
}
