import {type CostMeter, callCost, costs, operatorCost} from './cost.ts';
import {CelNamespace} from './functions.ts';
import {type Evaluate, type Node, nodesOf} from './nodes.ts';
import {equal} from './values.ts';

const binary = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%']);

/** What the steps of a macro cost beside its own expressions, as cel-go expands it. */
const steps = {all: 3, exists: 4, push: 12, increment: 2, keep: 1, result: 1} as const;

/** Makes every node of a checked expression count its cost, after its operands have counted theirs. */
export function countCosts(root: Node, meter: CostMeter, nameOf: (called: string) => string): void {
  const stepCosts = new Map<Node, number>();
  for (const node of nodesOf(root)) {
    if (node.op === 'comprehension') {
      const {init, step} = node.args as {init: Node; step: Node};
      if (typeof init.args === 'boolean') stepCosts.set(step, init.args ? steps.all : steps.exists);
    }
    node.evaluate = counted(node, meter, nameOf, stepCosts.get(node) ?? 0);
  }
}

function counted(node: Node, meter: CostMeter, nameOf: (called: string) => string, extra: number): Evaluate {
  const {alternate, macro, evaluate} = node.meta;
  if (alternate) return (evaluator, _, context) => evaluator.run(alternate, context);
  if (macro) {
    const fields = Math.max(0, (macro.macroHasProps?.length ?? 0) - 2);
    return (evaluator, _, context) => {
      const value = macro.evaluate(evaluator, macro, context);
      meter.charge(fields + extra);
      return value;
    };
  }
  if (binary.has(node.op)) return countedOperator(node, meter);
  if (node.op === 'call' || node.op === 'rcall') return countedCall(node, meter, nameOf(node.args[0]));
  if (isConstant(node)) return evaluate;
  const own = ownCost(node) + extra;
  if (own === 0) return evaluate;
  return (evaluator, _, context) => {
    const value = evaluate(evaluator, node, context);
    meter.charge(own);
    return value;
  };
}

/** What cel-go makes a constant of before anything runs, so that it costs nothing. */
function isConstant(node: Node): boolean {
  if (node.meta.alternate || node.meta.macro) return false;
  switch (node.op) {
    case 'value':
      return true;
    case 'list':
      return node.args.every(isConstant);
    case 'map':
      return node.args.flat().every(isConstant);
    case 'call':
      return conversions.has(node.args[0].replace(/^.*_/, '')) && node.args[1].every(isConstant);
    default:
      return false;
  }
}

const conversions = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint']);

function ownCost(node: Node): number {
  switch (node.op) {
    case 'list':
      return costs.list;
    case 'map':
      return costs.map;
    case 'accuPush':
      return steps.push;
    case 'accuInc':
      return steps.increment;
    case 'accuValue':
      return steps.keep;
    case 'comprehension':
      return steps.result;
    case 'value':
    case '?:':
    case '&&':
    case '||':
      return 0;
    default:
      return costs.select;
  }
}

/** Equality and membership compare values of all types, as cel-go does where types are not known before. */
function countedOperator(node: Node, meter: CostMeter): Evaluate {
  const {op, left, right, handle} = node;
  if (!left || !right || !handle) return node.meta.evaluate;
  return (evaluator, _, context) => {
    const a = evaluator.run(left, context);
    const b = evaluator.run(right, context);
    meter.charge(op === 'in' && isConstant(right) ? 1 : operatorCost(op, a, b));
    if (op === '==') return equal(a, b);
    if (op === '!=') return !equal(a, b);
    if (op === 'in' && Array.isArray(b)) return b.some(item => equal(item, a));
    return quickly(op, a, b) ?? handle(a, b, node, evaluator);
  };
}

/** The result for two integers or two texts, for which no overload needs to be looked up; undefined for the rest. */
function quickly(op: string, a: unknown, b: unknown): unknown {
  const integers = typeof a === 'bigint' && typeof b === 'bigint';
  if (!integers && !(typeof a === 'string' && typeof b === 'string')) return undefined;
  switch (op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '+': {
      if (!integers) return `${a}${b}`;
      const sum = a + b;
      return BigInt.asIntN(64, sum) === sum ? sum : undefined;
    }
    default:
      return undefined;
  }
}

function countedCall(node: Node, meter: CostMeter, name: string): Evaluate {
  const {handle} = node;
  const operands: readonly Node[] = node.receiverWithArgs ?? node.args[1];
  const free = isConstant(node);
  return (evaluator, _, context) => {
    const args = operands.map(operand => evaluator.run(operand, context));
    const given = args[0] instanceof CelNamespace ? args.slice(1) : args;
    // What grows with two sizes is refused before it runs; a joined text has a size only afterwards.
    if (name !== 'join' && !free) meter.charge(callCost(name, given, undefined));
    const value = node.op === 'call' ? handle?.(args, node, evaluator) : handle?.(args, evaluator, node);
    if (name === 'join') meter.charge(callCost(name, given, value));
    return value;
  };
}
