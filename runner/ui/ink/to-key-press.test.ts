import type {Key} from 'ink';
import {describe, expect, it} from 'vitest';
import type {KeyPress} from '../screen/key-press.ts';
import {toKeyPresses} from './to-key-press.ts';

const nothing = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
} as Key;

function read(input: string, key: Partial<Key> = {}, typing = false): readonly KeyPress[] {
  return toKeyPresses(input, {...nothing, ...key}, typing);
}

describe('keys as the terminal sends them', () => {
  it.each([
    [{return: true}, 'return'],
    [{escape: true, meta: true}, 'escape'],
    [{tab: true}, 'tab'],
    [{backspace: true}, 'backspace'],
    // DEL, which is what the key to the left of a character sends.
    [{delete: true}, 'backspace'],
    [{upArrow: true}, 'up'],
    [{downArrow: true}, 'down'],
    [{leftArrow: true}, 'left'],
    [{rightArrow: true}, 'right'],
    [{pageUp: true}, 'page-up'],
    [{pageDown: true}, 'page-down'],
    [{home: true}, 'home'],
    [{end: true}, 'end'],
  ] as const)('%j is %s', (key, name) => {
    expect(read('', key)).toEqual([{input: '', name}]);
  });

  it('are one key each, also when several are read at once', () => {
    expect(read('q')).toEqual([{input: 'q'}]);
    expect(read('sy')).toEqual([{input: 's'}, {input: 'y'}]);
    expect(read('x\u0003')).toEqual([{input: 'x'}, {input: 'c', ctrl: true}]);
    expect(read('\r\n')).toEqual([
      {input: '', name: 'return'},
      {input: '', name: 'return'},
    ]);
    expect(read('    ')).toHaveLength(4);
    expect(read('c', {ctrl: true})).toEqual([{input: 'c', ctrl: true}]);
    expect(read('')).toEqual([]);
  });

  it('are none when Alt is held, or when the terminal reports something', () => {
    expect(read('q', {meta: true})).toEqual([]);
    for (const report of ['[I', '[O', '[?1;2c', '[24;80R', '[5;3~']) expect(read(report)).toEqual([]);
  });

  it('are no keys when a command was pasted', () => {
    expect(read('kubectl get pods -n bookinfo')).toEqual([{input: 'kubectl get pods -n bookinfo'}]);
    expect(read('kubectl get pods\n')).toEqual([{input: 'kubectl get pods'}]);
    expect(read('kubectl get \\\n  pods')).toEqual([{input: 'kubectl get \\\n  pods'}]);
  });
});

describe('text for a line', () => {
  it('stays together', () => {
    expect(read('kubectl get', {}, true)).toEqual([{input: 'kubectl get'}]);
    expect(read('one\ntwo', {}, true)).toEqual([{input: 'one\ntwo'}]);
    expect(read('👩‍👩‍👧‍👦', {}, true)).toEqual([{input: '👩‍👩‍👧‍👦'}]);
  });

  it('is taken apart where keys are among it', () => {
    expect(read('ls\r', {}, true)).toEqual([{input: 'l'}, {input: 's'}, {input: '', name: 'return'}]);
    expect(read('\u0015l', {}, true)).toEqual([{input: 'u', ctrl: true}, {input: 'l'}]);
    expect(read('k\t', {}, true)).toEqual([{input: 'k'}, {input: '', name: 'tab'}]);
  });
});
