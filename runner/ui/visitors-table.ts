import stringWidth from 'fast-string-width';
import type {VisitorRow} from '../checks/result.ts';
import type {Paint} from './paint.ts';
import {visitorTable} from './words.ts';

/** The visitors' table with columns as wide as they need to be. */
export function tableLines(rows: readonly VisitorRow[], paint: Paint): readonly string[] {
  const table = visitorTable(rows);
  const lines = [table.header, ...table.rows.map(row => row.cells)];
  const widths = table.header.map((_, column) =>
    Math.max(...lines.map(cells => stringWidth(cells[column] ?? ''))),
  );
  const pad = (text: string, column: number): string =>
    text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(text)));
  const header = paint.quiet(table.header.map(pad).join('  ').trimEnd());
  const body = table.rows.flatMap(({cells, row}) => {
    const line = cells
      .map((cell, column) => (column === 3 ? paint.stars(pad(cell, column), row.seen) : pad(cell, column)))
      .join('  ')
      .trimEnd();
    return row.remark ? [line, `  ${row.remark}`] : [line];
  });
  return [header, ...body];
}
