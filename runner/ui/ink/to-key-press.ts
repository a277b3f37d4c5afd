import type {Key} from 'ink';
import type {KeyName, KeyPress} from '../screen/key-press.ts';

/** A key as ink reads it, in our own words. */
export function toKeyPress(input: string, key: Key): KeyPress {
  const name = nameOf(key);
  if (name) return {input: '', name};
  return {input, ...(key.ctrl ? {ctrl: true} : {})};
}

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
