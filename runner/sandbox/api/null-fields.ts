import type {KubeObject} from '../objects.ts';
import {isScalar, jsonFields, messageNameOf} from './schema/message-fields.ts';
import type {ServedType} from './served-type.ts';

/**
 * Makes the nulls of a built-in kind what they are to the API server, in place: a field that is null is not there, as
 * its decoder leaves the field of the Go type unset, and an item of a list that is null is an empty one. Charts send
 * null for every empty `env:`. For custom resources the schema decides.
 */
export function dropNullFields(type: ServedType, object: KubeObject): void {
  if (!type.custom) drop(object, messageNameOf(type.storedAs, type.kind));
}

function drop(object: object, message: string | undefined): void {
  if (Object.isFrozen(object)) return;
  const fields = message === undefined ? undefined : jsonFields(message);
  for (const [name, value] of Object.entries(object)) {
    const field = fields?.get(name);
    if (value === null) Reflect.deleteProperty(object, name);
    else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (item === null) value[index] = emptyItem(field?.type);
        else if (typeof item === 'object') drop(item, field?.type);
      }
    } else if (typeof value === 'object') {
      if (!field?.map) drop(value, field?.type);
      else dropEntries(value, field.type);
    }
  }
}

/** A map's values are texts, numbers or messages; a null is the empty one of them. */
function dropEntries(map: Record<string, unknown>, type: string): void {
  for (const [key, value] of Object.entries(map)) {
    if (value === null) map[key] = emptyItem(type);
    else if (typeof value === 'object') drop(value, type);
  }
}

function emptyItem(type: string | undefined): unknown {
  if (type === 'meta.v1.Quantity' || type === 'meta.v1.IntOrString') return 0;
  if (type === undefined || !isScalar(type)) return {};
  if (type === 'bool') return false;
  return type === 'string' || type === 'bytes' ? '' : 0;
}
