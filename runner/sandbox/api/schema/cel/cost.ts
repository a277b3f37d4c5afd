import {CelCostExceeded} from './faults.ts';
import {sizeOf} from './values.ts';

/**
 * What an expression costs as it runs, in the units of cel-go (interpreter/runtimecost.go, common/cost.go) with the
 * functions of Kubernetes (apiserver, pkg/cel/library/cost.go).
 */
export const costs = {select: 1, list: 10, map: 30, perCharacter: 0.1, perRegexCharacter: 0.25} as const;

const tooMuch = new CelCostExceeded();

/** What an evaluation may take. */
export interface CostLimit {
  cost: number;
  /** Of `performance.now()`: where it ends whatever it has cost, since a step may be dearer here than in cel-go. */
  deadline: number;
}

/** Adds up what one evaluation costs. */
export class CostMeter {
  cost = 0;
  exceeded = false;
  #limit = Number.POSITIVE_INFINITY;
  #deadline = Number.POSITIVE_INFINITY;

  start({cost, deadline}: CostLimit): void {
    this.cost = 0;
    this.exceeded = false;
    this.#limit = cost;
    this.#deadline = deadline;
  }

  /** @throws CelCostExceeded from the moment on that it is too much: operators may take one error for another. */
  charge(cost: number): void {
    this.cost += cost;
    this.exceeded ||=
      this.cost > this.#limit || (this.cost % 64 < cost && performance.now() > this.#deadline);
    if (this.exceeded) throw tooMuch;
  }
}

const traversal = (value: unknown, times = 1) => Math.ceil(sizeOf(value) * times * costs.perCharacter);

function regexCost(value: unknown, pattern: unknown): number {
  return (
    Math.ceil((1 + sizeOf(value)) * costs.perCharacter) * Math.ceil(sizeOf(pattern) * costs.perRegexCharacter)
  );
}

function deepTraversal(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array)
    return Math.floor(value.length * costs.perCharacter);
  if (Array.isArray(value)) return value.reduce<number>((total, item) => total + deepTraversal(item), 0);
  if (value instanceof Map) {
    return [...value].reduce((total, [key, item]) => total + deepTraversal(key) + deepTraversal(item), 0);
  }
  return 1;
}

/** The cost of a function's call; one that is not named here costs 1. @param args with the target in front */
export function callCost(name: string, args: readonly unknown[], result: unknown): number {
  const [first, second] = args;
  switch (name) {
    case 'isSorted':
    case 'sum':
    case 'max':
    case 'min':
    case 'indexOf':
    case 'lastIndexOf':
      return deepTraversal(first);
    case 'url':
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
    case 'isIP':
    case 'cidr':
    case 'isCIDR':
    case 'quantity':
    case 'isQuantity':
    case 'semver':
    case 'isSemver':
    case 'startsWith':
    case 'endsWith':
      return traversal(first);
    case 'ip':
      return typeof first === 'string' ? traversal(first) : 1;
    case 'bytes':
    case 'string':
      return typeof first === 'string' || first instanceof Uint8Array ? traversal(first) : 1;
    case 'replace':
    case 'split':
    case 'isCanonical':
      return traversal(first, 2);
    case 'join':
      return traversal(result, 2);
    case 'matches':
    case 'find':
    case 'findAll':
      return regexCost(first, second);
    case 'contains':
      // A list's, as in `sets.contains`, compares each with each.
      return Array.isArray(first) ? 1 + sizeOf(first) * sizeOf(second) : traversal(first) * traversal(second);
    case 'equivalent':
    case 'intersects':
      return 1 + sizeOf(first) * sizeOf(second);
    case 'containsIP':
      return traversal(1, 32) + (typeof second === 'string' ? traversal(second) : 0);
    case 'containsCIDR':
      return traversal(1, 48) + 1 + (typeof second === 'string' ? traversal(second) : 0);
    default:
      return 1;
  }
}

/** The cost of an operator with two operands. */
export function operatorCost(operator: string, left: unknown, right: unknown): number {
  const smaller = Math.min(sizeOf(left), sizeOf(right));
  switch (operator) {
    case '==':
    case '!=':
      return Math.ceil(smaller * costs.perCharacter);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return typeof left === 'string' ? Math.ceil(smaller * costs.perCharacter) : 1;
    case 'in':
      return Array.isArray(right) ? right.length : 1;
    case '+':
      if (typeof left === 'string') return Math.ceil((sizeOf(left) + sizeOf(right)) * costs.perCharacter);
      // cel-go joins lists without copying them; here long ones cost a little more.
      return Array.isArray(left) ? Math.max(1, Math.ceil((sizeOf(left) + sizeOf(right)) / 100)) : 1;
    default:
      return 1;
  }
}
