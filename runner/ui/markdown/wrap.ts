import {wrapText} from '../text/wrap-text.ts';

/** Lines of at most `width` columns; words that are longer are cut. */
export function wrapLines(text: string, width: number): string[] {
  return wrapText(text, {width, indent: false});
}

/** The same for text whose indentation says something: code, and what a command printed. */
export function wrapCode(text: string, width: number): string[] {
  return wrapText(text, {width, indent: true});
}

/** Wraps with one mark before the first line and as much room before the others. */
export function wrapBehind(mark: string, markWidth: number, lines: readonly string[]): string[] {
  const room = ' '.repeat(markWidth);
  return lines.map((line, index) => (index === 0 ? mark : line === '' ? '' : room) + line);
}
