import {type List, ShellSyntaxError, type Word, type WordPart} from './syntax.ts';

export type Token =
  | {
      type: 'word';
      word: Word /** The text when nothing in it was quoted or expanded: only then it can be a keyword. */;
      plain: string | undefined;
    }
  | {type: 'operator'; text: string}
  | {type: 'redirect'; descriptor: number; operator: '<' | '>' | '>>' | '>&' | '&>' | '<&'}
  | {type: 'end'};

const operators = ['&&', '||', ';;', ';', '&', '|', '(', ')', '\n'];

/** Cuts a script into tokens. */
export class Lexer {
  readonly #text: string;
  readonly #parse: (text: string) => List;
  #at = 0;

  /** @param parse reads the scripts in command substitutions */
  constructor(text: string, parse: (text: string) => List) {
    this.#text = text;
    this.#parse = parse;
  }

  next(): Token {
    this.#skipBlanks();
    const rest = this.#text.slice(this.#at);
    if (rest === '') return {type: 'end'};
    const redirect = /^(?:(\d)?(>>|>&|<&|>|<)|(&>))/.exec(rest);
    if (redirect) {
      if (rest.startsWith('<<'))
        throw new ShellSyntaxError('here-documents are not supported in the sandbox');
      this.#at += redirect[0].length;
      const operator = (redirect[2] ?? redirect[3]) as '<';
      const fallback = operator.startsWith('<') ? 0 : 1;
      return {type: 'redirect', descriptor: redirect[1] ? Number(redirect[1]) : fallback, operator};
    }
    for (const text of operators) {
      if (rest.startsWith(text)) {
        this.#at += text.length;
        return {type: 'operator', text};
      }
    }
    const start = this.#at;
    const word = this.#word(char => ' \t\n;&|()<>'.includes(char));
    const plain = word.every(part => part.type === 'text' && !part.quoted)
      ? this.#text.slice(start, this.#at)
      : undefined;
    return {type: 'word', word, plain};
  }

  /** A word up to a character that ends it outside quotes. */
  #word(ends: (char: string) => boolean): Word {
    const parts: WordPart[] = [];
    const add = (text: string, quoted: boolean) => {
      const last = parts.at(-1);
      if (last?.type === 'text' && last.quoted === quoted) last.text += text;
      else parts.push({type: 'text', text, quoted});
    };
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] as string;
      if (ends(char)) break;
      if (char === "'") {
        const close = this.#text.indexOf("'", this.#at + 1);
        if (close < 0) throw new ShellSyntaxError('Unterminated quoted string');
        add(this.#text.slice(this.#at + 1, close), true);
        this.#at = close + 1;
      } else if (char === '"') {
        this.#at++;
        add('', true);
        this.#doubleQuoted(parts, add);
      } else if (char === '\\') {
        const escaped = this.#text[this.#at + 1] ?? '';
        if (escaped !== '\n') add(escaped, true);
        this.#at += 2;
      } else if (char === '$' || char === '`') {
        this.#dollar(parts, add, false);
      } else {
        add(char, false);
        this.#at++;
      }
    }
    return parts;
  }

  #doubleQuoted(parts: WordPart[], add: (text: string, quoted: boolean) => void): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) throw new ShellSyntaxError('Unterminated quoted string');
      if (char === '"') {
        this.#at++;
        return;
      }
      if (char === '\\') {
        const escaped = this.#text[this.#at + 1] ?? '';
        if (escaped !== '\n') add('$`"\\'.includes(escaped) ? escaped : `\\${escaped}`, true);
        this.#at += 2;
      } else if (char === '$' || char === '`') this.#dollar(parts, add, true);
      else {
        add(char, true);
        this.#at++;
      }
    }
  }

  #dollar(parts: WordPart[], add: (text: string, quoted: boolean) => void, quoted: boolean): void {
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith('`')) {
      const close = this.#text.indexOf('`', this.#at + 1);
      if (close < 0) throw new ShellSyntaxError('Unterminated quoted string');
      parts.push({type: 'command', script: this.#parse(this.#text.slice(this.#at + 1, close)), quoted});
      this.#at = close + 1;
      return;
    }
    if (rest.startsWith('$((')) {
      const inner = this.#balanced(this.#at + 2);
      if (this.#text[this.#at] === ')') this.#at++;
      parts.push({type: 'arithmetic', text: this.#wordOf(inner), quoted});
      return;
    }
    if (rest.startsWith('$(')) {
      parts.push({type: 'command', script: this.#parse(this.#balanced(this.#at + 1)), quoted});
      return;
    }
    if (rest.startsWith('${')) {
      const close = this.#closingBrace(this.#at + 2);
      const match = /^(#?)([A-Za-z_]\w*|[0-9?#@*$])(?:(:-|-|:\+|\+)([\s\S]*))?$/.exec(
        this.#text.slice(this.#at + 2, close),
      );
      if (!match) throw new ShellSyntaxError('Bad substitution');
      const operator = (match[1] === '#' ? '#' : match[3]) as ':-' | undefined;
      parts.push({
        type: 'variable',
        name: match[2] as string,
        quoted,
        ...(operator ? {fallback: {operator, word: this.#wordOf(match[4] ?? '')}} : {}),
      });
      this.#at = close + 1;
      return;
    }
    const name = /^\$([A-Za-z_]\w*|[0-9?#@*$!])/.exec(rest);
    if (!name) {
      add('$', quoted);
      this.#at++;
      return;
    }
    parts.push({type: 'variable', name: name[1] as string, quoted});
    this.#at += name[0].length;
  }

  /** The text inside the parentheses that open at `from`; moves behind the closing one. */
  #balanced(from: number): string {
    let depth = 0;
    let quote = '';
    for (let at = from; at < this.#text.length; at++) {
      const char = this.#text[at] as string;
      if (quote !== '') {
        if (char === '\\' && quote === '"') at++;
        else if (char === quote) quote = '';
      } else if (char === "'" || char === '"') quote = char;
      else if (char === '\\') at++;
      else if (char === '(') depth++;
      else if (char === ')' && --depth === 0) {
        this.#at = at + 1;
        return this.#text.slice(from + 1, at);
      }
    }
    throw new ShellSyntaxError('Unterminated quoted string');
  }

  #closingBrace(from: number): number {
    let depth = 1;
    for (let at = from; at < this.#text.length; at++) {
      if (this.#text[at] === '{') depth++;
      else if (this.#text[at] === '}' && --depth === 0) return at;
    }
    throw new ShellSyntaxError("Missing '}'");
  }

  #skipBlanks(): void {
    for (;;) {
      const blank = /^(?:[ \t]+|\\\n)/.exec(this.#text.slice(this.#at));
      if (blank) this.#at += blank[0].length;
      else if (this.#text[this.#at] === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else return;
    }
  }

  /** Everything left as one word, blanks included: the inside of `${x:-...}` and `$((...))`. */
  wholeWord(): Word {
    return this.#word(() => false);
  }

  #wordOf(text: string): Word {
    return new Lexer(text, this.#parse).wholeWord();
  }
}
