import stringWidth from 'fast-string-width';
import {wrapBehind, wrapLines} from '../markdown/wrap.ts';
import type {Paint} from '../paint.ts';
import type {Model} from '../view-model.ts';
import {type KeyBinding, keyTable} from './keys.ts';

export interface HelpOptions {
  width: number;
  /** Lines that there are; a help that needs more loses words, never a key. */
  rows: number;
  paint: Paint;
}

/** What has a line; Ctrl+Z is known from every shell, and the help from being open. */
const listed = keyTable.filter(({command}) => command !== 'suspend' && command !== 'more');

const gap = '   ';

/** Narrower sentences than this are hard to read side by side. */
const columnWidth = 50;

/**
 * All keys with what they do, those that do nothing now faint. Whole sentences where they fit, in two columns where
 * the window is wide; where it is small, the word of the footer for each key.
 */
export function helpLines(model: Model, options: HelpOptions): string[] {
  const {width, rows, paint} = options;
  const last = [
    ...wrapLines(`↑ ↓ PgUp PgDn Home End Space scroll. Your files: ${model.workFolder}`, width),
    paint.quiet('any key goes back, ? opens it, Ctrl+Z puts the app aside'),
  ];
  const room = Math.max(1, rows - last.length);
  const layouts = [
    () => sentences(model, listed, options),
    () => inColumns(model, 2, options, sentences),
    () => inColumns(model, 2, options, words),
    () => inColumns(model, 3, options, words),
  ];
  // Two columns read better than long lines, and one better than two short ones.
  const ordered =
    width >= 2 * columnWidth + gap.length ? [layouts[1], layouts[0], layouts[2], layouts[3]] : layouts;
  let lines: string[] = [];
  for (const layout of ordered) {
    lines = layout?.() ?? lines;
    if (lines.length <= room) break;
  }
  return [...lines, ...last];
}

type Lay = (model: Model, keys: readonly KeyBinding[], options: HelpOptions) => string[];

const keyColumns = Math.max(...listed.map(({shown}) => stringWidth(shown))) + 1;

const sentences: Lay = (model, keys, {width, paint}) =>
  keys.flatMap(binding => {
    const style = binding.works(model) ? (line: string) => line : paint.quiet;
    const lines = wrapLines(binding.help, width - keyColumns).map(style);
    return wrapBehind(label(binding, model, paint), keyColumns, lines);
  });

const words: Lay = (model, keys, {paint}) =>
  keys.map(binding => {
    const works = binding.works(model);
    // What Enter does is said for the moment; in general it goes on.
    const word = binding.command === 'advance' && !works ? 'go on' : binding.word(model);
    return label(binding, model, paint) + (works ? word : paint.quiet(word));
  });

function label(binding: KeyBinding, model: Model, paint: Paint): string {
  const {shown} = binding;
  return (
    (binding.works(model) ? paint.key(shown) : paint.quiet(shown)) +
    ' '.repeat(keyColumns - stringWidth(shown))
  );
}

/** The keys from top to bottom, column by column. */
function inColumns(model: Model, count: number, options: HelpOptions, lay: Lay): string[] {
  const width = Math.floor((options.width - gap.length * (count - 1)) / count);
  const each = Math.ceil(listed.length / count);
  const columns = Array.from({length: count}, (_, index) =>
    lay(model, listed.slice(index * each, (index + 1) * each), {...options, width}),
  );
  const height = Math.max(...columns.map(({length}) => length));
  return Array.from({length: height}, (_, row) =>
    columns
      .map(lines => (lines[row] ?? '') + ' '.repeat(Math.max(0, width - stringWidth(lines[row] ?? ''))))
      .join(gap)
      .trimEnd(),
  );
}
