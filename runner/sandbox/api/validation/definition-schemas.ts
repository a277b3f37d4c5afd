import {regexFault} from '../../../istio/re2.ts';
import {isMap} from '../../json.ts';
import {compileCel} from '../schema/cel/compile.ts';
import {CelUnsupported} from '../schema/cel/faults.ts';
import type {CustomSchema, ValidationRule} from '../schema/schema-types.ts';
import {type FieldError, invalidValue, requiredValue} from './field-error.ts';

/**
 * What is wrong with the patterns and rules of a definition's schema, so that no object meets them: `pattern` is a
 * regular expression, a rule compiles (apiextensions, pkg/apis/apiextensions/validation).
 * @param path of the schema
 */
export function validateSchemaExpressions(schema: unknown, path: string): FieldError[] {
  if (!isMap(schema)) return [];
  const {pattern, properties, items, additionalProperties} = schema as CustomSchema;
  const errors: FieldError[] = [];
  const fault = typeof pattern === 'string' ? regexFault(pattern) : undefined;
  if (fault !== undefined) {
    const why = `must be a valid regular expression, but isn't: ${fault}`;
    errors.push(invalidValue(`${path}.pattern`, pattern, why));
  }
  const rules = schema['x-kubernetes-validations'];
  for (const [index, rule] of (Array.isArray(rules) ? rules : []).entries()) {
    errors.push(...ruleErrors(rule, `${path}.x-kubernetes-validations[${index}]`));
  }
  if (isMap(properties)) {
    for (const [name, child] of Object.entries(properties)) {
      errors.push(...validateSchemaExpressions(child, `${path}.properties[${name}]`));
    }
  }
  errors.push(...validateSchemaExpressions(items, `${path}.items`));
  errors.push(...validateSchemaExpressions(additionalProperties, `${path}.additionalProperties`));
  return errors;
}

function ruleErrors(rule: unknown, path: string): FieldError[] {
  if (!isMap(rule)) return [];
  const {rule: source, messageExpression} = rule as Partial<ValidationRule>;
  if (typeof source !== 'string' || source.trim() === '')
    return [requiredValue(`${path}.rule`, 'rule is not specified')];
  const errors: FieldError[] = [];
  for (const [field, text] of [
    ['rule', source],
    ['messageExpression', messageExpression],
  ] as const) {
    const fault = typeof text === 'string' && text !== '' ? compileFault(text) : undefined;
    if (fault === undefined) continue;
    const message = `Invalid value: ${goValue(rule)}: ${field === 'rule' ? '' : `${field} `}compilation failed: ${fault}`;
    errors.push({reason: 'FieldValueInvalid', field: `${path}.${field}`, message});
  }
  return errors;
}

function compileFault(source: string): string | undefined {
  try {
    compileCel(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof CelUnsupported)) throw error;
    return `ERROR: <input>: ${error.message}\n | ${source.split('\n')[0]}`;
  }
}

/** A rule as Go prints it. */
function goValue({
  rule = '',
  message = '',
  messageExpression = '',
  fieldPath = '',
}: Partial<ValidationRule>): string {
  const text = JSON.stringify;
  return `apiextensions.ValidationRule{Rule:${text(rule)}, Message:${text(message)}, MessageExpression:${text(messageExpression)}, Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:${text(fieldPath)}, OptionalOldSelf:(*bool)(nil)}`;
}
