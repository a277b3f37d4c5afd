import type {Token, Tokens} from 'marked';
import type {Paint} from '../paint.ts';

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
      return (token as Tokens.Checkbox).checked ? '☑ ' : '☐ ';
    case 'html':
      return '';
    default:
      return inner().replaceAll(/\s*\n/g, ' ');
  }
}

/** A terminal shows no address behind a word, so it is written out unless the word is the address. */
function link(token: Tokens.Link, text: string, paint: Paint): string {
  return token.text === token.href || `mailto:${token.text}` === token.href
    ? paint.link(text)
    : `${text} (${paint.link(token.href)})`;
}

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'"};

function plain(token: Token): string {
  const text = 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
  return token.type === 'codespan'
    ? text
    : text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name] ?? '');
}
