import {CelDuration} from './duration.ts';
import {CelError, CelUnsupported, globalFunctions, methods} from './functions.ts';
import type {Expression} from './syntax.ts';

/** The variables that an expression can name. */
export type Scope = Readonly<Record<string, unknown>>;

/**
 * The value of a CEL expression over JSON values.
 * @throws CelError for what fails at evaluation, as cel-go would (an unknown key, a conversion)
 * @throws CelUnsupported for a function we don't know
 */
export function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.is) {
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items.map(item => evaluate(item, scope));
    case 'map':
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [String(evaluate(key, scope)), evaluate(value, scope)]),
      );
    case 'name':
      if (!Object.hasOwn(scope, expression.name)) throw new CelUnsupported(`unknown name ${expression.name}`);
      return scope[expression.name];
    case 'field':
      return fieldOf(evaluate(expression.of, scope), expression.name);
    case 'index':
      return itemOf(evaluate(expression.of, scope), evaluate(expression.at, scope));
    case 'unary':
      return expression.operator === '!'
        ? !truth(evaluate(expression.operand, scope))
        : -Number(evaluate(expression.operand, scope));
    case 'choice':
      return evaluate(truth(evaluate(expression.condition, scope)) ? expression.yes : expression.no, scope);
    case 'binary':
      return binary(expression, scope);
    case 'call':
      return call(expression, scope);
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, name)) {
    return (value as Record<string, unknown>)[name];
  }
  throw new CelError(`no such key: ${name}`);
}

function itemOf(value: unknown, at: unknown): unknown {
  if (!Array.isArray(value)) return fieldOf(value, String(at));
  if (typeof at !== 'number' || at < 0 || at >= value.length)
    throw new CelError(`index out of bounds: ${at}`);
  return value[at];
}

function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload');
  return value;
}

type Binary = Extract<Expression, {is: 'binary'}>;

function binary({operator, left, right}: Binary, scope: Scope): unknown {
  if (operator === '&&' || operator === '||') return logic(operator === '||', [left, right], scope);
  const a = evaluate(left, scope);
  const b = evaluate(right, scope);
  switch (operator) {
    case '==':
      return same(a, b);
    case '!=':
      return !same(a, b);
    case 'in':
      return Array.isArray(b) ? b.some(item => same(item, a)) : Object.hasOwn(b as object, String(a));
    case '+':
      return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : (a as any) + (b as any);
    default:
      return arithmetic(operator, comparable(a), comparable(b));
  }
}

/** An operand that fails does not matter when the other one decides, whichever comes first. */
function logic(decisive: boolean, operands: readonly Expression[], scope: Scope): boolean {
  let failure: unknown;
  for (const operand of operands) {
    try {
      if (truth(evaluate(operand, scope)) === decisive) return decisive;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

function comparable(value: unknown): any {
  return value instanceof CelDuration ? value.milliseconds : value;
}

function arithmetic(operator: string, a: any, b: any): unknown {
  if (typeof a !== typeof b) throw new CelError('no such overload');
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw new CelError('division by zero');
      return Math.trunc(a / b);
    case '%':
      if (b === 0) throw new CelError('modulus by zero');
      return a % b;
    default:
      throw new CelUnsupported(`unknown operator ${operator}`);
  }
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(key => Object.hasOwn(b, key) && same((a as any)[key], (b as any)[key]));
}

type Call = Extract<Expression, {is: 'call'}>;

function call(expression: Call, scope: Scope): unknown {
  const {on, name, args} = expression;
  if (on === undefined) {
    if (name === 'has') return has(args[0], scope);
    const known = globalFunctions[name];
    if (!known) throw new CelUnsupported(`unknown function ${name}`);
    return known(...args.map(arg => evaluate(arg, scope)));
  }
  const target = evaluate(on, scope);
  if (args.length >= 2 && name in macros) return macro(expression, target, scope);
  const method = methods[name];
  if (!method) throw new CelUnsupported(`unknown method ${name}`);
  if (target === null) throw new CelError('no such overload');
  return method(target, ...args.map(arg => evaluate(arg, scope)));
}

function has(argument: Expression | undefined, scope: Scope): boolean {
  if (argument?.is !== 'field') throw new CelUnsupported('has() takes a field');
  const parent = evaluate(argument.of, scope);
  return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, argument.name);
}

const macros: Record<string, (items: unknown[], test: (item: unknown) => boolean) => unknown> = {
  all: (items, test) => items.every(test),
  exists: (items, test) => items.some(test),
  exists_one: (items, test) => items.filter(test).length === 1,
  filter: (items, test) => items.filter(test),
  map: (items, test) => items.map(test),
};

/** `x.all(i, …)` and its like: over a list's items, or a map's keys. */
function macro({name, args}: Call, target: unknown, scope: Scope): unknown {
  const [variable, body] = args;
  const run = macros[name];
  if (variable?.is !== 'name' || !body || !run) throw new CelUnsupported(`unknown form of ${name}`);
  const items = Array.isArray(target) ? target : Object.keys(target as object);
  const value = (item: unknown) => evaluate(body, {...scope, [variable.name]: item});
  return run(items, name === 'map' ? (value as (item: unknown) => boolean) : item => truth(value(item)));
}
