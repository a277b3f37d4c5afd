import stringWidth from 'fast-string-width';
import {GraphemeSegmenter} from '../graphemes.ts';
import {begin, end, noStyles, type Styles, styleSequence, stylesAfter} from './styles.ts';

export interface WrapOptions {
  /** Columns; a single character that is wider stands alone. */
  width: number;
  /** Keeps the spaces that a line begins with. */
  indent: boolean;
}

/** What the cursor moves over at once. */
interface Cell {
  text: string;
  width: number;
  styles: Styles;
}

const printable = /^[\x20-\x7e]*$/;

/**
 * Lines of at most `width` columns, broken between words where that is possible and within them where it is not.
 * Styles (SGR sequences) stay, and each line is complete: it turns on what it needs and off what it turned on. The
 * work grows with the length of the text alone; other control characters must have been removed.
 */
export function wrapText(text: string, {width, indent}: WrapOptions): string[] {
  const columns = Math.max(1, width);
  let styles = noStyles;
  return text.split('\n').flatMap(line => {
    const plain = styles.size === 0 && line.length <= columns && printable.test(line);
    if (plain) return [indent ? line : line.trim()];
    const {cells, after} = cellsOf(line, styles);
    styles = after;
    return rowsOf(indent ? cells : trimmed(cells), columns).map(drawn);
  });
}

function cellsOf(line: string, before: Styles): {cells: readonly Cell[]; after: Styles} {
  const cells: Cell[] = [];
  let styles = before;
  let from = 0;
  const add = (text: string): void => {
    for (const segment of segmentsOf(text)) {
      const width = columnsOf(segment);
      cells.push({text: segment, width, styles});
    }
  };
  for (const match of line.matchAll(styleSequence)) {
    add(line.slice(from, match.index));
    styles = stylesAfter(styles, match[0]);
    from = match.index + match[0].length;
  }
  add(line.slice(from));
  return {cells, after: styles};
}

const segmenter = new GraphemeSegmenter();

/** What belongs together on the screen. */
function segmentsOf(text: string): Iterable<string> {
  if (printable.test(text)) return text;
  return Array.from(segmenter.segment(text), ({segment}) => segment);
}

const measured = new Map<string, number>();

/** Measuring is slow too, and texts are made of few different characters. */
function columnsOf(segment: string): number {
  if (segment.length === 1 && segment >= ' ' && segment <= '~') return 1;
  const known = measured.get(segment);
  if (known !== undefined) return known;
  if (measured.size > 5000) measured.clear();
  const width = stringWidth(segment);
  measured.set(segment, width);
  return width;
}

const isSpace = (cell: Cell | undefined): boolean => cell?.text === ' ';

function trimmed(cells: readonly Cell[]): readonly Cell[] {
  const from = cells.findIndex(cell => !isSpace(cell));
  const to = cells.findLastIndex(cell => !isSpace(cell));
  return from < 0 ? [] : cells.slice(from, to + 1);
}

function rowsOf(cells: readonly Cell[], columns: number): (readonly Cell[])[] {
  const rows: (readonly Cell[])[] = [];
  let from = 0;
  let width = 0;
  /** Where the row may be broken: behind a word, with the spaces that follow it. */
  let breakAt = 0;
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index] as Cell;
    if (isSpace(cell) && index > from && !isSpace(cells[index - 1])) breakAt = index;
    if (width + cell.width > columns && index > from) {
      const between = breakAt > from;
      const to = between ? breakAt : index;
      rows.push(cells.slice(from, to));
      from = to;
      if (between) while (isSpace(cells[from])) from += 1;
      breakAt = 0;
      width = 0;
      index = from - 1;
      continue;
    }
    width += cell.width;
  }
  if (from < cells.length || rows.length === 0) rows.push(cells.slice(from));
  return rows;
}

function drawn(row: readonly Cell[]): string {
  let text = '';
  let styles = noStyles;
  for (const cell of row) {
    if (cell.styles !== styles) text += end(styles) + begin(cell.styles);
    styles = cell.styles;
    text += cell.text;
  }
  return text + end(styles);
}
