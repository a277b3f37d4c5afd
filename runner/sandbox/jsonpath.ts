import {compactJson} from './json-print.ts';

/** A template that is no JSONPath. */
export class JsonPathError extends Error {}

type Step =
  | {type: 'field'; name: string}
  | {type: 'wildcard'}
  | {type: 'recursive'}
  | {type: 'slice'; from: number | undefined; to: number | undefined; step: number}
  | {type: 'union'; steps: Step[]}
  | {type: 'filter'; left: Expression; operator: string; right: Expression | undefined};

type Expression = {type: 'path'; steps: Step[]; root: boolean} | {type: 'value'; value: unknown};

type Part =
  | {type: 'text'; text: string}
  | {type: 'path'; steps: Step[]; root: boolean}
  | {type: 'range'; steps: Step[]; root: boolean; body: Part[]};

function unquote(text: string): string {
  const escapes: Record<string, string> = {n: '\n', t: '\t', r: '\r'};
  return text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}

/** Reads a path such as `.items[?(@.a=="b")].c['d'][0]`. */
class PathReader {
  at = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  steps(): Step[] {
    const steps: Step[] = [];
    while (this.at < this.text.length) {
      if (this.text.startsWith('..', this.at)) {
        this.at += 2;
        steps.push({type: 'recursive'});
        if (/[\w*-]/.test(this.text[this.at] ?? '')) steps.push(this.name());
      } else if (this.text[this.at] === '.') {
        this.at++;
        if (this.at < this.text.length && this.text[this.at] !== '[') steps.push(this.name());
      } else if (this.text[this.at] === '[') {
        steps.push(this.bracket());
      } else if (steps.length === 0) {
        steps.push(this.name());
      } else {
        throw new JsonPathError(
          `unrecognized character in action: U+${this.text.charCodeAt(this.at).toString(16).toUpperCase().padStart(4, '0')} '${this.text[this.at]}'`,
        );
      }
    }
    return steps;
  }

  private name(): Step {
    const match = /(?:\\.|[^.[\]\s\\])+/y;
    match.lastIndex = this.at;
    const name = match.exec(this.text)?.[0] ?? '';
    if (name === '') throw new JsonPathError(`unexpected character in path ${JSON.stringify(this.text)}`);
    this.at = match.lastIndex;
    return name === '*' ? {type: 'wildcard'} : {type: 'field', name: name.replace(/\\(.)/g, '$1')};
  }

  private bracket(): Step {
    let depth = 0;
    let quote = '';
    const start = this.at + 1;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at] as string;
      if (quote !== '') {
        if (character === '\\') this.at++;
        else if (character === quote) quote = '';
      } else if (character === '"' || character === "'") quote = character;
      else if (character === '[') depth++;
      else if (character === ']' && --depth === 0) break;
    }
    if (depth !== 0) throw new JsonPathError('unterminated array');
    const inside = this.text.slice(start, this.at++).trim();
    if (inside.startsWith('?(') && inside.endsWith(')')) return filter(inside.slice(2, -1));
    const parts = inside.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,]+/g) ?? [];
    const steps = parts.map(part => element(part.trim()));
    return steps.length === 1 ? (steps[0] as Step) : {type: 'union', steps};
  }
}

