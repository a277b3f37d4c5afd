import type {KubeObject} from '../objects.ts';
import {customSchema} from './custom-types.ts';
import {applyDefaults} from './defaults/defaults.ts';
import {defaultCustom, validateCustom} from './schema/custom.ts';
import {materialiseSpec, missingFields} from './schema/required-fields.ts';
import {type UnknownField, unknownFields} from './schema/unknown-fields.ts';
import type {ServedType} from './served-type.ts';
import type {FieldError} from './validation/field-error.ts';
import {validateObject} from './validation/validate.ts';

/** What a kind's schema says about an object in its stored form, whether built in or brought by a CRD. */

/** Paths of fields that the kind does not have. */
export function unknownFieldsOf(type: ServedType, object: KubeObject): UnknownField[] {
  return unknownFields({...type, group: storedGroup(type)}, storedVersion(type), object, storedSchema(type));
}

/** Fills in defaults, in place. */
export function applyTypeDefaults(type: ServedType, object: KubeObject): void {
  if (!type.custom) {
    materialiseSpec(type, object);
    applyDefaults(type.storage, object);
  } else if (storedSchema(type)) defaultCustom(storedSchema(type), object);
}

/** @param warn hears of rules of the schema that the sandbox can't check */
export function validateByType(
  type: ServedType,
  object: KubeObject,
  previous: KubeObject | undefined,
  warn: (text: string) => void,
): FieldError[] {
  const errors = validateObject(type.storage, object, previous);
  const schema = storedSchema(type);
  if (!type.custom) return [...errors, ...missingFields(type, object, previous).filter(isNews(errors))];
  if (!schema) return errors;
  const unchecked = (path: string, rule: string, why: string) =>
    warn(`the sandbox did not check a rule of ${path || 'the object'}: ${rule} (${why})`);
  return [...errors, ...validateCustom(schema, object, previous, unchecked)];
}

/** Tells what the validation of the kind has not said already, of the same field or of what contains it. */
function isNews(known: readonly FieldError[]): (error: FieldError) => boolean {
  const covers = (outer: string, field: string) =>
    field.startsWith(outer) && /^$|[.[]/.test(field.charAt(outer.length));
  return error => !known.some(({field}) => field !== '' && covers(field, error.field));
}

/** The schema of the stored form of a custom kind. */
export function storedSchema(type: ServedType): any {
  return type.crd && customSchema(type.crd, storedVersion(type));
}

function storedVersion(type: ServedType): string {
  return type.storedAs.split('/').at(-1) as string;
}

function storedGroup(type: ServedType): string {
  return type.storedAs.includes('/') ? (type.storedAs.split('/')[0] as string) : '';
}
