import type {KubeObject} from '../../objects.ts';
import type {FieldError} from '../validation/field-error.ts';
import {checkRules, hasRules, type UncheckedListener} from './rules.ts';
import type {CustomSchema} from './schema-types.ts';
import {checkStructure, type StructuralError} from './structural.ts';

/** Errors after which the API server does not run the rules any more. */
const blocking = new Set<StructuralError['kind']>([
  'Required',
  'TypeInvalid',
  'NotSupported',
  'TooLong',
  'TooMany',
]);

const reasons: Record<StructuralError['kind'], FieldError['reason']> = {
  Required: 'FieldValueRequired',
  NotSupported: 'FieldValueNotSupported',
  Duplicate: 'FieldValueDuplicate',
  Forbidden: 'FieldValueForbidden',
  Invalid: 'FieldValueInvalid',
  TypeInvalid: 'FieldValueInvalid',
  TooLong: 'FieldValueInvalid',
  TooMany: 'FieldValueInvalid',
};

/**
 * Checks a custom resource against the `openAPIV3Schema` of its version, with the API server's messages.
 * @param old the object as stored before, on an update: for rules that name `oldSelf`
 * @param onUnchecked hears of every validation rule that uses CEL we don't know; such a rule is never taken
 *   for passed in silence, so a caller should warn
 */
export function validateCustom(
  schema: CustomSchema,
  object: KubeObject,
  old?: KubeObject,
  onUnchecked: UncheckedListener = () => {},
): FieldError[] {
  const errors = checkStructure(schema, object, '');
  if (errors.some(error => blocking.has(error.kind))) {
    if (hasRules(schema)) {
      errors.push({
        kind: 'Invalid',
        field: '',
        message:
          'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      });
    }
  } else {
    errors.push(...checkRules(schema, object, old, '', {onUnchecked}));
  }
  // The same text is told once, as when two compositions of one field fail alike.
  const different = new Map(errors.map(error => [`${error.field}: ${error.message}`, error]));
  return [...different.values()].map(error => ({
    reason: reasons[error.kind],
    field: error.field === '' ? '<nil>' : error.field,
    message: error.message,
  }));
}

/** Removes, in place, every field that the schema doesn't know. */
export function pruneCustom(schema: CustomSchema, object: KubeObject): void {
  prune(schema, object, true);
}

function prune(schema: CustomSchema, value: unknown, resource: boolean): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) prune(schema.items, item, false);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Record<string, unknown>;
  const embedded = resource || schema['x-kubernetes-embedded-resource'] === true;
  const others = schema.additionalProperties;
  for (const [name, child] of Object.entries(object)) {
    if (embedded && (name === 'apiVersion' || name === 'kind' || name === 'metadata')) continue;
    const own = schema.properties?.[name] ?? (typeof others === 'object' ? others : undefined);
    if (own) prune(own, child, false);
    else if (others !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true) delete object[name];
  }
}

/**
 * Fills in the defaults that the schema names, in place, and takes away the nulls of fields that may not be null
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable);
 * those in lists stay, and fail.
 */
export function defaultCustom(schema: CustomSchema, object: KubeObject): void {
  fillDefaults(schema, object);
}

function fillDefaults(schema: CustomSchema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillDefaults(schema.items, item);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Record<string, unknown>;
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const missing = object[name] === undefined || (object[name] === null && child.nullable !== true);
    if (missing && child.default !== undefined) object[name] = structuredClone(child.default);
    else if (missing) delete object[name];
    if (object[name] !== undefined) fillDefaults(child, object[name]);
  }
  const others = schema.additionalProperties;
  if (typeof others !== 'object') return;
  for (const [name, child] of Object.entries(object)) {
    if (schema.properties?.[name]) continue;
    if (child === null && others.nullable !== true) delete object[name];
    else fillDefaults(others, child);
  }
}
