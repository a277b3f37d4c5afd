import {conditionsOf} from './counts.ts';
import type {CommandRecord, ConditionRecord, DiagnosisRecord, RunRecord} from './schema.ts';

interface Place {
  file: string;
  line: number;
}

interface Fault {
  rule: string;
  level: 'error' | 'warning';
  text: string;
  place?: Place | undefined;
  /** The object of the cluster, for what stands in no file. */
  object?: string | undefined;
  fix?: string | undefined;
}

/**
 * SARIF 2.1.0 of the faults in manifests and labs, each with its file and line where that is known.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport(record: RunRecord): string {
  const faults = distinct([
    ...record.problems.flatMap(problem =>
      problem.faults.map(
        ({place, message, fix}): Fault => ({rule: problem.code, level: 'error', text: message, place, fix}),
      ),
    ),
    ...record.labs.flatMap(lab => [
      ...conditionsOf(lab).flatMap(ofCondition),
      ...lab.steps
        .flatMap(({items}) => items)
        .flatMap(item => (item.kind === 'command' ? ofCommand(item) : [])),
    ]),
  ]);
  const rules = [...new Set(faults.map(({rule}) => rule))];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'istio-workshop',
            ...(record.versions['istio-workshop'] ? {version: record.versions['istio-workshop']} : {}),
            rules: rules.map(id => ({id, name: pascal(id), shortDescription: {text: words(id)}})),
          },
        },
        invocations: [
          {
            commandLine: `istio-workshop ${record.command}`,
            executionSuccessful: record.complete && record.problems.length === 0,
            startTimeUtc: record.startedAt,
            ...(record.complete ? {endTimeUtc: record.updatedAt} : {}),
          },
        ],
        results: faults.map(fault => resultOf(fault, rules)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function resultOf({rule, level, text, place, object, fix}: Fault, rules: readonly string[]): object {
  const physical = place && {
    physicalLocation: {
      artifactLocation: {uri: encodeURI(place.file)},
      region: {startLine: place.line},
    },
  };
  const logical = object && {logicalLocations: [{fullyQualifiedName: object, kind: 'resource'}]};
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level,
    message: {text: fix === undefined ? text : `${text.replace(/[.]$/, '')}. Fix: ${fix}`},
    ...(physical || logical ? {locations: [{...physical, ...logical}]} : {}),
  };
}

/** The likeliest cause is the fault; the others are what else it could be. A condition nobody can explain is one itself. */
function ofCondition(condition: ConditionRecord): readonly Fault[] {
  const {state, why, place, label, expected = '', seen = ''} = condition;
  if (state !== 'failed') return [];
  if (why.length === 0) {
    return [
      {
        rule: 'condition-failed',
        level: 'error',
        text: `${label}: expected ${expected}, seen ${seen}.`,
        place,
      },
    ];
  }
  return why.map((cause, index) => ofCause(cause, index === 0 || cause.behind === true, place));
}

function ofCause(cause: DiagnosisRecord, certain: boolean, condition: Place | undefined): Fault {
  return {
    rule: cause.code,
    level: certain ? 'error' : 'warning',
    text: cause.sentence,
    place: cause.place ?? placeIn(cause.sentence) ?? condition,
    object: cause.object,
    fix: cause.fix,
  };
}

/** A command whose file can't be applied says so with the file's line. */
function ofCommand({state, problem = '', place, text}: CommandRecord): readonly Fault[] {
  if (state !== 'failed') return [];
  const inFile = placeIn(problem);
  const rule = inFile ? 'broken-file' : 'command-failed';
  return [{rule, level: 'error', text: `${text.trim()}: ${problem}`, place: inFile ?? place}];
}

/** `reviews.yaml, line 11, …`, as the sentences about files name their places. */
function placeIn(sentence: string): Place | undefined {
  const [, file, line] = /(?:^|[\s:])([^\s:,]+\.(?:ya?ml|json)), line (\d+)\b/.exec(sentence) ?? [];
  return file && line ? {file, line: Number(line)} : undefined;
}

function distinct(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Set<string>();
  return faults.filter(fault => {
    const key = JSON.stringify([fault.rule, fault.text, fault.place]);
    return !seen.has(key) && seen.add(key);
  });
}

function words(code: string): string {
  const text = code.replaceAll('-', ' ');
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function pascal(code: string): string {
  return code.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
