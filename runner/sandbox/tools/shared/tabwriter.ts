/**
 * Lays out text whose cells end in tabs, as Go's text/tabwriter does: a column is a run of lines that have that
 * cell, as wide as its widest cell plus `padding`. What follows a line's last tab is left alone.
 */
export function tabulate(text: string, options: {padding: number; minWidth?: number}): string {
  const {padding, minWidth = 0} = options;
  const lines = text.split('\n').map(line => line.split('\t'));
  const out: string[] = [];
  const widths: number[] = [];
  const print = (from: number, to: number) => {
    for (const line of lines.slice(from, to)) {
      out.push(
        line.map((cell, index) => (index < widths.length ? cell.padEnd(widths[index] ?? 0) : cell)).join(''),
      );
    }
  };
  const format = (start: number, end: number) => {
    const column = widths.length;
    let from = start;
    for (let at = start; at < end; at++) {
      if (column >= (lines[at]?.length ?? 0) - 1) continue;
      print(from, at);
      from = at;
      let width = minWidth;
      for (; at < end && column < (lines[at]?.length ?? 0) - 1; at++) {
        width = Math.max(width, [...(lines[at]?.[column] ?? '')].length + padding);
      }
      widths.push(width);
      format(from, at);
      widths.pop();
      from = at;
      at--;
    }
    print(from, end);
  };
  format(0, lines.length);
  return out.join('\n');
}
