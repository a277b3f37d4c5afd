import {describe, expect, it} from 'vitest';
import {seededRandom} from '../../sandbox/clock.ts';
import type {KeyName, KeyPress} from './key-press.ts';
import {editLine, emptyLine, type Line} from './line-edit.ts';

/** A line with its cursor as `|`. */
function at(text: string): Line {
  const cursor = text.indexOf('|');
  return {text: text.replace('|', ''), cursor};
}

function shown({text, cursor}: Line): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

const ctrl = (input: string): KeyPress => ({input, ctrl: true});
const named = (name: KeyName): KeyPress => ({input: '', name});
const typed = (input: string): KeyPress => ({input});
const family = '👩‍👩‍👧‍👦';

describe('editing a line', () => {
  const table: readonly [string, KeyPress, string][] = [
    ['|', typed('a'), 'a|'],
    ['a|c', typed('b'), 'ab|c'],
    ['|', typed('日本'), '日本|'],
    ['a|b', named('left'), '|ab'],
    ['abc|', named('left'), 'ab|c'],
    ['|abc', named('right'), 'a|bc'],
    ['abc|', named('backspace'), 'ab|'],
    ['|ab', named('left'), '|ab'],
    ['a|b', named('right'), 'ab|'],
    ['ab|', named('right'), 'ab|'],
    ['ab|', named('home'), '|ab'],
    ['|ab', named('end'), 'ab|'],
    ['ab|', ctrl('a'), '|ab'],
    ['|ab', ctrl('e'), 'ab|'],
    ['a|b', named('backspace'), '|b'],
    ['|b', named('backspace'), '|b'],
    ['a|b', named('delete'), 'a|'],
    ['ab|', named('delete'), 'ab|'],
    ['ab|cd', ctrl('u'), '|cd'],
    ['ab|cd', ctrl('k'), 'ab|'],
    ['one two|', ctrl('w'), 'one |'],
    ['one two  |', ctrl('w'), 'one |'],
    ['one|', ctrl('w'), '|'],
    ['|', ctrl('w'), '|'],
    ['one tw|o', ctrl('w'), 'one |o'],
    // What is one character to a reader is one to the cursor.
    [`a${family}|`, named('left'), `a|${family}`],
    [`a|${family}b`, named('right'), `a${family}|b`],
    [`a${family}|`, named('backspace'), 'a|'],
    [`|${family}a`, named('delete'), '|a'],
    ['e\u0301|', named('backspace'), '|'],
    ['👍🏽|', named('backspace'), '|'],
    ['🇩🇪🇰🇷|', named('backspace'), '🇩🇪|'],
    ['a👍|', named('left'), 'a|👍'],
    // Pasted lines become one, and nothing gets in that a terminal would act upon.
    ['|', typed('a\nb\r\nc'), 'a b c|'],
    ['|', typed('get \\\n    pods \\\r  -A'), 'get pods -A|'],
    ['|', typed('a\tb'), 'a b|'],
    ['|', typed('a\u001b[31mb\u0007'), 'a[31mb|'],
  ];

  it.each(table)('%j, %j: %j', (before, key, after) => {
    expect(shown(editLine(at(before), key) as Line)).toBe(after);
  });

  it.each([ctrl('x'), ctrl('c'), named('tab'), named('up'), named('escape'), typed(''), typed('\u0007')])(
    'knows nothing of %j',
    key => {
      expect(editLine(at('a|b'), key)).toBeUndefined();
    },
  );

  it('keeps the cursor between two characters, whatever is pressed', () => {
    const random = seededRandom(7);
    const keys: readonly KeyPress[] = [
      ...(['left', 'right', 'home', 'end', 'backspace', 'delete'] as const).map(named),
      ...['a', 'e', 'u', 'k', 'w'].map(ctrl),
      ...['a', ' ', 'ä', 'e\u0301', '日', '👍🏽', family, 'two words'].map(typed),
      ...['b', '🇩🇪', '-n'].map(typed),
    ];
    const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
    let line = emptyLine;
    for (let step = 0; step < 3000; step += 1) {
      const key = keys[Math.floor(random() * keys.length)] as KeyPress;
      line = editLine(line, key) ?? line;
      const places = [
        0,
        ...Array.from(segmenter.segment(line.text), ({index, segment}) => index + segment.length),
      ];
      expect(places).toContain(line.cursor);
    }
  });
});
