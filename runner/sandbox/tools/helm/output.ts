import {compactJson} from '../../json-print.ts';
import {ToolError, type ToolIo} from '../shared/io.ts';
import {terminalText} from '../shared/terminal-text.ts';
import {printYaml} from '../shared/yaml-print.ts';
import type {Release} from './release.ts';

/** A table as helm's library lays it out: a tab between columns, cells padded to the widest. */
export function helmTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, [...cell].length);
    });
  return rows
    .map(
      row =>
        `${row.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - [...cell].length)).join('\t')}\n`,
    )
    .join('');
}

/** `-o`: prints data in the format asked for; `table` is made only when needed. */
export function printAs(io: ToolIo, output: string, data: unknown, table: () => string): void {
  if (output === 'table' || output === '') io.out(table());
  else if (output === 'json') io.out(`${compactJson(data)}\n`);
  else if (output === 'yaml') io.out(printYaml(data));
  else throw new ToolError(`invalid argument "${output}" for "-o, --output" flag: invalid format type`);
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun Nov 22 18:30:35 2026`, in the local zone as Go's ANSIC. */
export function ansiTime(text: string): string {
  const time = new Date(text);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${days[time.getDay()]} ${months[time.getMonth()]} ${String(time.getDate()).padStart(2)} ${clock} ${time.getFullYear()}`;
}

/** `2026-11-22 18:30:35.123 +0000 UTC`, as Go prints a time. */
export function goTimeText(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return text;
  const fraction = match[2]?.includes('.') ? match[2].replace(/0+$/, '').replace(/\.$/, '') : match[2];
  const zone =
    match[3] === 'Z' || match[3] === '+00:00'
      ? '+0000 UTC'
      : `${match[3]?.replace(':', '')} ${match[3]?.replace(':', '')}`;
  return `${match[1]} ${fraction} ${zone}`;
}

/** `istiod-1.30.3`. */
export function chartName(release: Release): string {
  return `${release.chart.metadata.name}-${release.chart.metadata.version}`;
}

/** What install, upgrade and status print about a release. */
export function statusText(
  release: Release,
  options: {manifest?: boolean; description?: boolean} = {},
): string {
  const lines = [
    `NAME: ${release.name}`,
    `LAST DEPLOYED: ${ansiTime(release.info.last_deployed)}`,
    `NAMESPACE: ${release.namespace}`,
    `STATUS: ${release.info.status}`,
    `REVISION: ${release.version}`,
    ...(options.description ? [`DESCRIPTION: ${release.info.description ?? ''}`] : []),
    'TEST SUITE: None',
  ];
  const manifest = options.manifest ? `HOOKS:\nMANIFEST:\n${release.manifest}\n` : '';
  const notes = release.info.notes ? `NOTES:\n${terminalText(release.info.notes.trim())}\n` : '';
  return `${lines.join('\n')}\n${manifest}${notes}`;
}

/** A release in `-o json|yaml`, without the chart's own files. */
export function releaseData(release: Release): unknown {
  const {name, info, config, manifest, version, namespace} = release;
  return {
    name,
    info,
    ...(config && Object.keys(config).length > 0 ? {config} : {}),
    manifest,
    version,
    namespace,
  };
}
