import type {Key} from 'ink';
import {isLateAnswer} from '../pictures/terminal-answers.ts';
import type {KeyName, KeyPress} from '../screen/key-press.ts';

/**
 * Keys as ink reads them, in our own words. Keys that are typed faster than they are read arrive as one text; in a
 * line that stays together, since it may be pasted.
 */
export function toKeyPresses(input: string, key: Key, typing: boolean): readonly KeyPress[] {
  if (isLateAnswer(input)) return [];
  const name = nameOf(key);
  if (name) return [{input: '', name}];
  if (key.ctrl) return [{input, ctrl: true}];
  // Alt with a letter is not that letter, and what a terminal reports by itself is no key.
  if (key.meta || /^\[[\d;?<>=]*[A-Za-z~]$/.test(input)) return [];
  if (typing && !/\p{Cc}/u.test(input.replaceAll(/[\r\n]+(?=.)/g, ''))) return [{input}];
  if (!typing && isPasted(input)) return [{input: input.trim()}];
  return [...input].map(toKey);
}

/** Words: nobody types a letter, a space and more letters between two reads. */
function isPasted(input: string): boolean {
  return input.length >= 6 && /^\S.* .*\S\s*$/s.test(input) && !/[^\P{Cc}\r\n\t]/u.test(input);
}

function toKey(character: string): KeyPress {
  const name = characters[character];
  if (name) return {input: '', name};
  const code = character.charCodeAt(0);
  // Control keys are the letters less 96: Ctrl+A is 1.
  return code < 27 ? {input: String.fromCharCode(code + 96), ctrl: true} : {input: character};
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
