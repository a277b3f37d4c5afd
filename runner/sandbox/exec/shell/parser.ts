import {Lexer, type Token} from './lexer.ts';
import {
  type AndOr,
  type Command,
  type List,
  type Pipeline,
  type Redirection,
  ShellSyntaxError,
  type Word,
} from './syntax.ts';

const closers = ['then', 'else', 'elif', 'fi', 'do', 'done', '}'];
const unsupported = ['case', 'function', 'select', '[['];

/** Parses a script. @throws ShellSyntaxError with what dash would say, or that the sandbox does not know it. */
export function parseScript(text: string): List {
  const parser = new Parser(new Lexer(text, parseScript));
  const list = parser.list();
  parser.expectEnd();
  return list;
}

class Parser {
  readonly #lexer: Lexer;
  #token: Token;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
    this.#token = lexer.next();
  }

  expectEnd(): void {
    if (this.#token.type !== 'end') this.#unexpected();
  }

  list(): List {
    const list: AndOr[] = [];
    for (;;) {
      while (this.#isOperator(';') || this.#isOperator('\n')) this.#advance();
      if (this.#token.type === 'end' || this.#isOperator(')') || this.#isKeyword(...closers)) return list;
      list.push(this.#andOr());
      if (this.#isOperator('&'))
        throw new ShellSyntaxError('background jobs (&) are not supported in the sandbox');
      if (!this.#isOperator(';') && !this.#isOperator('\n')) return list;
    }
  }

  #andOr(): AndOr {
    const first = this.#pipeline();
    const rest: {operator: '&&' | '||'; pipeline: Pipeline}[] = [];
    while (this.#isOperator('&&') || this.#isOperator('||')) {
      const operator = (this.#token as {text: '&&'}).text;
      this.#advance();
      this.#skipNewlines();
      rest.push({operator, pipeline: this.#pipeline()});
    }
    return {first, rest};
  }

  #pipeline(): Pipeline {
    let negated = false;
    while (this.#isKeyword('!')) {
      this.#advance();
      negated = !negated;
    }
    const commands = [this.#command()];
    while (this.#isOperator('|')) {
      this.#advance();
      this.#skipNewlines();
      commands.push(this.#command());
    }
    return {negated, commands};
  }

  #command(): Command {
    if (this.#isKeyword(...unsupported)) {
      const {plain} = this.#token as {plain: string};
      throw new ShellSyntaxError(`"${plain}" is not supported in the sandbox`);
    }
    if (this.#isOperator('(')) {
      this.#advance();
      const body = this.list();
      this.#expectOperator(')');
      return {type: 'group', body, subshell: true, redirections: this.#redirections()};
    }
    if (this.#isKeyword('{')) {
      this.#advance();
      const body = this.list();
      this.#expectKeyword('}');
      return {type: 'group', body, subshell: false, redirections: this.#redirections()};
    }
    if (this.#isKeyword('for')) return this.#for();
    if (this.#isKeyword('while', 'until')) {
      const until = this.#isKeyword('until');
      this.#advance();
      const condition = this.list();
      return {type: 'while', until, condition, body: this.#doBody(), redirections: this.#redirections()};
    }
    if (this.#isKeyword('if')) return this.#if();
    return this.#simple();
  }

  #for(): Command {
    this.#advance();
    const variable = this.#plainWord();
    this.#skipNewlines();
    let words: Word[] | undefined;
    if (this.#isKeyword('in')) {
      this.#advance();
      words = [];
      while (this.#token.type === 'word') {
        words.push(this.#token.word);
        this.#advance();
      }
    }
    while (this.#isOperator(';') || this.#isOperator('\n')) this.#advance();
    return {type: 'for', variable, words, body: this.#doBody(), redirections: this.#redirections()};
  }

  #if(): Command {
    const branches: {condition: List; body: List}[] = [];
    let otherwise: List | undefined;
    this.#advance();
    for (;;) {
      const condition = this.list();
      this.#expectKeyword('then');
      branches.push({condition, body: this.list()});
      if (this.#isKeyword('elif')) {
        this.#advance();
        continue;
      }
      if (this.#isKeyword('else')) {
        this.#advance();
        otherwise = this.list();
      }
      this.#expectKeyword('fi');
      return {type: 'if', branches, otherwise, redirections: this.#redirections()};
    }
  }

  #doBody(): List {
    this.#expectKeyword('do');
    const body = this.list();
    this.#expectKeyword('done');
    return body;
  }

  #simple(): Command {
    const assignments: {name: string; value: Word}[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      if (this.#token.type === 'redirect') redirections.push(...this.#redirections());
      else if (this.#token.type === 'word') {
        const assignment = words.length === 0 ? asAssignment(this.#token.word) : undefined;
        if (assignment) assignments.push(assignment);
        else words.push(this.#token.word);
        this.#advance();
      } else break;
    }
    if (assignments.length + words.length + redirections.length === 0) this.#unexpected();
    if (this.#isOperator('(')) throw new ShellSyntaxError('functions are not supported in the sandbox');
    return {type: 'simple', assignments, words, redirections};
  }

  #redirections(): Redirection[] {
    const redirections: Redirection[] = [];
    while (this.#token.type === 'redirect') {
      const {descriptor, operator} = this.#token;
      this.#advance();
      const target = this.#word();
      if (operator === '&>') {
        redirections.push({descriptor: 1, kind: 'write', target});
        redirections.push({
          descriptor: 2,
          kind: 'duplicate',
          target: [{type: 'text', text: '1', quoted: false}],
        });
      } else {
        const kinds = {
          '<': 'read',
          '>': 'write',
          '>>': 'append',
          '>&': 'duplicate',
          '<&': 'duplicate',
        } as const;
        redirections.push({descriptor, kind: kinds[operator], target});
      }
    }
    return redirections;
  }

  #word(): Word {
    const token = this.#token;
    if (token.type !== 'word') return this.#unexpected();
    this.#advance();
    return token.word;
  }

  #plainWord(): string {
    const plain = this.#token.type === 'word' ? this.#token.plain : undefined;
    if (plain === undefined) this.#unexpected();
    this.#advance();
    return plain as string;
  }

  #isOperator(text: string): boolean {
    return this.#token.type === 'operator' && this.#token.text === text;
  }

  #isKeyword(...words: string[]): boolean {
    return (
      this.#token.type === 'word' && this.#token.plain !== undefined && words.includes(this.#token.plain)
    );
  }

  #expectOperator(text: string): void {
    if (!this.#isOperator(text)) this.#unexpected(text);
    this.#advance();
  }

  #expectKeyword(word: string): void {
    if (!this.#isKeyword(word)) this.#unexpected(word);
    this.#advance();
  }

  #skipNewlines(): void {
    while (this.#isOperator('\n')) this.#advance();
  }

  #advance(): void {
    this.#token = this.#lexer.next();
  }

  #unexpected(expecting?: string): never {
    const token = this.#token;
    let seen = 'end of file';
    if (token.type === 'operator') seen = token.text === '\n' ? 'newline' : `"${token.text}"`;
    else if (token.type === 'redirect') seen = 'redirection';
    else if (token.type === 'word') seen = token.plain ? `"${token.plain}"` : 'word';
    throw new ShellSyntaxError(
      `Syntax error: ${seen} unexpected${expecting ? ` (expecting "${expecting}")` : ''}`,
    );
  }
}

function asAssignment(word: Word): {name: string; value: Word} | undefined {
  const [first, ...rest] = word;
  if (first?.type !== 'text' || first.quoted) return undefined;
  const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(first.text);
  if (!match) return undefined;
  const start: Word = match[2] ? [{type: 'text', text: match[2], quoted: false}] : [];
  return {name: match[1] as string, value: [...start, ...rest]};
}
