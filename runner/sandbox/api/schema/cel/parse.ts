import {CelSyntaxError, type Expression, tokenize} from './syntax.ts';

/** Binary operators by how tightly they bind, loosest first. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

const constants: Record<string, boolean | null> = {true: true, false: false, null: null};

/** Parses one CEL expression. @throws CelSyntaxError */
export function parseCel(text: string): Expression {
  const tokens = tokenize(text);
  let at = 0;
  const peek = () => tokens[at] ?? {kind: 'end' as const, text: ''};
  const accept = (sign: string) => {
    const token = peek();
    if (token.text !== sign || token.kind === 'string') return false;
    at += 1;
    return true;
  };
  const expect = (sign: string) => {
    if (!accept(sign)) throw new CelSyntaxError(`expected ${sign} but found ${peek().text || 'the end'}`);
  };

  const expression = (): Expression => {
    const condition = binary(0);
    if (!accept('?')) return condition;
    const yes = binary(0);
    expect(':');
    return {is: 'choice', condition, yes, no: expression()};
  };

  const binary = (level: number): Expression => {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (;;) {
      const operator = operators.find(accept);
      if (operator === undefined) return left;
      left = {is: 'binary', operator, left, right: binary(level + 1)};
    }
  };

  const unary = (): Expression => {
    if (accept('!')) return {is: 'unary', operator: '!', operand: unary()};
    if (accept('-')) return {is: 'unary', operator: '-', operand: unary()};
    return members(primary());
  };

  const members = (start: Expression): Expression => {
    let of = start;
    for (;;) {
      if (accept('.')) {
        const token = peek();
        if (token.kind !== 'name')
          throw new CelSyntaxError(`expected a name after the dot, found ${token.text}`);
        at += 1;
        of = accept('(')
          ? {is: 'call', on: of, name: token.text, args: list(')')}
          : {is: 'field', of, name: token.text};
      } else if (accept('[')) {
        of = {is: 'index', of, at: expression()};
        expect(']');
      } else {
        return of;
      }
    }
  };

  const list = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (!accept(end)) {
      items.push(expression());
      if (!accept(',')) {
        expect(end);
        break;
      }
    }
    return items;
  };

  const mapEntries = (): [Expression, Expression][] => {
    const entries: [Expression, Expression][] = [];
    while (!accept('}')) {
      const key = expression();
      expect(':');
      entries.push([key, expression()]);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    return entries;
  };

  const primary = (): Expression => {
    const token = peek();
    if (accept('(')) {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (accept('[')) return {is: 'list', items: list(']')};
    if (accept('{')) return {is: 'map', entries: mapEntries()};
    at += 1;
    if (token.kind === 'number' || token.kind === 'string')
      return {is: 'literal', value: token.value ?? null};
    if (token.kind !== 'name') throw new CelSyntaxError(`unexpected ${token.text || 'end'}`);
    if (token.text in constants) return {is: 'literal', value: constants[token.text] ?? null};
    if (accept('(')) return {is: 'call', on: undefined, name: token.text, args: list(')')};
    return {is: 'name', name: token.text};
  };

  const result = expression();
  if (peek().kind !== 'end') throw new CelSyntaxError(`unexpected ${peek().text}`);
  return result;
}
