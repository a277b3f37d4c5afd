import stringWidth from 'fast-string-width';
import {lexer, type Token, type Tokens} from 'marked';
import type {Paint} from '../paint.ts';
import {expandTabs, withoutControls} from '../text/clean-text.ts';
import {highlight} from './highlight.ts';
import {boxes, htmlText, inlineText} from './inline.ts';
import {tableLines} from './table.ts';
import {wrapBehind, wrapCode, wrapLines} from './wrap.ts';

export interface MarkdownOptions {
  /** Columns of the terminal that may be used. */
  width: number;
  paint: Paint;
}

/** Markdown as lines for a terminal: no line is wider than `width`, and none ends a style later than itself. */
export function renderMarkdown(markdown: string, options: MarkdownOptions): string[] {
  const lines = blocks(lexer(withoutControls(markdown)), options);
  // Lists and quotes inside each other can take the whole width away.
  return lines.flatMap(line => (stringWidth(line) > options.width ? wrapCode(line, options.width) : line));
}

function blocks(tokens: readonly Token[], options: MarkdownOptions): string[] {
  const lines: string[] = [];
  for (const token of tokens) {
    const own = block(token, options);
    if (own.length === 0) continue;
    if (lines.length > 0) lines.push('');
    lines.push(...own);
  }
  return lines;
}

function block(token: Token, options: MarkdownOptions): string[] {
  const {width, paint} = options;
  switch (token.type) {
    case 'heading':
      return wrapLines(paint.title(inlineText((token as Tokens.Heading).tokens, paint)), width);
    case 'paragraph':
      return wrapLines(inlineText((token as Tokens.Paragraph).tokens, paint), width);
    case 'text': {
      const {tokens, text} = token as Tokens.Text;
      return wrapLines(tokens ? inlineText(tokens, paint) : text, width);
    }
    case 'list':
      return list(token as Tokens.List, options);
    case 'blockquote':
      return quote(token as Tokens.Blockquote, options);
    case 'code': {
      const {text, lang} = token as Tokens.Code;
      return highlight(expandTabs(text), lang?.split(/\s/)[0] ?? '', paint)
        .flatMap(line => wrapCode(line, width - 2))
        .map(line => (line === '' ? '' : `  ${line}`));
    }
    case 'table':
      return tableLines(token as Tokens.Table, options);
    case 'hr':
      return [paint.quiet('─'.repeat(Math.min(width, 24)))];
    case 'html':
      return wrapLines(htmlText(token.raw), width).filter(line => line !== '');
    default:
      return [];
  }
}

function list(token: Tokens.List, {width, paint}: MarkdownOptions): string[] {
  const first = Number(token.start) || 1;
  const last = `${first + token.items.length - 1}. `;
  const items = token.items.map((item, index) => {
    const number = token.ordered ? `${first + index}. `.padStart(last.length) : '• ';
    // In a loose list the box belongs to the first paragraph.
    const box = item.tokens.find(part => part.type === 'checkbox') as Tokens.Checkbox | undefined;
    const mark = number + (box ? boxes[box.checked ? 'done' : 'open'] : '');
    const room = mark.length;
    const parts = item.tokens.map(part => block(part, {width: width - room, paint}));
    const inside = parts.filter(part => part.length > 0);
    const lines = inside.flatMap((part, at) => (at > 0 && token.loose ? ['', ...part] : part));
    return wrapBehind(mark, room, lines);
  });
  return items.flatMap((lines, index) => (index > 0 && token.loose ? ['', ...lines] : lines));
}

const callouts = {
  NOTE: {word: 'Note', style: 'command'},
  TIP: {word: 'Hint', style: 'good'},
  IMPORTANT: {word: 'Important', style: 'waiting'},
  WARNING: {word: 'Warning', style: 'waiting'},
  CAUTION: {word: 'Caution', style: 'bad'},
} as const;

function quote(token: Tokens.Blockquote, {width, paint}: MarkdownOptions): string[] {
  const kind = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)/i.exec(token.text);
  const inner = {width: width - 2, paint};
  if (!kind) return blocks(token.tokens, inner).map(line => `${paint.quiet('│')} ${line}`);
  const {word, style} = callouts[(kind[1] ?? '').toUpperCase() as keyof typeof callouts];
  const body = renderMarkdown(token.text.slice(kind[0].length), inner);
  return [paint[style](`│ ${word}`), ...body.map(line => `${paint[style]('│')} ${line}`)];
}
