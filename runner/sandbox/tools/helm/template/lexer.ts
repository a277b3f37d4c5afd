import {TemplateError} from './errors.ts';

export type TokenType =
  | 'text'
  | 'open'
  | 'close'
  | 'word'
  | 'field'
  | 'variable'
  | 'dot'
  | 'string'
  | 'number'
  | 'character'
  | 'pipe'
  | 'leftParen'
  | 'rightParen'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'space';

export interface Token {
  type: TokenType;
  /** The source text; of `text` what is left after trimming. */
  text: string;
  /** Offset in the source. */
  at: number;
}

const patterns: readonly [TokenType, RegExp][] = [
  ['space', /\s+/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\.)'/y],
  ['number', /[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+(?![\d.])|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ['dot', /\./y],
  ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['comma', /,/y],
  ['pipe', /\|/y],
  ['leftParen', /\(/y],
  ['rightParen', /\)/y],
];

/** The line of an offset, from 1. */
export function lineOf(source: string, at: number): number {
  let line = 1;
  for (let index = source.indexOf('\n'); index >= 0 && index < at; index = source.indexOf('\n', index + 1))
    line++;
  return line;
}

/** Splits a template into text and the tokens of its actions, with `{{-` and `-}}` already carried out. */
export function tokenize(name: string, source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  const fail = (offset: number, why: string) => {
    throw new TemplateError(`parse error at (${name}:${lineOf(source, offset)}): ${why}`);
  };
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    const end = open < 0 ? source.length : open;
    let text = source.slice(at, end);
    if (trimNext) text = text.trimStart();
    const trimLeft = open >= 0 && /^\{\{-\s/.test(source.slice(open, open + 4));
    if (trimLeft) text = text.trimEnd();
    if (text !== '') tokens.push({type: 'text', text, at});
    if (open < 0) break;
    at = open + (trimLeft ? 3 : 2);
    const comment = /\s*\/\*/y;
    comment.lastIndex = at;
    if (comment.test(source)) {
      const close = source.indexOf('*/', at);
      if (close < 0) fail(open, 'unclosed comment');
      const ending = /\*\/(\s+-)?\}\}/y;
      ending.lastIndex = close;
      const match = ending.exec(source);
      if (!match) fail(open, 'comment ends before closing delimiter');
      trimNext = match?.[1] !== undefined;
      at = ending.lastIndex;
      continue;
    }
    tokens.push({type: 'open', text: '{{', at: open});
    for (;;) {
      const close = /(\s+-)?\}\}/y;
      close.lastIndex = at;
      const match = close.exec(source);
      if (match) {
        trimNext = match[1] !== undefined;
        tokens.push({type: 'close', text: '}}', at});
        at = close.lastIndex;
        break;
      }
      if (at >= source.length) fail(open, 'unclosed action');
      const found = patterns.find(([, pattern]) => {
        pattern.lastIndex = at;
        return pattern.test(source);
      });
      if (!found) return fail(at, `unexpected ${JSON.stringify(source[at])} in command`) as never;
      const [type, pattern] = found;
      tokens.push({type, text: source.slice(at, pattern.lastIndex), at});
      at = pattern.lastIndex;
    }
  }
  return tokens;
}
