import {pathToFileURL} from 'node:url';
import type {ReviewsPicture} from '../../checks/result.ts';
import type {Paint} from '../paint.ts';

/** `jason  black stars, reviews v2`. */
export function captionOf({visitor, stars, version}: ReviewsPicture, paint: Paint): string {
  const seen = {
    none: 'no stars',
    black: paint.stars('black stars', 'black'),
    red: paint.stars('red stars', 'red'),
    unavailable: paint.bad('not told from the stars'),
  }[stars];
  return `${paint.title(visitor)}  ${seen}${version ? `, reviews ${version}` : ''}`;
}

/** A path that can be clicked where the terminal knows links (OSC 8); what is read is the path in any case. */
export function linkTo(path: string, links: boolean): string {
  return links ? `\u001b]8;;${pathToFileURL(path).href}\u001b\\${path}\u001b]8;;\u001b\\` : path;
}

/**
 * Whether a link to a file can be of use: the terminal is known to hide its address, and the file lies on the
 * machine that the terminal runs on.
 */
export function takesLinks(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['SSH_CONNECTION'] || env['SSH_TTY'] || env['TMUX'] || env['STY']) return false;
  const known = ['iTerm.app', 'WezTerm', 'vscode', 'ghostty'];
  return (
    known.includes(env['TERM_PROGRAM'] ?? '') ||
    env['TERM'] === 'xterm-kitty' ||
    env['TERM'] === 'xterm-ghostty' ||
    // The first VTE that knew links was 0.50.
    Number(env['VTE_VERSION'] ?? 0) >= 5000
  );
}
