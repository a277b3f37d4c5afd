import {ShellSyntaxError} from './syntax.ts';

const levels = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']];

/** Computes `$((...))`: integers, variables, parentheses and the usual operators. @throws ShellSyntaxError */
export function arithmetic(text: string, variable: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|\|\||&&|[=!<>]=|[-+*/%()<>!]|\S/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new ShellSyntaxError(`arithmetic expression: syntax error: "${text}"`);
  };
  const primary = (): number => {
    const token = tokens[at++];
    if (token === undefined) return fail();
    if (token === '(') {
      const value = binary(0);
      if (tokens[at++] !== ')') fail();
      return value;
    }
    if (token === '-') return -primary();
    if (token === '+') return primary();
    if (token === '!') return primary() === 0 ? 1 : 0;
    if (/^\d/.test(token)) return Number.parseInt(token, 10);
    if (/^[A-Za-z_]/.test(token)) return Number.parseInt(variable(token) || '0', 10) || 0;
    return fail();
  };
  const binary = (level: number): number => {
    const operators = levels[level];
    if (!operators) return primary();
    let left = binary(level + 1);
    while (operators.includes(tokens[at] ?? '')) {
      const operator = tokens[at++] as string;
      const right = binary(level + 1);
      if ((operator === '/' || operator === '%') && right === 0)
        throw new ShellSyntaxError('division by zero');
      left = apply(operator, left, right);
    }
    return left;
  };
  if (tokens.length === 0) return 0;
  const value = binary(0);
  return at === tokens.length ? value : fail();
}

function apply(operator: string, left: number, right: number): number {
  switch (operator) {
    case '||':
      return left !== 0 || right !== 0 ? 1 : 0;
    case '&&':
      return left !== 0 && right !== 0 ? 1 : 0;
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '<':
      return left < right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return Math.trunc(left / right);
    default:
      return left % right;
  }
}
