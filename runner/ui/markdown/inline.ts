import {decodeHTMLStrict} from 'entities';
import type {Token, Tokens} from 'marked';
import type {Paint} from '../paint.ts';
import {withoutControls} from '../text/clean-text.ts';

/** What stands before an entry of a list of tasks. */
export const boxes = {open: '☐ ', done: '☑ '} as const;

/** The text of a paragraph with its styles; signs take their place where there is no colour. */
export function inlineText(tokens: readonly Token[], paint: Paint): string {
  return tokens.map(token => inlineToken(token, paint)).join('');
}

function inlineToken(token: Token, paint: Paint): string {
  const inner = (): string =>
    'tokens' in token && token.tokens ? inlineText(token.tokens, paint) : plain(token);
  switch (token.type) {
    case 'strong':
      return paint.strong(inner());
    case 'em':
      return paint.colour ? paint.emphasis(inner()) : `*${inner()}*`;
    case 'codespan':
      return paint.colour ? paint.code(plain(token)) : `\`${plain(token)}\``;
    case 'del':
      return `~${inner()}~`;
    case 'br':
      return '\n';
    case 'link':
      return link(token as Tokens.Link, inner(), paint);
    case 'image':
      return `[picture: ${plain(token)}]`;
    case 'checkbox':
      return boxes[(token as Tokens.Checkbox).checked ? 'done' : 'open'];
    case 'html':
      return /^<br\b/i.test(token.raw) ? '\n' : '';
    default:
      return inner().replaceAll(/\s*\n\s*|\t/g, ' ');
  }
}

/** What stands between the tags of a block of HTML. */
export function htmlText(html: string): string {
  const text = html
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replaceAll(/<br\b[^>]*>/gi, '\n')
    .replaceAll(/<\/?[a-z!?][^>]*>/gi, '');
  return decodeHTMLStrict(text.trim().replaceAll(/[ \t]*\n\s*/g, '\n'));
}

/** A terminal shows no address behind a word, so it is written out unless the word is the address. */
function link(token: Tokens.Link, text: string, paint: Paint): string {
  const address = decodeHTMLStrict(token.href);
  if (text === '') return paint.link(address);
  return token.text === token.href || `mailto:${token.text}` === token.href
    ? paint.link(text)
    : `${text} (${paint.link(address)})`;
}

function plain(token: Token): string {
  const text = 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
  // The parser resolves numbers by itself, control characters too.
  return token.type === 'codespan' ? text : withoutControls(decodeHTMLStrict(text));
}
