import {exitCodes, WorkshopError} from '../../errors.ts';
import type {TerminalAnswers} from './terminal-answers.ts';

/** How a terminal is told to draw a picture between its lines. */
export type Protocol = 'kitty' | 'iterm2' | 'sixel';

/** What the environment says; `ask` means that only the terminal itself knows. */
export type Detected =
  | {kind: 'draws'; protocol: Protocol}
  | {kind: 'ask'; kitty: boolean}
  | {kind: 'never'; reason: string};

export const picturesVariable = 'ISTIO_WORKSHOP_PICTURES';
const settings: readonly string[] = ['kitty', 'iterm2', 'sixel', 'off'];

/**
 * Which protocol a terminal of this environment draws with. Known are those that name themselves and have drawn for
 * years; others are asked, but only where the question itself is known to leave nothing on the screen: GNU screen and
 * macOS' Terminal show parts of it, and tmux takes kitty's question for the title of the pane.
 *
 * @throws WorkshopError `bad-pictures-setting` when ISTIO_WORKSHOP_PICTURES is something else than it takes.
 */
export function detectProtocol(options: {
  env: Readonly<Record<string, string | undefined>>;
  isTerminal: boolean;
}): Detected {
  const {env, isTerminal} = options;
  const {TERM: term = '', TERM_PROGRAM: program = ''} = env;
  const setting = env[picturesVariable] ?? '';
  if (setting !== '' && !settings.includes(setting)) throw badSetting(setting);
  if (!isTerminal || term === '' || term === 'dumb') return never('not on a terminal that can draw');
  if (setting === 'off') return never(`${picturesVariable} is off`);
  if (setting !== '') return {kind: 'draws', protocol: setting as Protocol};
  if (env['TMUX'] || term.startsWith('tmux')) return {kind: 'ask', kitty: false};
  if (env['STY'] || term.startsWith('screen')) return never('GNU screen does not pass pictures on');
  if (env['INSIDE_EMACS'] || program === 'Apple_Terminal' || /^(linux|eterm|vt\d)/.test(term))
    return never('this terminal does not draw pictures');
  if (term === 'xterm-kitty' || term === 'xterm-ghostty' || program === 'ghostty')
    return {kind: 'draws', protocol: 'kitty'};
  if (program === 'iTerm.app' || program === 'WezTerm' || env['LC_TERMINAL'] === 'iTerm2')
    return {kind: 'draws', protocol: 'iterm2'};
  return {kind: 'ask', kitty: true};
}

/** Which protocol a terminal has said to know; sixel is attribute 4 of its device attributes. */
export function protocolOf({kitty, attributes}: TerminalAnswers): Protocol | undefined {
  if (kitty) return 'kitty';
  return attributes?.includes(4) ? 'sixel' : undefined;
}

function never(reason: string): Detected {
  return {kind: 'never', reason};
}

function badSetting(setting: string): WorkshopError {
  return new WorkshopError({
    code: 'bad-pictures-setting',
    message: `${picturesVariable} is "${setting}"; it takes ${settings.slice(0, -1).join(', ')} or off.`,
    remedies: [`unset ${picturesVariable}`],
    exitCode: exitCodes.usage,
  });
}
