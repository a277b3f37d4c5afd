import stringWidth from 'fast-string-width';
import type {Tokens} from 'marked';
import type {Paint} from '../paint.ts';
import {inlineText} from './inline.ts';
import {wrapLines} from './wrap.ts';

const gap = '  ';

/** A table with a rule below its head; columns that don't fit side by side are wrapped. */
export function tableLines(token: Tokens.Table, {width, paint}: {width: number; paint: Paint}): string[] {
  const rows = [token.header, ...token.rows].map(row => row.map(cell => inlineText(cell.tokens, paint)));
  const widths = columnWidths(
    token.header.map((_, column) => Math.max(...rows.map(row => stringWidth(row[column] ?? '')))),
    width - gap.length * (token.header.length - 1),
  );
  const [head = [], ...body] = rows.map(row => layRow(row, widths, token.align));
  return [
    ...head.map(line => paint.strong(line)),
    paint.quiet(widths.map(columns => '─'.repeat(columns)).join(gap)),
    ...body.flat(),
  ];
}

/** Takes what is too much from the widest columns. */
function columnWidths(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  while (widths.reduce((sum, width) => sum + width, 0) > Math.max(room, widths.length)) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths.map(width => Math.max(1, width));
}

function layRow(cells: readonly string[], widths: readonly number[], align: Tokens.Table['align']): string[] {
  const wrapped = widths.map((width, column) => wrapLines(cells[column] ?? '', width));
  const height = Math.max(...wrapped.map(lines => lines.length));
  return Array.from({length: height}, (_, line) =>
    widths
      .map((width, column) => {
        const text = wrapped[column]?.[line] ?? '';
        const room = ' '.repeat(Math.max(0, width - stringWidth(text)));
        return align[column] === 'right' ? room + text : text + room;
      })
      .join(gap)
      .trimEnd(),
  );
}
