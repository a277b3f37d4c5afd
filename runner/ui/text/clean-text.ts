import stringWidth from 'fast-string-width';
import {mapTexts} from '../../map-texts.ts';

/** Characters that a terminal acts upon, and those that make it show text in another order than it has (UAX #9). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what goes
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text without the characters that a terminal acts upon, other than line feeds and tabs. */
export function withoutControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(controls, '');
}

/**
 * Data whose texts all went through {@link withoutControls}, at any depth: done before something is painted, so that
 * the styles that are put around it stay.
 */
export function cleanData<T>(value: T): T {
  return mapTexts(value, {text: withoutControls, name: withoutControls});
}

/** Tabs as an arrow and spaces: where it matters that they are no spaces. */
export function visibleTabs(text: string): string {
  return expandTabs(text, '→');
}

/**
 * Tabs as spaces up to the next of the terminal's stops, which are 8 columns apart.
 * @param mark what stands in the first of these columns.
 */
export function expandTabs(text: string, mark = ' '): string {
  if (!text.includes('\t')) return text;
  return text
    .split('\n')
    .map(line => {
      let column = 0;
      return line.replaceAll(/\t|[^\t]+/g, part => {
        const shown = part === '\t' ? mark + ' '.repeat(7 - (column % 8)) : part;
        column += part === '\t' ? shown.length : stringWidth(part);
        return shown;
      });
    })
    .join('\n');
}
