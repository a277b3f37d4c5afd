import type {KubeObject} from '../objects.ts';
import type {ServedType} from './served-type.ts';

/**
 * Removes the fields that are null from an object of a built-in kind, in place: to the API server they are not
 * there, as its decoder leaves the field of the Go type unset. Charts send them for every empty `env:`. For
 * custom resources the schema decides.
 */
export function dropNullFields(type: ServedType, object: KubeObject): void {
  if (!type.custom) drop(object);
}

function drop(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
  if (Array.isArray(value)) {
    for (const item of value) drop(item);
    return;
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    if (object[key] === null) delete object[key];
    else drop(object[key]);
  }
}
