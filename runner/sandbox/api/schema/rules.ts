import {isMap} from '../../json.ts';
import {type CompiledExpression, compileCel} from './cel/compile.ts';
import type {CostLimit} from './cel/cost.ts';
import {CelCostExceeded, CelError, CelUnsupported} from './cel/faults.ts';
import {escapeName, toCel} from './cel/values.ts';
import {type CustomSchema, childPath, type ValidationRule} from './schema-types.ts';
import type {StructuralError} from './structural.ts';

/** Hears of a rule that could not be checked: its path and why. */
export type UncheckedListener = (path: string, rule: string, why: string) => void;

/** What one expression and all rules of one object may cost (apiserver, pkg/apis/cel/config.go). */
const perCallLimit = 1_000_000;
const objectBudget = 10_000_000;

/** Milliseconds for all rules of one object. */
const longest = 1000;

/** A message that is made by an expression may have this many bytes. */
const longestMessage = 5 * 1024;

interface Place {
  schema: CustomSchema;
  /** As JSON, and as CEL. */
  value: unknown;
  self: unknown;
  old: unknown;
  path: string;
}

/**
 * Runs the `x-kubernetes-validations` of a schema over a value that has the right shape. Rules that compare
 * with the old object run only where there is one, as in Kubernetes.
 */
export function checkRules(
  schema: CustomSchema,
  value: unknown,
  old: unknown,
  path: string,
  run: {onUnchecked: UncheckedListener},
): StructuralError[] {
  if (!hasRules(schema)) return [];
  const check = new RuleCheck(run.onUnchecked);
  check.visit({schema, value, self: toCel(schema, value), old, path});
  return check.errors;
}

