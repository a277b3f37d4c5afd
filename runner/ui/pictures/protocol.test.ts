import {describe, expect, it} from 'vitest';
import {detectProtocol, protocolOf} from './protocol.ts';
import type {TerminalAnswers} from './terminal-answers.ts';

const xterm = {TERM: 'xterm-256color'};
const screen = {TERM: 'screen-256color'};

describe('the protocol of a terminal', () => {
  it.each<[string, Record<string, string>, string]>([
    ['kitty', {TERM: 'xterm-kitty', KITTY_WINDOW_ID: '1'}, 'kitty'],
    ['Ghostty', {TERM: 'xterm-ghostty', TERM_PROGRAM: 'ghostty'}, 'kitty'],
    ['Ghostty with a usual TERM', {...xterm, TERM_PROGRAM: 'ghostty'}, 'kitty'],
    ['iTerm2', {...xterm, TERM_PROGRAM: 'iTerm.app'}, 'iterm2'],
    ['iTerm2 over SSH', {...xterm, LC_TERMINAL: 'iTerm2', SSH_TTY: '/dev/pts/0'}, 'iterm2'],
    ['WezTerm', {...xterm, TERM_PROGRAM: 'WezTerm'}, 'iterm2'],
    ['another terminal that was opened from kitty', {...xterm, KITTY_WINDOW_ID: '1'}, 'ask'],
    ['VS Code, where a setting decides', {...xterm, TERM_PROGRAM: 'vscode'}, 'ask'],
    ['Windows Terminal', {...xterm, WT_SESSION: 'x'}, 'ask'],
    ['foot', {TERM: 'foot'}, 'ask'],
    ['xterm', xterm, 'ask'],
    ['tmux in kitty', {...screen, TMUX: '/tmp/t,1,0', KITTY_WINDOW_ID: '1'}, 'ask, not as kitty'],
    [
      'tmux in iTerm2',
      {TERM: 'tmux-256color', TMUX: '/tmp/t,1,0', LC_TERMINAL: 'iTerm2'},
      'ask, not as kitty',
    ],
    ['tmux over SSH', {TERM: 'tmux-256color'}, 'ask, not as kitty'],
    ['GNU screen', {...screen, STY: '1.pts'}, 'never'],
    ['GNU screen in iTerm2', {...screen, STY: '1.pts', LC_TERMINAL: 'iTerm2'}, 'never'],
    ['GNU screen over SSH', screen, 'never'],
    ["macOS' Terminal", {...xterm, TERM_PROGRAM: 'Apple_Terminal'}, 'never'],
    ['the console of Linux', {TERM: 'linux'}, 'never'],
    ['Emacs', {...xterm, INSIDE_EMACS: '30.1,comint'}, 'never'],
    ['a dumb terminal', {TERM: 'dumb', ISTIO_WORKSHOP_PICTURES: 'kitty'}, 'never'],
    ['no TERM', {}, 'never'],
    ['switched off', {TERM: 'xterm-kitty', ISTIO_WORKSHOP_PICTURES: 'off'}, 'never'],
    ['told to be sixel', {TERM: 'xterm-kitty', ISTIO_WORKSHOP_PICTURES: 'sixel'}, 'sixel'],
    ['told to be kitty in tmux', {...screen, TMUX: 'x', ISTIO_WORKSHOP_PICTURES: 'kitty'}, 'kitty'],
    ['told nothing', {...xterm, ISTIO_WORKSHOP_PICTURES: ''}, 'ask'],
  ])('of %s', (_name, env, expected) => {
    const detected = detectProtocol({env, isTerminal: true});
    const said =
      detected.kind === 'draws'
        ? detected.protocol
        : detected.kind === 'ask' && !detected.kitty
          ? 'ask, not as kitty'
          : detected.kind;
    expect(said).toBe(expected);
  });

  it('is never asked for where there is no terminal', () => {
    expect(detectProtocol({env: {TERM: 'xterm-kitty'}, isTerminal: false}).kind).toBe('never');
  });

  it('refuses a setting that it does not know', () => {
    const env = {...xterm, ISTIO_WORKSHOP_PICTURES: 'jpeg'};
    expect(() => detectProtocol({env, isTerminal: true})).toThrow(
      'ISTIO_WORKSHOP_PICTURES is "jpeg"; it takes kitty, iterm2, sixel or off.',
    );
  });

  it.each<[TerminalAnswers, string | undefined]>([
    [{kitty: true, attributes: [62, 4]}, 'kitty'],
    [{kitty: false, attributes: [62, 4, 22]}, 'sixel'],
    [{attributes: [4]}, 'sixel'],
    [{attributes: [64, 1, 2, 14, 24]}, undefined],
    [{attributes: []}, undefined],
    [{}, undefined],
  ])('after it answered %j', (answers, expected) => {
    expect(protocolOf(answers)).toBe(expected);
  });
});
