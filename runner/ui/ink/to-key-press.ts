import type {Key} from 'ink';
import type {KeyName, KeyPress} from '../screen/key-press.ts';

/**
 * Keys as ink reads them, in our own words. Keys that are typed faster than they are read arrive as one text; in a
 * line that stays together, since it may be pasted.
 */
export function toKeyPresses(input: string, key: Key, typing: boolean): readonly KeyPress[] {
  const name = nameOf(key);
  if (name) return [{input: '', name}];
  if (key.ctrl) return [{input, ctrl: true}];
  if (typing && !/^[\r\n\t\u007f]$|[\r\n]$/.test(input)) return [{input}];
  return [...input].map(character => {
    const special = characters[character];
    return special ? {input: '', name: special} : {input: character};
  });
}

const characters: Readonly<Record<string, KeyName>> = {
  '\r': 'return',
  // Enter that was typed before the terminal was ours.
  '\n': 'return',
  '\t': 'tab',
  '\u007f': 'backspace',
};

function nameOf(key: Key): KeyName | undefined {
  if (key.return) return 'return';
  if (key.escape) return 'escape';
  if (key.tab) return 'tab';
  // Terminals send DEL for the key that deletes to the left, which ink calls delete.
  if (key.backspace || key.delete) return 'backspace';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'page-up';
  if (key.pageDown) return 'page-down';
  if (key.home) return 'home';
  if (key.end) return 'end';
  return undefined;
}
