import {styleText} from 'node:util';

/** Styles by meaning; without colour every one is the text itself, so nothing may depend on it. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  waiting(text: string): string;
  quiet(text: string): string;
  title(text: string): string;
  command(text: string): string;
  stars(text: string, stars: string): string;
}

type Format = Parameters<typeof styleText>[0];

/** @param colour whether the terminal takes colour. */
export function createPaint(colour: boolean): Paint {
  // styleText in Node 20 doesn't look at the terminal, so the decision is ours alone.
  const with_ = (format: Format) => (text: string) => (colour ? styleText(format, text) : text);
  return {
    good: with_('green'),
    bad: with_('red'),
    waiting: with_('yellow'),
    quiet: with_('dim'),
    title: with_('bold'),
    command: with_('cyan'),
    stars: (text, stars) =>
      stars === 'red' ? with_('red')(text) : stars === 'black' ? with_('bold')(text) : with_('dim')(text),
  };
}
