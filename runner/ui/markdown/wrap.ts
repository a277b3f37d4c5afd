import wrapAnsi from 'wrap-ansi';

/** Lines of at most `width` columns; words that are longer are cut. */
export function wrapLines(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(1, width), {hard: true, trim: true}).split('\n');
}

/** Wraps with one mark before the first line and as much room before the others. */
export function wrapBehind(mark: string, markWidth: number, lines: readonly string[]): string[] {
  const room = ' '.repeat(markWidth);
  return lines.map((line, index) => (index === 0 ? mark : line === '' ? '' : room) + line);
}
