import {describe, expect, it} from 'vitest';
import {expectFits, plain, styledCharacters} from '../testing/lines.ts';
import {expandTabs, withoutControls} from './clean-text.ts';
import {noStyles, stylesAfter} from './styles.ts';
import {wrapText} from './wrap-text.ts';

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

describe('wrapText', () => {
  const table: readonly [string, string, number, boolean, readonly string[]][] = [
    ['nothing', '', 10, false, ['']],
    ['spaces', '     ', 3, false, ['']],
    ['what fits', 'one two', 7, false, ['one two']],
    ['words', 'one two three', 7, false, ['one two', 'three']],
    ['several spaces between words', 'one   two', 5, false, ['one', 'two']],
    ['a word of exactly the width', 'abcde fg', 5, false, ['abcde', 'fg']],
    ['a long word', 'abcdefgh', 3, false, ['abc', 'def', 'gh']],
    ['a long word behind a short one', 'a bcdefgh', 4, false, ['a', 'bcde', 'fgh']],
    ['lines', 'a\n\nb', 10, false, ['a', '', 'b']],
    ['indentation, dropped', '  one two', 7, false, ['one two']],
    ['indentation, kept', '  one two', 7, true, ['  one', 'two']],
    ['indentation before a long word', '    abcdefgh', 6, true, ['    ab', 'cdefgh']],
    ['wide characters', '日本語', 4, false, ['日本', '語']],
    ['a wide character that does not fit any more', 'a日本', 4, false, ['a日', '本']],
    ['a wide character in a narrow column', '日本', 1, false, ['日', '本']],
    ['joined emoji', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2, false, ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦']],
    ['flags', '🇩🇪🇰🇷', 3, false, ['🇩🇪', '🇰🇷']],
    ['combining marks', 'e\u0301e\u0301e\u0301', 2, false, ['e\u0301e\u0301', 'e\u0301']],
    ['no width at all', 'ab', 0, false, ['a', 'b']],
  ];

  it.each(table)('%s', (_, text, width, indent, lines) => {
    expect(wrapText(text, {width, indent})).toEqual(lines);
  });

  it('gives every line its own styles, also when several lie over each other', () => {
    const lines = wrapText(bold(`one ${red('two three')} four`), {width: 7, indent: false});
    expect(lines.map(plain)).toEqual(['one two', 'three', 'four']);
    expectFits(lines, 7);
    expect(styledCharacters(lines[1] ?? '')).toEqual([...'three'].map(character => `${character}1,31`));
    expect(styledCharacters(lines[2] ?? '')).toEqual([...'four'].map(character => `${character}1`));
  });

  it('carries a style over line feeds', () => {
    const lines = wrapText(red('one\ntwo'), {width: 10, indent: true});
    expect(lines).toEqual([red('one'), red('two')]);
  });

  it('ends only its own styles, so that one around it goes on', () => {
    expect(wrapText(red('a b'), {width: 1, indent: false}).join('')).not.toContain('\u001b[0m');
  });

  it('drops a style that nothing stands in', () => {
    expect(wrapText(`a${red('')}b`, {width: 9, indent: false})).toEqual(['ab']);
  });

  it('loses no character but the spaces between words, at any width', () => {
    const text = `${bold('kubectl')} apply -n ${red('bookinfo')} -f ${'x'.repeat(40)} 日本語 👍🏽 ende`;
    for (let width = 2; width < 90; width += 1) {
      const lines = wrapText(text, {width, indent: false});
      expectFits(lines, width);
      expect(lines.map(plain).join('').replaceAll(' ', '')).toBe(plain(text).replaceAll(' ', ''));
    }
  });

  it('wraps a line of 200 kB into as many lines as it takes', () => {
    expect(wrapText('x'.repeat(200_000), {width: 80, indent: true})).toHaveLength(2500);
    expect(wrapText('lorem ipsum '.repeat(17_000), {width: 24, indent: false})).toHaveLength(8500);
  });
});

describe('stylesAfter', () => {
  it.each([
    ['\u001b[31m', {39: '31'}],
    ['\u001b[1;31m', {22: '1', 39: '31'}],
    ['\u001b[38;5;208m', {39: '38;5;208'}],
    ['\u001b[38;2;1;2;3;4m', {39: '38;2;1;2;3', 24: '4'}],
    ['\u001b[38:2::1:2:3m', {39: '38:2::1:2:3'}],
    ['\u001b[91;101m', {39: '91', 49: '101'}],
    ['\u001b[1;2m', {22: '1;2'}],
    ['\u001b[1;22m', {}],
    ['\u001b[31;0m', {}],
    ['\u001b[m', {}],
    ['\u001b[31;39m', {}],
  ])('%j turns on %j', (sequence, on) => {
    expect(Object.fromEntries(stylesAfter(noStyles, sequence))).toEqual(on);
  });
});

describe('clean text', () => {
  it('has no control characters but line feeds and tabs', () => {
    expect(withoutControls('a\r\nb\tc\u001b[31m\u0007\u009b\u007f\u000bd')).toBe('a\nb\tc[31md');
  });

  it.each([
    ['\ta', '        a'],
    ['ab\tc', 'ab      c'],
    ['12345678\tx', '12345678        x'],
    ['日\tx', '日      x'],
    ['a\n\tb', 'a\n        b'],
    [red('ab\tc'), red('ab      c')],
  ])('%j is shown as %j', (text, shown) => {
    expect(expandTabs(text)).toBe(shown);
  });
});
