import {terminalText} from '../shared/terminal-text.ts';

/** Columns that keep their widths over several prints, as kubectl's do in a watch. */
export class TableWriter {
  private widths: number[] = [];

  /** Lays rows out: at least 6 wide, 3 apart, the last cell as it is. */
  write(given: readonly (readonly string[])[]): string {
    const rows = given.map(row => row.map(terminalText));
    for (const row of rows) {
      row.forEach((cell, index) => {
        if (index < row.length - 1)
          this.widths[index] = Math.max(this.widths[index] ?? 6, [...cell].length + 3);
      });
    }
    return rows
      .map(row =>
        row
          .map((cell, index) =>
            index < row.length - 1
              ? cell + ' '.repeat(Math.max(0, (this.widths[index] ?? 0) - [...cell].length))
              : cell,
          )
          .join(''),
      )
      .map(line => `${line}\n`)
      .join('');
  }
}

/** A cell as text: one line, nothing for null. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '<none>';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const cut = text.search(/[\n\r\f]/);
  return cut < 0 ? text : `${text.slice(0, cut)}...`;
}
