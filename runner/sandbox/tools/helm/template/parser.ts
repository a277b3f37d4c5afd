import {TemplateError} from './errors.ts';
import {lineOf, type Token, type TokenType, tokenize} from './lexer.ts';
import type {Command, Node, Operand, ParsedTemplate, Pipe} from './nodes.ts';

function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  const simple: Record<string, string> = {
    n: '\n',
    t: '\t',
    r: '\r',
    '"': '"',
    "'": "'",
    '\\': '\\',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
  };
  return text
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/g, (_, code: string) => {
      if (/^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
      if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
      return simple[code] ?? code;
    });
}

class Parser {
  readonly defined: ParsedTemplate[] = [];
  private readonly tokens: Token[];
  private index = 0;
  private readonly name: string;
  private readonly source: string;
  private readonly functions: ReadonlySet<string>;

  constructor(name: string, source: string, functions: ReadonlySet<string>) {
    this.name = name;
    this.source = source;
    this.functions = functions;
    this.tokens = tokenize(name, source);
  }

  file(): ParsedTemplate {
    const {nodes, ended} = this.list();
    if (ended) this.fail(`unexpected {{${ended}}}`);
    return {name: this.name, file: this.name, source: this.source, body: nodes};
  }

  private fail(why: string, at = this.tokens[Math.min(this.index, this.tokens.length - 1)]?.at ?? 0): never {
    throw new TemplateError(`parse error at (${this.name}:${lineOf(this.source, at)}): ${why}`);
  }

  private peek(): Token | undefined {
    return this.tokens[this.index];
  }

  private skipSpace(): void {
    while (this.peek()?.type === 'space') this.index++;
  }

  private take(type: TokenType, what: string): Token {
    this.skipSpace();
    const token = this.peek();
    if (token?.type !== type) this.fail(`unexpected ${JSON.stringify(token?.text ?? 'EOF')} in ${what}`);
    this.index++;
    return token as Token;
  }

