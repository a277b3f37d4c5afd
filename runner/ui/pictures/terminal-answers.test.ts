import {describe, expect, it} from 'vitest';
import {isLateAnswer, readAnswers, terminalQuestions} from './terminal-answers.ts';

const esc = '\u001b';

describe('the answers of a terminal', () => {
  // As these terminals gave them.
  it.each([
    [
      'kitty 0.26',
      `${esc}_Gi=31;OK${esc}\\${esc}[6;20;9t${esc}[?62;c`,
      {kitty: true, cell: {width: 9, height: 20}, attributes: [62]},
    ],
    [
      'mlterm 3.9',
      `${esc}[6;22;10t${esc}[?1;0;1024S${esc}[?1;3;0S${esc}[?63;1;2;3;4;6;7;15;18;22;29c`,
      {cell: {width: 10, height: 22}, colours: 1024, attributes: [63, 1, 2, 3, 4, 6, 7, 15, 18, 22, 29]},
    ],
    [
      'xterm 379 as a VT340',
      `${esc}[?1;0;1024S${esc}[?2;0;480;312S${esc}[?63;1;2;4;6;9;15;16;22;28c`,
      {
        colours: 1024,
        area: {width: 480, height: 312},
        attributes: [63, 1, 2, 4, 6, 9, 15, 16, 22, 28],
      },
    ],
    [
      'xterm 379',
      `${esc}[?1;3S${esc}[?2;3S${esc}[?64;1;2;6;9;15;16;17;18;21;22;28c`,
      {attributes: [64, 1, 2, 6, 9, 15, 16, 17, 18, 21, 22, 28]},
    ],
    ['one without graphics', `${esc}[?1;2c`, {attributes: [1, 2]}],
    [
      'a refusal of kitty',
      `${esc}_Gi=31;ENOTSUPPORTED${esc}\\${esc}[?1;2c`,
      {kitty: false, attributes: [1, 2]},
    ],
    ['silence', '', {}],
  ])('of %s', (_name, received, expected) => {
    const {answers, typed} = readAnswers(received);
    expect(answers).toEqual(expected);
    expect(typed).toBe('');
  });

  it.each([
    ['before', `q${esc}[?62;4c`, 'q'],
    ['between', `${esc}[6;20;9ta${esc}[A${esc}[?62;4c`, `a${esc}[A`],
    ['behind', `${esc}[?62;4c${esc}`, esc],
    ['instead of', 'abc', 'abc'],
  ])('leave the keys that were typed %s them', (_name, received, typed) => {
    expect(readAnswers(received).typed).toBe(typed);
  });

  it('are not complete before the last one', () => {
    expect(readAnswers(`${esc}[6;20;9t${esc}[?62;`).answers.attributes).toBeUndefined();
  });

  it('are asked for with the one that every terminal answers last, and kitty only where it may be', () => {
    expect(terminalQuestions({kitty: true})).toMatch(/_Gi=31.*\[c$/s);
    expect(terminalQuestions({kitty: false})).not.toContain('_G');
  });

  it.each([
    ['[?62;4;22c', true],
    ['[6;20;9t', true],
    ['[?1;0;256S', true],
    ['_Gi=31;OK', true],
    ['Gi=31;OK', true],
    ['c', false],
    ['[', false],
    ['kubectl get pods', false],
    ['', false],
  ])('are known when they come late: %j', (input, late) => {
    expect(isLateAnswer(input)).toBe(late);
  });
});
