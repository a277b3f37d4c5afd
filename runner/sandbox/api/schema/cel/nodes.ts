import type {CelFunction} from './functions.ts';

/** The part of the library's syntax tree that costs are counted by. */
export interface Node {
  op: string;
  args: any;
  meta: {alternate?: Node; macro?: Macro; evaluate: Evaluate};
  evaluate: Evaluate;
  /** Set by the check: operands, and what applies the operator or function. */
  left?: Node;
  right?: Node;
  receiverWithArgs?: readonly Node[];
  handle?: CelFunction;
}

export type Evaluate = (evaluator: Evaluator, node: any, context: unknown) => unknown;

export interface Evaluator {
  run(node: Node, context: unknown): unknown;
}

export interface Macro {
  evaluate: Evaluate;
  /** Of `has`: the fields from the last to the first, then the variable. */
  macroHasProps?: readonly Node[];
}

/** Every node below, macros and what they stand for included. */
export function nodesOf(root: Node): Set<Node> {
  const found = new Set<Node>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
    } else if (isNode(value)) {
      if (found.has(value)) return;
      found.add(value);
      visit(value.meta.alternate);
      visitFields(value.meta.macro);
      if (value.op === 'comprehension') visitFields(value.args);
      else visit(value.args);
    }
  };
  const visitFields = (value: object | undefined) => {
    for (const each of Object.values(value ?? {})) visit(each);
  };
  visit(root);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'meta' in value;
}