/** Whether a schema has rules, at any depth. */
export function hasRules(schema: CustomSchema): boolean {
  const known = ruled.get(schema);
  if (known !== undefined) return known;
  const children = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  const found =
    (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
    children.some(child => typeof child === 'object' && hasRules(child));
  ruled.set(schema, found);
  return found;
}

const ruled = new WeakMap<CustomSchema, boolean>();

class RuleCheck {
  readonly errors: StructuralError[] = [];
  readonly #onUnchecked: UncheckedListener;
  /** Below zero once nothing more is run. */
  #budget = objectBudget;
  readonly #deadline = performance.now() + longest;

  constructor(onUnchecked: UncheckedListener) {
    this.#onUnchecked = onUnchecked;
  }

  get #limit(): CostLimit {
    return {cost: perCallLimit, deadline: this.#deadline};
  }

  visit(place: Place): void {
    const {schema, value, self, path} = place;
    if (value === null || value === undefined || self === undefined || !hasRules(schema)) return;
    for (const rule of schema['x-kubernetes-validations'] ?? []) {
      if (this.#budget < 0) return;
      this.#check(rule, place);
    }
    if (Array.isArray(value)) {
      const {items} = schema;
      if (!items || !Array.isArray(self)) return;
      for (const [index, item] of value.entries()) {
        if (this.#budget < 0) return;
        this.visit({
          schema: items,
          value: item,
          self: self[index],
          old: undefined,
          path: `${path}[${index}]`,
        });
      }
    } else if (typeof value === 'object' && self instanceof Map) this.#visitFields({...place, value, self});
  }

  #visitFields({schema, value, self, old, path}: Place & {value: object; self: Map<unknown, unknown>}): void {
    const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    for (const [name, child] of Object.entries(value)) {
      if (this.#budget < 0) return;
      const own = schema.properties?.[name];
      const childSchema = own ?? others;
      if (!childSchema) continue;
      const key = own ? escapeName(name) : name;
      this.visit({
        schema: childSchema,
        value: child,
        self: key === undefined ? toCel(childSchema, child) : self.get(key),
        old: isMap(old) && Object.hasOwn(old, name) ? old[name] : undefined,
        // A map's key is written as an index, where the structure's own messages write it as a field.
        path: own ? childPath(path, name) : `${path}[${name}]`,
      });
    }
  }

  #check(rule: ValidationRule, place: Place): void {
    const {schema, self, old, path} = place;
    if (old === undefined && /\boldSelf\b/.test(rule.rule)) return;
    const compiled = compiledRule(rule.rule);
    if (compiled instanceof CelUnsupported) return this.#onUnchecked(path, rule.rule, compiled.message);
    if (this.#budget === 0) return this.#outOfBudget(place);
    const scope = {self, ...(old === undefined ? {} : {oldSelf: toCel(schema, old)})};
    const text = rule.message?.trim() || rule.rule.trim();
    let passed: unknown;
    try {
      passed = compiled.evaluate(scope, this.#limit).value === true;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      this.#fail(place, failureText(error, text));
      if (error instanceof CelCostExceeded) this.#budget = -1;
      else this.#spend(compiled.cost, place);
      return;
    }
    if (!this.#spend(compiled.cost, place) || passed) return;
    const detail =
      this.#message(rule, scope, place) ?? (rule.message?.trim() || `failed rule: ${rule.rule.trim()}`);
    this.errors.push(errorFor(rule, place, detail));
  }

  /** @returns what the rule's own expression says, where it has one that works. */
  #message(rule: ValidationRule, scope: Readonly<Record<string, unknown>>, place: Place): string | undefined {
    if (!rule.messageExpression) return undefined;
    const compiled = compiledRule(rule.messageExpression);
    if (compiled instanceof CelUnsupported) return undefined;
    try {
      const {value, cost} = compiled.evaluate(scope, this.#limit);
      if (!this.#spend(cost, place)) return undefined;
      const text = typeof value === 'string' ? value.trim() : '';
      const fits = text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= longestMessage;
      return fits ? text : undefined;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      if (error instanceof CelCostExceeded) this.#budget = -1;
      return undefined;
    }
  }

  #spend(cost: number, place: Place): boolean {
    this.#budget -= cost;
    if (this.#budget >= 0) return true;
    this.#outOfBudget(place);
    return false;
  }

  #outOfBudget(place: Place): void {
    this.#budget = -1;
    this.#fail(
      place,
      'validation failed due to running out of cost budget, no further validation rules will be run',
    );
  }

  #fail({schema, path}: Place, text: string): void {
    this.errors.push({kind: 'Invalid', field: path, message: `Invalid value: ${typeShown(schema)}: ${text}`});
  }
}

function failureText(error: CelError, rule: string): string {
  const {message} = error;
  if (error instanceof CelCostExceeded) {
    return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`;
  }
  if (message.startsWith('no such overload')) {
    return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
  }
  return `${message} evaluating rule: ${rule}`;
}

/** Kubernetes names the schema's type in place of the value that failed. */
function typeShown(schema: CustomSchema): string {
  return JSON.stringify(schema['x-kubernetes-int-or-string'] ? '' : (schema.type ?? ''));
}

function errorFor(rule: ValidationRule, {schema, path}: Place, detail: string): StructuralError {
  const field = rule.fieldPath ? path + rule.fieldPath.replaceAll(/\['([^']*)'\]/g, '[$1]') : path;
  const shown = field.startsWith('.') ? field.slice(1) : field;
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return {kind: 'Forbidden', field: shown, message: `Forbidden: ${detail}`};
    case 'FieldValueRequired':
      return {kind: 'Required', field: shown, message: `Required value: ${detail}`};
    case 'FieldValueDuplicate':
      return {kind: 'Duplicate', field: shown, message: `Duplicate value: ${typeShown(schema)}`};
    default:
      return {kind: 'Invalid', field: shown, message: `Invalid value: ${typeShown(schema)}: ${detail}`};
  }
}

const compiledRules = new Map<string, CompiledExpression | CelUnsupported>();
const mostCompiled = 2000;

function compiledRule(rule: string): CompiledExpression | CelUnsupported {
  const known = compiledRules.get(rule);
  if (known) return known;
  let result: CompiledExpression | CelUnsupported;
  try {
    result = compileCel(rule);
  } catch (error) {
    if (!(error instanceof CelUnsupported)) throw error;
    result = error;
  }
  if (compiledRules.size >= mostCompiled) compiledRules.delete(compiledRules.keys().next().value as string);
  compiledRules.set(rule, result);
  return result;
}
