import {evaluate} from './cel/evaluate.ts';
import {CelError, CelUnsupported} from './cel/functions.ts';
import {parseCel} from './cel/parse.ts';
import {CelSyntaxError, type Expression} from './cel/syntax.ts';
import {type CustomSchema, childPath, type ValidationRule} from './schema-types.ts';
import type {StructuralError} from './structural.ts';

/** Hears of a rule that could not be checked: its path and why. */
export type UncheckedListener = (path: string, rule: string, why: string) => void;

interface RuleRun {
  onUnchecked: UncheckedListener;
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
  run: RuleRun,
): StructuralError[] {
  if (value === null || value === undefined) return [];
  const errors: StructuralError[] = [];
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const error = checkRule(rule, schema, value, old, path, run);
    if (error) errors.push(error);
  }
  if (Array.isArray(value)) {
    if (schema.items) {
      for (const [index, item] of value.entries()) {
        errors.push(...checkRules(schema.items, item, undefined, `${path}[${index}]`, run));
      }
    }
    return errors;
  }
  if (typeof value !== 'object') return errors;
  const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  for (const [name, child] of Object.entries(value)) {
    const own = schema.properties?.[name];
    const childSchema = own ?? others;
    // A map's key is written as an index, where the structure's own messages write it as a field.
    const place = own ? childPath(path, name) : `${path}[${name}]`;
    if (childSchema) errors.push(...checkRules(childSchema, child, (old as any)?.[name], place, run));
  }
  return errors;
}

function checkRule(
  rule: ValidationRule,
  schema: CustomSchema,
  value: unknown,
  old: unknown,
  path: string,
  run: RuleRun,
): StructuralError | undefined {
  const parsed = parsedRule(rule.rule);
  if (parsed instanceof CelSyntaxError) {
    run.onUnchecked(path, rule.rule, parsed.message);
    return undefined;
  }
  if (old === undefined && /\boldSelf\b/.test(rule.rule)) return undefined;
  // Kubernetes names the schema's type in place of the value that failed.
  const type = JSON.stringify(schema['x-kubernetes-int-or-string'] ? '' : (schema.type ?? ''));
  const failure = (text: string): StructuralError => ({
    kind: 'Invalid',
    field: path,
    message: `Invalid value: ${type}: ${text}`,
  });
  const text = rule.message?.trim();
  try {
    const scope = {self: value, ...(old === undefined ? {} : {oldSelf: old})};
    return evaluate(parsed, scope) === true ? undefined : failure(text ?? `failed rule: ${rule.rule.trim()}`);
  } catch (error) {
    if (error instanceof CelError)
      return failure(`${error.message} evaluating rule: ${text ?? rule.rule.trim()}`);
    if (!(error instanceof CelUnsupported)) throw error;
    run.onUnchecked(path, rule.rule, error.message);
    return undefined;
  }
}

const parsedRules = new Map<string, Expression | CelSyntaxError>();

function parsedRule(rule: string): Expression | CelSyntaxError {
  const known = parsedRules.get(rule);
  if (known) return known;
  let result: Expression | CelSyntaxError;
  try {
    result = parseCel(rule);
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error;
    result = error;
  }
  parsedRules.set(rule, result);
  return result;
}
