/** One thing that is wrong with an object: a cause of the 422 that answers it. */
export interface FieldError {
  reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueTooMany';
  /** The path of the field, as `spec.template.spec.containers[0].name`. */
  field: string;
  /** What clients print after the path, from `Invalid value:` on. */
  message: string;
}

/** A value as Kubernetes writes it into a message. */
export function shown(value: unknown): string {
  return value === undefined || value === null ? '"null"' : JSON.stringify(value);
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return {reason: 'FieldValueInvalid', field, message: `Invalid value: ${shown(value)}: ${detail}`};
}

export function requiredValue(field: string, detail = ''): FieldError {
  return {
    reason: 'FieldValueRequired',
    field,
    message: detail ? `Required value: ${detail}` : 'Required value',
  };
}

export function unsupportedValue(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map(one => JSON.stringify(one)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${shown(value)}: supported values: ${list}`,
  };
}

export function duplicateValue(field: string, value: unknown): FieldError {
  return {reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${shown(value)}`};
}

export function tooMany(field: string, count: number, most: number): FieldError {
  return {reason: 'FieldValueTooMany', field, message: `Too many: ${count}: must have at most ${most} items`};
}

export function forbiddenValue(field: string, detail: string): FieldError {
  return {reason: 'FieldValueForbidden', field, message: `Forbidden: ${detail}`};
}
