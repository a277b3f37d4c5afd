import {Environment} from '@marcbachmann/cel-js/evaluator';
import {type CostLimit, CostMeter} from './cost.ts';
import {countCosts} from './count.ts';
import {CelCostExceeded, CelUnsupported, celErrorOf} from './faults.ts';
import {type CelFunction, CelNamespace, celTypes, globalFunctions, methods, namespaces} from './functions.ts';
import {type Node, nodesOf} from './nodes.ts';

/** A compiled expression. It is evaluated by one caller at a time. */
export interface CompiledExpression {
  /**
   * @param scope `self` and what else it may name, as CEL values
   * @throws CelError for what fails at evaluation, as cel-go would
   */
  evaluate(scope: Readonly<Record<string, unknown>>, limit: CostLimit): {value: unknown; cost: number};
  /** The cost of the last evaluation, also of one that failed. */
  readonly cost: number;
}

/** Functions of ours stand under names of their own, since the library's can't be replaced. */
const prefix = 'kubernetes_';

/** Made when the first expression comes: it takes a while, and many a run has no custom resource. */
let environment: Environment | undefined;

/** Compiles an expression that may name `self` and `oldSelf`. @throws CelUnsupported */
export function compileCel(source: string): CompiledExpression {
  const parsed = parse(source);
  const root = parsed.ast as unknown as Node;
  for (const node of nodesOf(root)) rename(node);
  const checked = parsed.check();
  if (!checked.valid) throw new CelUnsupported(summaryOf(checked.error));
  const meter = new CostMeter();
  countCosts(root, meter, name => (name.startsWith(prefix) ? name.slice(prefix.length) : name));
  return {
    get cost() {
      return meter.cost;
    },
    evaluate(scope, limit) {
      meter.start(limit);
      try {
        const value = parsed({...scope});
        // An operator may have taken the error for one of its operand.
        if (meter.exceeded) throw new CelCostExceeded();
        return {value, cost: meter.cost};
      } catch (error) {
        if (meter.exceeded) throw new CelCostExceeded();
        throw celErrorOf(error) ?? error;
      }
    },
  };
}

function parse(source: string) {
  try {
    environment ??= createEnvironment();
    return environment.parse(source);
  } catch (error) {
    throw new CelUnsupported(summaryOf(error));
  }
}

function summaryOf(error: unknown): string {
  const summary = error instanceof Error && 'summary' in error ? String(error.summary) : String(error);
  return summary.replaceAll(prefix, '');
}

function createEnvironment(): Environment {
  const made = new Environment({enableOptionalTypes: true, homogeneousAggregateLiterals: false});
  for (const name of ['self', 'oldSelf']) made.registerVariable(name, 'dyn');
  for (const [name, type] of Object.entries(celTypes)) made.registerType(name, type);
  const arities = [0, 1, 2, 3];
  const register = (name: string, receiver: string, run: CelFunction) => {
    for (const arity of arities) {
      if (receiver === '' && arity === 0) continue;
      const parameters = new Array<string>(arity).fill('dyn').join(', ');
      const signature = `${receiver}${prefix}${name}(${parameters}): dyn`;
      made.registerFunction(signature, (...args: unknown[]) => run(...args), {async: false});
    }
  };
  for (const [name, run] of Object.entries(globalFunctions)) register(name, '', run);
  for (const [name, run] of Object.entries(methods)) register(name, 'dyn.', run);
  for (const [name, members] of Object.entries(namespaces)) {
    const type = `Namespace${name}`;
    const ctor = class extends CelNamespace {};
    made.registerType(type, {ctor, fields: {}});
    made.registerConstant(name, type, new ctor());
    for (const [member, run] of Object.entries(members)) {
      const parameters = new Array<string>(run.length).fill('dyn').join(', ');
      const signature = `${type}.${member}(${parameters}): bool`;
      made.registerFunction(signature, (_: unknown, ...args: unknown[]) => run(...args), {async: false});
    }
  }
  return made;
}

/** Leads a call to our own function where there is one. */
function rename(node: Node): void {
  if (node.meta.alternate || node.meta.macro) return;
  if (node.op === 'call' && Object.hasOwn(globalFunctions, node.args[0]))
    node.args[0] = prefix + node.args[0];
  else if (node.op === 'rcall' && Object.hasOwn(methods, node.args[0])) node.args[0] = prefix + node.args[0];
}
