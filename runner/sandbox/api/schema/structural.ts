import {RegexError, search} from '../../../istio/re2.ts';
import {equalJson} from '../../json.ts';
import {type CustomSchema, childPath} from './schema-types.ts';

/** What the walker finds; finer than the causes of a Status, since some kinds keep the rules from running. */
export interface StructuralError {
  kind:
    | 'Required'
    | 'TypeInvalid'
    | 'Invalid'
    | 'NotSupported'
    | 'TooLong'
    | 'TooMany'
    | 'Duplicate'
    | 'Forbidden';
  /** Empty for the object as a whole, which Kubernetes prints as `<nil>`. */
  field: string;
  message: string;
}

/**
 * Checks a value against a structural schema, with the messages of the API server (kube-openapi's validators
 * as apiextensions wraps them).
 */
export function checkStructure(schema: CustomSchema, value: unknown, path: string): StructuralError[] {
  const types = typesOf(schema);
  if (value === null) {
    if (schema.nullable || types.length === 0) return [];
    return [typeError(path, types, 'null')];
  }
  const errors: StructuralError[] = [];
  const actual = jsonType(value);
  if (types.length > 0 && !types.some(type => fits(type, actual, value)))
    errors.push(typeError(path, types, actual));
  errors.push(...checkCompositions(schema, value, path));
  if (typeof value === 'string') errors.push(...checkString(schema, value, path));
  if (typeof value === 'number') errors.push(...checkNumber(schema, value, path));
  if (Array.isArray(value)) errors.push(...checkArray(schema, value, path));
  if (schema.enum && !schema.enum.some(allowed => equalJson(allowed, value))) {
    const list = schema.enum.map(one => JSON.stringify(typeof one === 'string' ? one : JSON.stringify(one)));
    errors.push({
      kind: 'NotSupported',
      field: path,
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list.join(', ')}`,
    });
  }
  if (actual === 'object') errors.push(...checkObject(schema, value as Record<string, unknown>, path));
  return errors;
}

function typesOf(schema: CustomSchema): string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function fits(wanted: string, actual: string, value: unknown): boolean {
  if (wanted === actual) return true;
  if (wanted === 'number') return actual === 'integer';
  return wanted === 'integer' && typeof value === 'number' && Number.isInteger(value);
}

function typeError(path: string, types: readonly string[], actual: string): StructuralError {
  return {
    kind: 'TypeInvalid',
    field: path,
    message: `Invalid value: ${JSON.stringify(actual)}: ${path} in body must be of type ${types.join(',')}: ${JSON.stringify(actual)}`,
  };
}

function invalid(path: string, value: unknown, problem: string): StructuralError {
  return {
    kind: 'Invalid',
    field: path,
    message: `Invalid value: ${JSON.stringify(value)}: ${path} in body ${problem}`,
  };
}

/** Formats of texts that are checked: those that Istio's and the built-in definitions have. */
const formats: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/,
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/,
};

function checkString(schema: CustomSchema, value: string, path: string): StructuralError[] {
  const fault = textFault(schema, value, path);
  const errors = fault ? [fault] : [];
  const format = formats[schema.format ?? ''];
  if (format && !format.test(value)) {
    const wrong = invalid(path, value, `must be of type ${schema.format}: ${JSON.stringify(value)}`);
    errors.push({...wrong, kind: 'TypeInvalid'});
  }
  return errors;
}

/** Of a text's length and pattern only the first that is wrong is told. */
function textFault(schema: CustomSchema, value: string, path: string): StructuralError | undefined {
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    const bytes = schema.maxLength === 1 ? 'byte' : 'bytes';
    return {
      kind: 'TooLong',
      field: path,
      message: `Too long: may not be more than ${schema.maxLength} ${bytes}`,
    };
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    return invalid(path, value, `should be at least ${schema.minLength} chars long`);
  }
  const mismatch = schema.pattern === undefined ? undefined : patternFault(schema.pattern, value);
  return mismatch === undefined ? undefined : invalid(path, value, mismatch);
}

/** What keeps a text from matching a schema's pattern (kube-openapi, pkg/validation/validate/values.go). */
function patternFault(pattern: string, value: string): string | undefined {
  try {
    return search(pattern).test(value) ? undefined : `should match '${pattern}'`;
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return `should match '${pattern}, but pattern is invalid: ${error.message}'`;
  }
}

/** The formats of numbers (`int32`, `uint32`) are not checked: the API server drops formats that it does not know. */
function checkNumber(schema: CustomSchema, value: number, path: string): StructuralError[] {
  const errors: StructuralError[] = [];
  const {maximum, minimum, multipleOf} = schema;
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    const or = schema.exclusiveMaximum ? '' : ' or equal to';
    errors.push(invalid(path, value, `should be less than${or} ${maximum}`));
  }
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    const or = schema.exclusiveMinimum ? '' : ' or equal to';
    errors.push(invalid(path, value, `should be greater than${or} ${minimum}`));
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    errors.push(invalid(path, value, `should be a multiple of ${multipleOf}`));
  }
  return errors;
}

function checkArray(schema: CustomSchema, value: readonly unknown[], path: string): StructuralError[] {
  const errors: StructuralError[] = [];
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    errors.push(tooMany(path, value.length, schema.maxItems));
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    errors.push(invalid(path, value.length, `should have at least ${schema.minItems} items`));
  }
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set' || listType === 'map') {
    const keys = schema['x-kubernetes-list-map-keys'] ?? [];
    errors.push(...duplicates(value, path, listType === 'map' ? keys : undefined));
  }
  if (schema.items) {
    for (const [index, item] of value.entries())
      errors.push(...checkStructure(schema.items, item, `${path}[${index}]`));
  }
  return errors;
}

function duplicates(
  items: readonly unknown[],
  path: string,
  keys: readonly string[] | undefined,
): StructuralError[] {
  const seen = new Set<string>();
  const errors: StructuralError[] = [];
  for (const [index, item] of items.entries()) {
    const identity = keys ? Object.fromEntries(keys.map(key => [key, (item as any)?.[key]])) : item;
    const text = JSON.stringify(identity);
    if (seen.has(text)) {
      // Kubernetes prints the keys as the Go value that holds them.
      const shown = keys ? `map[string]interface {}${text}` : text;
      errors.push({kind: 'Duplicate', field: `${path}[${index}]`, message: `Duplicate value: ${shown}`});
    }
    seen.add(text);
  }
  return errors;
}

function tooMany(path: string, actual: number, maximum: number): StructuralError {
  const items = maximum === 1 ? 'item' : 'items';
  return {
    kind: 'TooMany',
    field: path,
    message: `Too many: ${actual}: must have at most ${maximum} ${items}`,
  };
}

function checkObject(schema: CustomSchema, value: Record<string, unknown>, path: string): StructuralError[] {
  const errors: StructuralError[] = [];
  const count = Object.keys(value).length;
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    errors.push(tooMany(path, count, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    errors.push(invalid(path, count, `should have at least ${schema.minProperties} properties`));
  }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) {
      errors.push({kind: 'Required', field: childPath(path, name), message: 'Required value'});
    }
  }
  for (const [name, child] of Object.entries(value)) {
    const own = schema.properties?.[name];
    const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    const childSchema = own ?? others;
    if (childSchema) errors.push(...checkStructure(childSchema, child, childPath(path, name)));
  }
  return errors;
}

function checkCompositions(schema: CustomSchema, value: unknown, path: string): StructuralError[] {
  const errors: StructuralError[] = [];
  const attempts = (schemas: readonly CustomSchema[]) => schemas.map(one => checkStructure(one, value, path));
  const whole = (text: string): StructuralError => ({
    kind: 'Invalid',
    field: '',
    message: `Invalid value: "": ${JSON.stringify(path)} ${text}`,
  });
  if (schema.anyOf) {
    const results = attempts(schema.anyOf);
    if (results.every(found => found.length > 0)) {
      errors.push(whole('must validate at least one schema (anyOf)'), ...shortest(results));
    }
  }
  if (schema.oneOf) {
    const results = attempts(schema.oneOf);
    const valid = results.filter(found => found.length === 0).length;
    if (valid === 0) {
      errors.push(
        whole('must validate one and only one schema (oneOf). Found none valid'),
        ...shortest(results),
      );
    } else if (valid > 1) {
      errors.push(whole(`must validate one and only one schema (oneOf). Found ${valid} valid alternatives`));
    }
  }
  if (schema.allOf) {
    const results = attempts(schema.allOf);
    const failed = results.filter(found => found.length > 0);
    if (failed.length > 0) {
      const none = failed.length === results.length ? '. None validated' : '';
      errors.push(whole(`must validate all the schemas (allOf)${none}`), ...failed.flat());
    }
  }
  if (schema.not && checkStructure(schema.not, value, path).length === 0) {
    errors.push(whole('must not validate the schema (not)'));
  }
  return errors;
}

/** The alternative that came closest, whose errors are told beside the one of the composition. */
function shortest(results: readonly StructuralError[][]): StructuralError[] {
  return results.reduce<StructuralError[]>(
    (best, found) => (best.length === 0 || found.length < best.length ? found : best),
    [],
  );
}
