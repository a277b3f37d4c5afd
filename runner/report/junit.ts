import {escapeUTF8} from 'entities';
import {withoutControls} from '../ui/text/clean-text.ts';
import {routedText} from '../ui/words.ts';
import {checksOf} from './counts.ts';
import type {
  CheckRecord,
  CommandRecord,
  ConditionRecord,
  LabRecord,
  RunRecord,
  StepRecord,
} from './schema.ts';
import {commandText, stateWords, timesText} from './words.ts';

/**
 * JUnit XML: a suite for each lab, a case for each condition. What was not run is skipped, what could not be seen is
 * an error, and a failure has what was expected beside what was seen, with the why. By Jenkins' own schema:
 * https://github.com/jenkinsci/xunit-plugin (`junit-10.xsd`).
 */
export function junitReport(record: RunRecord): string {
  const suites = record.labs.map(lab => suiteOf(lab, record));
  const {passed, failed, unknown, notRun} = record.counts;
  const attributes = {
    name: 'istio-workshop',
    time: seconds(record.milliseconds),
    tests: passed + failed + unknown + notRun + lonelyFailures(record.labs),
    failures: failed,
    errors: unknown + lonelyFailures(record.labs),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, suites)}\n`;
}

function suiteOf(lab: LabRecord, record: RunRecord): string {
  const cases = lab.steps.flatMap(step => [
    ...step.items
      .filter(item => item.kind === 'check')
      .flatMap(check => check.conditions.map(condition => caseOf({lab, step, check, condition}))),
  ]);
  const lonely = lonelyFailure(lab);
  const states = checksOf(lab).flatMap(({conditions}) => conditions.map(({state}) => state));
  const count = (...wanted: readonly string[]): number =>
    states.filter(state => wanted.includes(state)).length;
  const attributes = {
    name: `${String(lab.number).padStart(2, '0')} ${lab.title}`,
    tests: states.length + (lonely ? 1 : 0),
    failures: count('failed'),
    errors: count('unknown') + (lonely ? 1 : 0),
    skipped: count('not-run', 'running'),
    time: seconds(lab.milliseconds ?? 0),
    timestamp: (lab.startedAt ?? record.startedAt).replace(/\.\d+Z$/, ''),
    package: lab.id,
    ...(lab.file === undefined ? {} : {file: lab.file}),
  };
  const properties = [
    ...Object.entries({engine: record.engine.title, ...record.versions}),
    ...(record.complete ? [] : [['complete', 'false'] as const]),
  ].map(([name, value]) => element('property', {name, value}));
  const said = lab.steps.flatMap(({items}) => items.filter(item => item.kind === 'command')).map(transcript);
  return element('testsuite', attributes, [
    element('properties', {}, properties),
    ...cases,
    ...(lonely ? [commandCase(lab, lonely)] : []),
    ...(said.length > 0 ? [element('system-out', {}, [text(said.join('\n'))])] : []),
  ]);
}

interface Case {
  lab: LabRecord;
  step: StepRecord;
  check: CheckRecord;
  condition: ConditionRecord;
}

function caseOf({lab, step, condition}: Case): string {
  const {label, milliseconds = 0, state} = condition;
  const attributes = {
    name: `step ${step.number}: ${label}`,
    classname: lab.id,
    time: seconds(milliseconds),
  };
  const times = timesText(condition);
  const out = [...(times === '' ? [] : [times]), ...condition.notes];
  return element('testcase', attributes, [
    ...outcomeOf(condition),
    ...(out.length > 0 && state !== 'not-run' ? [element('system-out', {}, [text(out.join('\n'))])] : []),
  ]);
}

function outcomeOf(condition: ConditionRecord): readonly string[] {
  const {state, seen = '', expected = '', reason} = condition;
  switch (state) {
    case 'passed':
      return [];
    case 'failed':
      return [
        element(
          'failure',
          {type: condition.why[0]?.code ?? 'not-as-expected', message: `expected ${expected}; seen ${seen}`},
          [text(failureText(condition))],
        ),
      ];
    case 'unknown':
      return [
        element('error', {type: 'could-not-be-checked', message: reason ?? seen}, [
          text(failureText(condition)),
        ]),
      ];
    default:
      return [element('skipped', {message: reason ?? stateWords[state]})];
  }
}

/** What was expected beside what was seen, and the why: for who reads it as plain text. */
export function failureText(condition: ConditionRecord): string {
  const {expected, seen, reason, rows, why, remedies, way, place} = condition;
  return [
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(seen === undefined ? [] : [`seen:     ${seen}`]),
    ...(reason === undefined || reason === seen ? [] : [reason]),
    ...rows.map(
      row =>
        `  ${row.visitor}: expected ${row.expected}, seen ${row.seen || 'nothing'}${row.version ? ` from ${row.version}` : ''}, ${row.good} of ${row.loads} loads right`,
    ),
    ...why.flatMap((cause, index) => [
      `${index === 0 ? 'why: ' : cause.behind ? 'and: ' : 'or:  '}${cause.sentence} [${[cause.code, cause.object].filter(Boolean).join(', ')}]`,
      ...(cause.fix ? [`     fix: ${cause.fix}`] : []),
      ...(cause.command ? [`     $ ${cause.command}`] : []),
    ]),
    ...remedies.map(remedy => `→ ${remedy}`),
    ...(place ? [`asked for in ${place.file}:${place.line}`] : []),
    ...(way ? ['', ...way.lines] : []),
  ].join('\n');
}

/** A command that failed with no check behind it, which no condition tells of. */
export function lonelyFailure(lab: LabRecord): CommandRecord | undefined {
  const items = lab.steps.flatMap(step => step.items);
  const failed = items.findLast(item => item.kind === 'command' && item.state === 'failed');
  const told = checksOf(lab).some(({state}) => state === 'failed' || state === 'unknown');
  return failed?.kind === 'command' && !told && lab.state !== 'passed' ? failed : undefined;
}

function lonelyFailures(labs: readonly LabRecord[]): number {
  return labs.filter(lab => lonelyFailure(lab) !== undefined).length;
}

function commandCase({id}: LabRecord, command: CommandRecord): string {
  const {text: typed, milliseconds = 0, problem = '', output} = command;
  return element('testcase', {name: typed.trim(), classname: id, time: seconds(milliseconds)}, [
    element('error', {type: 'command-failed', message: problem}, [text(output)]),
  ]);
}

function transcript(command: CommandRecord): string {
  return [
    `$ ${command.text.trimEnd()}`,
    ...(command.output === '' ? [] : [command.output]),
    `  ${commandText(command)}${command.routed ? `, ${routedText(command.routed)}` : ''}`,
    ...(command.problem === undefined ? [] : [`  ${command.problem}`]),
  ].join('\n');
}

/** Seconds, as the schema wants them. */
function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** A text that XML 1.0 can hold: of the control characters it takes tab and line feed only. */
function text(content: string): string {
  return escapeUTF8(withoutControls(content).replaceAll(/[\ud800-\udfff\ufffe\uffff]/gu, ''));
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] = [],
): string {
  const given = Object.entries(attributes)
    .map(
      ([key, value]) => ` ${key}="${text(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('');
  if (content.length === 0) return `<${name}${given}/>`;
  const isText = content.length === 1 && !content[0]?.startsWith('<');
  return isText
    ? `<${name}${given}>${content[0]}</${name}>`
    : `<${name}${given}>\n${content.join('\n')}\n</${name}>`;
}
