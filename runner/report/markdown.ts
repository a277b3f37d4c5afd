import {duration, routedText} from '../ui/words.ts';
import {conditionsOf, failedCommandsOf} from './counts.ts';
import {failureText} from './junit.ts';
import type {ConditionRecord, LabRecord, RunRecord} from './schema.ts';
import {countsText, headline, labName, stateSigns, stateWords, timesText, versionRows} from './words.ts';

/** The report as Markdown, for a summary of CI: what failed first, then all labs and conditions as tables. */
export function markdownReport(record: RunRecord): string {
  const wrong = record.labs.flatMap(lab =>
    conditionsOf(lab)
      .filter(({state}) => state === 'failed' || state === 'unknown')
      .map(condition => ({lab, condition})),
  );
  const lines = [
    '# istio-workshop report',
    '',
    `**${escaped(headline(record))}** ${countsText(record)}, in ${duration(record.milliseconds)}.`,
    '',
    `\`${record.command}\`, ${record.startedAt}${record.engine.simulated ? '; the cluster is simulated' : ''}.`,
    ...record.problems.flatMap(({message, detail, remedies}) => [
      '',
      `> **${escaped(message)}**`,
      ...(detail === undefined ? [] : detail.split('\n').map(line => `> ${escaped(line)}`)),
      ...remedies.map(remedy => `> → ${escaped(remedy)}`),
    ]),
    ...wrong.flatMap(({lab, condition}) => conditionSection(lab, condition)),
    ...record.labs.flatMap(failedCommands),
    ...labTable(record),
    '',
    '## Versions',
    '',
    '| | |',
    '|---|---|',
    ...versionRows(record).map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`),
    '',
    ...routedRows(record),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function conditionSection(lab: LabRecord, condition: ConditionRecord): readonly string[] {
  const {label, state, pictures, traces, proxyLogs} = condition;
  return [
    '',
    `## ${stateSigns[state]} Lab ${escaped(labName(lab))}: ${escaped(label)}`,
    '',
    fenced(failureText(condition)),
    ...(pictures.length > 0 ? [''] : []),
    ...pictures.map(
      ({visitor, file, html}) =>
        `- ${escaped(visitor)}: [picture](${encodeURI(file)})${html === undefined ? '' : `, [page](${encodeURI(html)})`}`,
    ),
    ...traces.map(
      ({visitor, file, loads}) =>
        `- ${escaped(visitor)}: [trace](${encodeURI(file)}) of loads repeated right after the failure, which showed ${escaped(loads.join(', '))}`,
    ),
    ...proxyLogs.flatMap(({pod, container, lines}) => [
      '',
      `The end of the log of ${escaped(pod)}, ${escaped(container)}:`,
      '',
      fenced(lines.join('\n')),
    ]),
  ];
}

function failedCommands(lab: LabRecord): readonly string[] {
  return failedCommandsOf(lab).flatMap(command => [
    '',
    `## ✗ Lab ${escaped(labName(lab))}: a command failed`,
    '',
    fenced([`$ ${command.text.trimEnd()}`, command.output, command.problem ?? ''].filter(Boolean).join('\n')),
  ]);
}

function labTable({labs}: RunRecord): readonly string[] {
  if (labs.length === 0) return [];
  return [
    '',
    '## Labs',
    '',
    '| | lab | condition | expected | seen | how long |',
    '|---|---|---|---|---|---|',
    ...labs.flatMap(labRows),
  ];
}

function labRows(lab: LabRecord): readonly string[] {
  const took = lab.milliseconds === undefined ? '' : duration(lab.milliseconds);
  return [
    `| ${stateSigns[lab.state]} | **${cell(labName(lab))}** | ${stateWords[lab.state]} | | | ${took} |`,
    ...conditionsOf(lab).map(
      condition =>
        `| ${stateSigns[condition.state]} | | ${cell(condition.label)} | ${cell(condition.expected ?? '')} | ${cell(condition.seen ?? condition.reason ?? stateWords[condition.state])} | ${timesText(condition)} |`,
    ),
  ];
}

/** When the proxies had what a command changed. */
function routedRows({labs}: RunRecord): readonly string[] {
  const routed = labs.flatMap(lab =>
    lab.steps
      .flatMap(({items}) => items)
      .flatMap(item => (item.kind === 'command' && item.routed ? [{lab, item, routed: item.routed}] : [])),
  );
  if (routed.length === 0) return [];
  return [
    '## From a command to the proxies',
    '',
    '| lab | command | |',
    '|---|---|---|',
    ...routed.map(
      ({lab, item, routed: told}) =>
        `| ${lab.number} | \`${cell(item.text.trim(), false)}\` | ${routedText(told)} |`,
    ),
  ];
}

/** A text that is no markup. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~]/g, mark => `\\${mark}`).replaceAll(/\s*\n\s*/g, ' ');
}

function cell(text: string, isProse = true): string {
  return isProse
    ? escaped(text)
    : text
        .replaceAll(/\s*\n\s*/g, ' ')
        .replaceAll('|', '\\|')
        .replaceAll('`', "'");
}

/** A fence that is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
