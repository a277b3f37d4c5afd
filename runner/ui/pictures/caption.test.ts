import {describe, expect, it} from 'vitest';
import {createPaint} from '../paint.ts';
import {captionOf, linkTo, takesLinks} from './caption.ts';

const paint = createPaint(false);
const path = '/state/pictures/jason.png';

describe('the caption of a picture', () => {
  it('says who saw what, and which version it was where that is known', () => {
    expect(captionOf({visitor: 'jason', stars: 'black', version: 'v2', path}, paint)).toBe(
      'jason  black stars, reviews v2',
    );
    expect(captionOf({visitor: 'john', stars: 'none', version: 'v1', path}, paint)).toBe(
      'john  no stars, reviews v1',
    );
    expect(captionOf({visitor: 'anonymous', stars: 'unavailable', path}, paint)).toBe(
      'anonymous  not told from the stars',
    );
  });

  it('links to the file only where a link is of use', () => {
    expect(linkTo('/a b/jason.png', true)).toBe(
      '\u001b]8;;file:///a%20b/jason.png\u001b\\/a b/jason.png\u001b]8;;\u001b\\',
    );
    expect(linkTo(path, false)).toBe(path);
  });

  it.each<[Record<string, string>, boolean]>([
    [{TERM: 'xterm-kitty'}, true],
    [{TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app'}, true],
    [{TERM: 'xterm-256color', VTE_VERSION: '7200'}, true],
    [{TERM: 'xterm-256color', VTE_VERSION: '4205'}, false],
    [{TERM: 'xterm-256color'}, false],
    [{TERM: 'xterm-kitty', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22'}, false],
    [{TERM: 'screen', TERM_PROGRAM: 'iTerm.app', TMUX: '/tmp/t'}, false],
  ])('with %j: %s', (env, links) => {
    expect(takesLinks(env)).toBe(links);
  });
});
