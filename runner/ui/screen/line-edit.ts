import {GraphemeSegmenter} from '../graphemes.ts';
import {withoutControls} from '../text/clean-text.ts';
import type {KeyPress} from './key-press.ts';

/** A line that is being typed. */
export interface Line {
  text: string;
  /** Where the next character goes, in UTF-16 units. */
  cursor: number;
}

export const emptyLine: Line = {text: '', cursor: 0};

/** The line after a key, as readline edits it; undefined when the key means nothing to a line. */
export function editLine(line: Line, key: KeyPress): Line | undefined {
  const {text, cursor} = line;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  const cut = (start: number): Line => ({text: text.slice(0, start) + after, cursor: start});
  if (key.ctrl) {
    switch (key.input) {
      case 'a':
        return {text, cursor: 0};
      case 'e':
        return {text, cursor: text.length};
      case 'u':
        return cut(0);
      case 'k':
        return {text: before, cursor};
      case 'w':
        return cut(before.search(/\S*\s*$/));
      default:
        return undefined;
    }
  }
  switch (key.name) {
    case 'left':
      return {text, cursor: cursor - lastLength(before)};
    case 'right':
      return {text, cursor: cursor + firstLength(after)};
    case 'home':
      return {text, cursor: 0};
    case 'end':
      return {text, cursor: text.length};
    case 'backspace':
      return cut(cursor - lastLength(before));
    case 'delete':
      return {text: before + after.slice(firstLength(after)), cursor};
    case undefined: {
      // Pasted lines become one: a command is one line here, also when it was written on several.
      const joined = key.input.replaceAll(/\\(?:\r\n?|\n)[ \t]*/g, '').replaceAll(/[\r\n\t]+/g, ' ');
      const typed = withoutControls(joined);
      return typed === '' ? undefined : {text: before + typed + after, cursor: cursor + typed.length};
    }
    default:
      return undefined;
  }
}

const segmenter = new GraphemeSegmenter();

function segments(text: string): readonly string[] {
  return [...segmenter.segment(text)].map(({segment}) => segment);
}

function firstLength(text: string): number {
  return segments(text)[0]?.length ?? 0;
}

function lastLength(text: string): number {
  return segments(text).at(-1)?.length ?? 0;
}
