import {terminalText} from './terminal-text.ts';

/**
 * Columns as Go's tabwriter lays them out for kubectl and helm: each as wide as its widest cell, at least
 * `minWidth`, plus `padding`; the last cell of a line is not padded.
 */
export function alignColumns(
  given: readonly (readonly string[])[],
  options: {padding?: number; minWidth?: number} = {},
): string {
  const {padding = 3, minWidth = 0} = options;
  const rows = given.map(row => row.map(terminalText));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      if (index < row.length - 1)
        widths[index] = Math.max(widths[index] ?? minWidth, [...cell].length + padding);
    });
  }
  return rows
    .map(row =>
      row
        .map((cell, index) =>
          index < row.length - 1 ? cell + ' '.repeat((widths[index] ?? 0) - [...cell].length) : cell,
        )
        .join(''),
    )
    .map(line => `${line}\n`)
    .join('');
}
