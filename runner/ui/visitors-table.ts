import stringWidth from 'fast-string-width';
import type {VisitorRow} from '../checks/result.ts';
import {wrapLines} from './markdown/wrap.ts';
import type {Paint} from './paint.ts';
import {visitorTable} from './words.ts';

const gap = '  ';

/** The column in which the stars are drawn; what they are is said beside it. */
const drawing = 3;

/**
 * The visitors' table with columns as wide as they need to be. Where they need more than `width`, the drawing goes
 * first, and then the last columns go to a line of their own below each visitor.
 */
export function tableLines(
  rows: readonly VisitorRow[],
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): readonly string[] {
  const table = visitorTable(rows);
  const lines = [table.header, ...table.rows.map(row => row.cells)];
  const widths = table.header.map((_, column) =>
    Math.max(...lines.map(cells => stringWidth(cells[column] ?? ''))),
  );
  const {beside, below} = arrange(widths, width);
  const pad = (text: string, column: number): string =>
    text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(text)));
  const layOut = (cells: readonly string[], style: (cell: string, column: number) => string): string =>
    beside
      .map(column => style(pad(cells[column] ?? '', column), column))
      .join(gap)
      .trimEnd();
  const body = table.rows.flatMap(({cells, row}) => [
    layOut(cells, (cell, column) => (column === drawing ? paint.stars(cell, row.seen) : cell)),
    ...below.flatMap(column => behind(`${table.header[column]} ${cells[column]}`, width)),
    ...(row.remark ? behind(row.remark, width) : []),
  ]);
  return [paint.quiet(layOut(table.header, cell => cell)), ...body];
}

function behind(text: string, width: number): readonly string[] {
  return wrapLines(text, width - gap.length).map(line => gap + line);
}

function arrange(
  widths: readonly number[],
  width: number,
): {beside: readonly number[]; below: readonly number[]} {
  const beside = widths.map((_, column) => column);
  const below: number[] = [];
  const needed = (): number =>
    beside.reduce((sum, column) => sum + (widths[column] ?? 0), gap.length * (beside.length - 1));
  if (needed() > width) beside.splice(drawing, 1);
  while (needed() > width && beside.length > 1) below.unshift(...beside.splice(-1));
  return {beside, below};
}
