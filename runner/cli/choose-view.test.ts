import {describe, expect, it} from 'vitest';
import {chooseView} from './choose-view.ts';

const terminal = {stdinIsTty: true, stdoutIsTty: true, env: {TERM: 'xterm-256color'}};

describe('chooseView', () => {
  it.each([
    ['a person at a terminal', terminal, 'ink', true],
    ['output into a pipe', {...terminal, stdoutIsTty: false}, 'plain', false],
    ['input that is no terminal', {...terminal, stdinIsTty: false}, 'plain', true],
    ['a terminal that can not draw', {...terminal, env: {TERM: 'dumb'}}, 'plain', false],
    ['CI', {...terminal, env: {CI: 'true'}}, 'plain', true],
    ['CI that is set and empty, which ink takes for CI too', {...terminal, env: {CI: ''}}, 'plain', true],
    ['CI that is switched off', {...terminal, env: {CI: 'false'}}, 'ink', true],
    ['NO_COLOR', {...terminal, env: {NO_COLOR: '1'}}, 'ink', false],
    ['NO_COLOR that is empty, which does not count', {...terminal, env: {NO_COLOR: ''}}, 'ink', true],
    ['--no-color', {...terminal, color: false}, 'ink', false],
    ['--plain', {...terminal, plain: true}, 'plain', true],
    ['--json', {...terminal, json: true}, 'json', false],
    ['a command without a screen', {...terminal, headless: true}, 'plain', true],
  ] as const)('%s', (_, options, view, colour) => {
    expect(chooseView(options)).toEqual({view, colour});
  });
});