function element(text: string): Step {
  if (text === '*') return {type: 'wildcard'};
  if (/^['"]/.test(text)) return {type: 'field', name: unquote(text)};
  const slice = /^(-?\d*)(:(-?\d*)(?::(-?\d+))?)?$/.exec(text);
  if (!slice || text === '') throw new JsonPathError(`invalid array index ${text}`);
  const number = (part: string | undefined) => (part ? Number(part) : undefined);
  const from = number(slice[1]);
  if (slice[2] === undefined) {
    const index = from ?? 0;
    return {type: 'slice', from: index, to: index === -1 ? undefined : index + 1, step: 1};
  }
  return {type: 'slice', from, to: number(slice[3]), step: number(slice[4]) ?? 1};
}

function expression(text: string): Expression {
  const trimmed = text.trim();
  if (/^['"]/.test(trimmed)) return {type: 'value', value: unquote(trimmed)};
  if (/^-?\d+(?:\.\d+)?$/.test(trimmed)) return {type: 'value', value: Number(trimmed)};
  if (trimmed === 'true' || trimmed === 'false') return {type: 'value', value: trimmed === 'true'};
  return {
    type: 'path',
    steps: new PathReader(trimmed.replace(/^[@$]/, '')).steps(),
    root: trimmed.startsWith('$'),
  };
}

/** The two sides of the first operator outside quotes; none where there is none, or an odd sign before it. */
function comparison(text: string): {left: string; operator: string; right: string} | undefined {
  const piece = /'[^']*'|"[^"]*"|==|!=|<=|>=|[<>]|[^=!<>'"]+/y;
  for (let at = 0; at < text.length; at = piece.lastIndex) {
    const [found] = piece.exec(text) ?? [];
    if (found === undefined) return undefined;
    if (!/^[=!<>]/.test(found)) continue;
    const [left, right] = [text.slice(0, at).trimEnd(), text.slice(piece.lastIndex).trim()];
    return left === '' || right === '' ? undefined : {left, operator: found, right};
  }
  return undefined;
}

function filter(text: string): Step {
  const found = comparison(text);
  if (!found) return {type: 'filter', left: expression(text), operator: 'exists', right: undefined};
  const {left, operator, right} = found;
  return {type: 'filter', left: expression(left), operator, right: expression(right)};
}

function pathOf(text: string): {steps: Step[]; root: boolean} {
  const trimmed = text.trim();
  return {steps: new PathReader(trimmed.replace(/^[$@]/, '')).steps(), root: trimmed.startsWith('$')};
}

/** A JSONPath template as kubectl knows it: `{.a.b}`, text between, `{range ...}{end}`. */
export class JsonPath {
  private readonly parts: Part[];
  private readonly allowMissing: boolean;

  /** @throws JsonPathError */
  constructor(template: string, options: {allowMissing?: boolean} = {}) {
    this.allowMissing = options.allowMissing ?? true;
    this.parts = parseTemplate(template);
  }

  /** The text of the template for an object. @throws JsonPathError */
  execute(root: unknown): string {
    return this.print(this.parts, root, root);
  }

  /** All values that the first path of the template finds. */
  values(root: unknown): unknown[] {
    const path = this.parts.find(part => part.type === 'path');
    return path ? this.walk(path.steps, [root], root) : [];
  }

  private print(parts: readonly Part[], root: unknown, dot: unknown): string {
    return parts
      .map(part => {
        if (part.type === 'text') return part.text;
        const found = this.walk(part.steps, [part.root ? root : dot], root);
        if (part.type === 'range') return found.map(item => this.print(part.body, root, item)).join('');
        return found.map(textOf).join(' ');
      })
      .join('');
  }

  private walk(steps: readonly Step[], start: unknown[], root: unknown): unknown[] {
    return steps.reduce((values, step) => values.flatMap(value => this.step(step, value, root)), start);
  }

  private step(step: Step, value: any, root: unknown): unknown[] {
    switch (step.type) {
      case 'field': {
        if (
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value) &&
          Object.hasOwn(value, step.name)
        )
          return [value[step.name]];
        if (!this.allowMissing) throw new JsonPathError(`${step.name} is not found`);
        return [];
      }
      case 'wildcard':
        return typeof value === 'object' && value !== null ? Object.values(value) : [];
      case 'recursive':
        return descendants(value);
      case 'union':
        return step.steps.flatMap(inner => this.step(inner, value, root));
      case 'slice':
        return this.slice(step, value);
      default:
        if (!Array.isArray(value)) return [];
        return value.filter(item => this.matches(step, item, root));
    }
  }

  private slice(step: Extract<Step, {type: 'slice'}>, value: unknown): unknown[] {
    if (!Array.isArray(value)) return [];
    const position = (index: number) => (index < 0 ? index + value.length : index);
    const from = position(step.from ?? 0);
    const to = step.to === undefined ? value.length : position(step.to);
    if (from >= value.length && step.from !== undefined && step.to === step.from + 1) {
      throw new JsonPathError(`array index out of bounds: index ${from}, length ${value.length}`);
    }
    return value.slice(from, to).filter((_, index) => index % step.step === 0);
  }

  private matches(step: Extract<Step, {type: 'filter'}>, item: unknown, root: unknown): boolean {
    const valuesOf = (side: Expression) =>
      side.type === 'value' ? [side.value] : this.walk(side.steps, [side.root ? root : item], root);
    const left = valuesOf(step.left);
    if (step.operator === 'exists') return left.length > 0;
    const right = valuesOf(step.right as Expression);
    if (left.length === 0 || right.length === 0) return false;
    const [one, two] = [left[0] as any, right[0] as any];
    switch (step.operator) {
      case '==':
        return one === two;
      case '!=':
        return one !== two;
      case '<':
        return one < two;
      case '>':
        return one > two;
      case '<=':
        return one <= two;
      default:
        return one >= two;
    }
  }
}

function descendants(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return [value, ...Object.values(value).flatMap(descendants)];
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? compactJson(value)
    : value === null
      ? ''
      : String(value);
}

function parseTemplate(template: string): Part[] {
  const stack: Part[][] = [[]];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    if (open < 0) {
      stack.at(-1)?.push({type: 'text', text: template.slice(at)});
      break;
    }
    if (open > at) stack.at(-1)?.push({type: 'text', text: template.slice(at, open)});
    const action = /\{((?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)\}/y;
    action.lastIndex = open;
    const match = action.exec(template);
    if (!match)
      throw new JsonPathError(
        template.lastIndexOf('[') > Math.max(open - 1, template.lastIndexOf(']'))
          ? 'unterminated array'
          : 'unclosed action',
      );
    at = action.lastIndex;
    addAction(stack, (match[1] ?? '').trim());
  }
  if (stack.length > 1) throw new JsonPathError('unclosed range');
  return stack[0] ?? [];
}

/** Paths with spaces between them, but for those within brackets. */
function* pathsIn(text: string): Generator<string> {
  const piece = /\s+|(?:\[(?:[^\]'"]|'[^']*'|"[^"]*")*\]|[^\s[])+/y;
  while (piece.lastIndex < text.length) {
    const [found] = piece.exec(text) ?? [];
    if (found === undefined) throw new JsonPathError('unterminated array');
    if (found.trim() !== '') yield found;
  }
}

function addAction(stack: Part[][], text: string): void {
  const parts = stack.at(-1) as Part[];
  if (text === 'end') {
    if (stack.length === 1) throw new JsonPathError('not in range, nothing to end');
    stack.pop();
  } else if (text.startsWith('range')) {
    const body: Part[] = [];
    parts.push({type: 'range', ...pathOf(text.slice(5)), body});
    stack.push(body);
  } else if (/^"(?:[^"\\]|\\.)*"$|^'(?:[^'\\]|\\.)*'$/.test(text)) {
    parts.push({type: 'text', text: unquote(text)});
  } else if (text !== '') {
    // Several paths in one action stand side by side, as in `{.a} {.b}` without the braces between.
    for (const path of pathsIn(text)) parts.push({type: 'path', ...pathOf(path)});
  }
}
