import stringWidth from 'fast-string-width';
import type {Tokens} from 'marked';
import type {Paint} from '../paint.ts';
import {inlineText} from './inline.ts';
import {wrapBehind, wrapLines} from './wrap.ts';

const gap = '  ';

/** Columns narrower than this can't be read: the rows are laid out one below the other instead. */
const narrowest = 8;

/** A table with a rule below its head; columns that don't fit side by side are wrapped. */
export function tableLines(token: Tokens.Table, {width, paint}: {width: number; paint: Paint}): string[] {
  const rows = [token.header, ...token.rows].map(row => row.map(cell => inlineText(cell.tokens, paint)));
  const wanted = token.header.map((_, column) => Math.max(1, ...rows.map(row => widest(row[column] ?? ''))));
  const room = width - gap.length * (wanted.length - 1);
  const least = wanted.reduce((sum, columns) => sum + Math.min(columns, narrowest), 0);
  if (least > room) return stacked(rows, {width, paint});
  const widths = columnWidths(wanted, room);
  const [head = [], ...body] = rows.map(row => layRow(row, widths, token.align));
  return [
    ...head.map(line => paint.strong(line)),
    paint.quiet(widths.map(columns => '─'.repeat(columns)).join(gap)),
    ...body.flat(),
  ];
}

function widest(cell: string): number {
  return Math.max(...cell.split('\n').map(line => stringWidth(line)));
}

/** Takes what is too much from the widest columns. */
function columnWidths(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

function layRow(cells: readonly string[], widths: readonly number[], align: Tokens.Table['align']): string[] {
  const wrapped = widths.map((width, column) => wrapLines(cells[column] ?? '', width));
  const height = Math.max(...wrapped.map(lines => lines.length));
  return Array.from({length: height}, (_, line) =>
    widths
      .map((width, column) => {
        const text = wrapped[column]?.[line] ?? '';
        const room = Math.max(0, width - stringWidth(text));
        const before =
          align[column] === 'right' ? room : align[column] === 'center' ? Math.floor(room / 2) : 0;
        return ' '.repeat(before) + text + ' '.repeat(room - before);
      })
      .join(gap)
      .trimEnd(),
  );
}

/** Every row as a list of its cells, each behind the name of its column. */
function stacked(
  [head = [], ...body]: readonly string[][],
  options: {width: number; paint: Paint},
): string[] {
  const {width, paint} = options;
  return body.flatMap((row, index) => [
    ...(index > 0 ? [''] : []),
    ...row.flatMap((cell, column) =>
      wrapBehind('', 2, wrapLines(`${paint.strong(`${head[column]}:`)} ${cell}`, width - 2)),
    ),
  ]);
}
