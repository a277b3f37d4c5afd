import {inspect} from 'node:util';

/** Styles by meaning; without colour every one is the text itself, so nothing may depend on it. */
export interface Paint {
  /** Whether styles show at all: what they say has to be said by signs otherwise. */
  readonly colour: boolean;
  good(text: string): string;
  bad(text: string): string;
  waiting(text: string): string;
  quiet(text: string): string;
  title(text: string): string;
  command(text: string): string;
  stars(text: string, stars: string): string;
  strong(text: string): string;
  emphasis(text: string): string;
  code(text: string): string;
  link(text: string): string;
  /** A key on the keyboard. */
  key(text: string): string;
  /** What the cursor or the choice is on. */
  chosen(text: string): string;
  /** Names in YAML and the options of a command. */
  name(text: string): string;
  /** Quoted text, numbers and the like in code. */
  value(text: string): string;
}

/**
 * Uses the terminal's own sixteen colours only, and never black or white, so that dark and light themes read alike.
 * @param colour whether the terminal takes colour.
 */
export function createPaint(colour: boolean): Paint {
  // Not styleText: it looks at the standard output and at the environment itself, and the decision is ours alone.
  const with_ = (format: string) => {
    const [on, off] = (colour && inspect.colors[format]) || [];
    if (on === undefined || off === undefined) return (text: string) => text;
    const begin = `\u001b[${on}m`;
    const end = `\u001b[${off}m`;
    // A style inside the same style must not end the outer one.
    return (text: string) => (text === '' ? '' : begin + text.replaceAll(end, end + begin) + end);
  };
  return {
    colour,
    good: with_('green'),
    bad: with_('red'),
    waiting: with_('yellow'),
    quiet: with_('dim'),
    title: with_('bold'),
    command: with_('cyan'),
    stars: (text, stars) =>
      stars === 'red' ? with_('red')(text) : stars === 'black' ? with_('bold')(text) : with_('dim')(text),
    strong: with_('bold'),
    emphasis: with_('italic'),
    code: with_('cyan'),
    link: with_('underline'),
    key: with_('bold'),
    chosen: with_('inverse'),
    name: with_('blue'),
    value: with_('green'),
  };
}
