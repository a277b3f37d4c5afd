import {conditionsOf, failedCommandsOf} from './counts.ts';
import type {ConditionRecord, LabRecord, RunRecord} from './schema.ts';
import {labName} from './words.ts';

interface Annotation {
  title: string;
  lines: readonly (string | undefined)[];
  place?: {file: string; line: number} | undefined;
}

/** GitHub shows so many errors of a step, and drops the others. */
const shown = 10;

/**
 * What went wrong as lines that GitHub turns into annotations: a condition that did not pass with what was expected, what
 * was seen and the likeliest cause; a command that failed; a run that came to nothing.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 * @param isThere whether a file lies in the repository that the run is for: only there GitHub can show a line of it
 */
export function githubAnnotations(record: RunRecord, isThere: (file: string) => boolean): readonly string[] {
  const all = [
    ...record.problems.map(
      ({message, detail, remedies, faults}): Annotation => ({
        title: 'istio-workshop',
        lines: [message, detail, ...faults.map(fault => fault.message), ...remedies],
        place: faults[0]?.place,
      }),
    ),
    ...record.labs.flatMap(ofLab),
  ];
  const more = all.length - shown;
  const told =
    more > 0
      ? [
          ...all.slice(0, shown - 1),
          {title: 'istio-workshop', lines: [`${more + 1} more are in the report.`]},
        ]
      : all;
  return told.map(annotation => commandOf(annotation, isThere));
}

function ofLab(lab: LabRecord): readonly Annotation[] {
  return [
    ...failedCommandsOf(lab).map(({text, problem, output, place}) => ({
      title: labName(lab),
      lines: [`$ ${text.trim()}`, problem ?? output.trim()],
      place,
    })),
    ...conditionsOf(lab)
      .filter(({state}) => state === 'failed' || state === 'unknown')
      .map(condition => ofCondition(lab, condition)),
  ];
}

function ofCondition(lab: LabRecord, condition: ConditionRecord): Annotation {
  const {label, expected, seen, why, remedies, place} = condition;
  const [cause] = why;
  return {
    title: `${labName(lab)}: ${label}`,
    lines: [
      `Expected: ${expected ?? 'to be seen'}`,
      `Seen: ${seen ?? condition.reason ?? 'nothing'}`,
      cause && `Why: ${cause.sentence}`,
      cause?.fix && `Fix: ${cause.fix}`,
      cause?.command && `$ ${cause.command}`,
      ...(cause ? [] : remedies),
    ],
    place: cause?.place ?? place,
  };
}

function commandOf({title, lines, place}: Annotation, isThere: (file: string) => boolean): string {
  const properties = {
    ...(place && isThere(place.file) ? {file: place.file, line: String(place.line)} : {}),
    title,
  };
  const told = Object.entries(properties).map(([name, value]) => `${name}=${escaped(value, /[%\r\n:,]/g)}`);
  const text = lines.filter(line => line !== undefined && line !== '').join('\n');
  return `::error ${told.join(',')}::${escaped(text, /[%\r\n]/g)}`;
}

/** As GitHub's own toolkit escapes: what a text contains is no command. */
function escaped(text: string, marks: RegExp): string {
  return text.replaceAll(marks, mark => encodeURIComponent(mark));
}