  /** Nodes up to `end`, `else` (left open, right after the word) or the end of the file. */
  private list(): {nodes: Node[]; ended: 'end' | 'else' | undefined} {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.peek();
      if (!token) return {nodes, ended: undefined};
      this.index++;
      if (token.type === 'text') {
        nodes.push({type: 'text', text: token.text});
        continue;
      }
      this.skipSpace();
      const word = this.peek();
      if (word?.type !== 'word' || !this.isKeyword(word.text)) {
        nodes.push({type: 'action', pipe: this.pipe('close', 'command')});
        continue;
      }
      this.index++;
      switch (word.text) {
        case 'end':
          this.take('close', 'end');
          return {nodes, ended: 'end'};
        case 'else':
          return {nodes, ended: 'else'};
        case 'if':
        case 'with':
        case 'range':
          nodes.push(this.branch(word.text));
          break;
        case 'define':
          this.define();
          break;
        case 'block':
        case 'template':
          nodes.push(this.call(word));
          break;
        default:
          this.take('close', word.text);
          nodes.push({type: word.text as 'break' | 'continue'});
      }
    }
  }

  private isKeyword(word: string): boolean {
    return [
      'if',
      'with',
      'range',
      'else',
      'end',
      'define',
      'block',
      'template',
      'break',
      'continue',
    ].includes(word);
  }

  private branch(type: 'if' | 'with' | 'range'): Node {
    const pipe = this.pipe('close', type);
    const {nodes: body, ended} = this.list();
    if (ended === undefined) this.fail('unexpected EOF');
    return {type, pipe, body, otherwise: ended === 'else' ? this.otherwise() : []};
  }

  private otherwise(): Node[] {
    this.skipSpace();
    const next = this.peek();
    if (next?.type === 'word' && (next.text === 'if' || next.text === 'with')) {
      this.index++;
      // `else if` shares the outer `end`.
      return [this.branch(next.text)];
    }
    this.take('close', 'else');
    const {nodes, ended} = this.list();
    if (ended !== 'end') this.fail(ended ? 'expected end; found {{else}}' : 'unexpected EOF');
    return nodes;
  }

  private body(): Node[] {
    const {nodes, ended} = this.list();
    if (ended !== 'end') this.fail(ended ? 'unexpected {{else}} in define clause' : 'unexpected EOF');
    return nodes;
  }

  private define(): void {
    const name = unquote(this.take('string', 'define clause').text);
    this.take('close', 'define clause');
    this.defined.push({name, file: this.name, source: this.source, body: this.body()});
  }

  private call(word: Token): Node {
    const name = unquote(this.take('string', `${word.text} clause`).text);
    this.skipSpace();
    let pipe: Pipe | undefined;
    if (this.peek()?.type === 'close') this.index++;
    else pipe = this.pipe('close', `${word.text} clause`);
    if (word.text === 'block')
      this.defined.push({name, file: this.name, source: this.source, body: this.body()});
    return {type: 'template', name, pipe, at: word.at};
  }

  private pipe(end: 'close' | 'rightParen', context: string): Pipe {
    this.skipSpace();
    const at = this.peek()?.at ?? 0;
    const {variables, assign} = this.declarations();
    const commands: Command[] = [];
    for (;;) {
      commands.push(this.command(context));
      this.skipSpace();
      const token = this.peek();
      this.index++;
      if (token?.type === end) break;
      if (token?.type !== 'pipe')
        this.fail(`unexpected ${JSON.stringify(token?.text ?? 'EOF')} in ${context}`);
    }
    return {at, variables, assign, commands};
  }

  private declarations(): {variables: string[]; assign: boolean} {
    const start = this.index;
    const variables: string[] = [];
    while (this.peek()?.type === 'variable') {
      variables.push((this.peek() as Token).text);
      this.index++;
      this.skipSpace();
      const token = this.peek();
      if (token?.type === 'declare' || token?.type === 'assign') {
        this.index++;
        return {variables, assign: token.type === 'assign'};
      }
      if (token?.type !== 'comma') break;
      this.index++;
      this.skipSpace();
    }
    this.index = start;
    return {variables: [], assign: false};
  }

  private command(context: string): Command {
    this.skipSpace();
    const at = this.peek()?.at ?? this.source.length;
    const operands: Operand[] = [];
    for (;;) {
      this.skipSpace();
      const token = this.peek();
      if (!token || token.type === 'pipe' || token.type === 'close' || token.type === 'rightParen') break;
      operands.push(this.operand(context));
    }
    if (operands.length === 0) this.fail(`missing value for ${context}`);
    const end = this.peek()?.at ?? this.source.length;
    return {at, text: this.source.slice(at, end).trim(), operands};
  }

  private operand(context: string): Operand {
    const first = this.peek() as Token;
    let start = this.term(first, context);
    const fields: string[] = [];
    while (this.peek()?.type === 'field') {
      fields.push((this.peek() as Token).text.slice(1));
      this.index++;
    }
    if (start.type === 'chain') {
      start = {...start, fields: [...start.fields, ...fields]};
    } else if (fields.length > 0) {
      if (start.type === 'literal') this.fail(`unexpected . after term ${JSON.stringify(start.text)}`);
      start = {type: 'chain', start, fields, at: first.at, text: ''};
    }
    const end = this.peek()?.at ?? this.source.length;
    return {...start, text: this.source.slice(first.at, end)};
  }

  private term(token: Token, context: string): Operand {
    this.index++;
    const {at, text} = token;
    switch (token.type) {
      case 'field':
        return {type: 'chain', start: undefined, fields: [text.slice(1)], at, text};
      case 'dot':
        return {type: 'dot', at, text};
      case 'variable':
        return {type: 'variable', name: text, at, text};
      case 'string':
        return {type: 'literal', value: unquote(text), at, text};
      case 'character':
        return {type: 'literal', value: unquote(text).codePointAt(0), at, text};
      case 'number':
        return {type: 'literal', value: Number(text.replace(/^(\D?)0[oO]?(?=[0-7]+$)/, '$10o')), at, text};
      case 'leftParen':
        return {type: 'pipe', pipe: this.pipe('rightParen', 'parenthesized pipeline'), at, text};
      case 'word':
        if (text === 'true' || text === 'false') return {type: 'literal', value: text === 'true', at, text};
        if (text === 'nil') return {type: 'literal', value: undefined, at, text};
        if (!this.functions.has(text)) this.fail(`function ${JSON.stringify(text)} not defined`, at);
        return {type: 'function', name: text, at, text};
      default:
        return this.fail(`unexpected ${JSON.stringify(text)} in ${context}`, at);
    }
  }
}

/**
 * Reads a template file. @returns the file's own template, and those it defines.
 * @throws TemplateError naming file and line.
 */
export function parseTemplate(
  name: string,
  source: string,
  functions: ReadonlySet<string>,
): ParsedTemplate[] {
  const parser = new Parser(name, source, functions);
  const file = parser.file();
  return [file, ...parser.defined];
}
