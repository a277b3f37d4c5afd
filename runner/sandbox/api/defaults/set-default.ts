/** Sets a field only where it is missing, as defaulting never overrules what was said. */
export function setDefault(object: any, field: string, value: unknown): void {
  if (object[field] === undefined || object[field] === null) object[field] = value;
}

/** As `setDefault`, and also where an empty string or a zero stands for "not said". */
export function setWhenEmpty(object: any, field: string, value: unknown): void {
  const current = object[field];
  if (current === undefined || current === null || current === '' || current === 0) object[field] = value;
}

/** The object in a field, made if it is missing. */
export function inside(object: any, field: string): any {
  object[field] ??= {};
  return object[field];
}
