import {isMap} from '../../json.ts';
import {base64Fault} from '../base64.ts';
import {isScalar, jsonFields, type MessageField} from './message-fields.ts';

/**
 * The first value of a built-in kind that its field can't hold, in the words of Go's decoder, which clients see
 * after `... cannot be handled as a Deployment: `.
 * @param message the kind's message, as `apps.v1.Deployment`
 * @returns undefined when every value fits, or the table doesn't know the message.
 */
export function misfit(message: string, value: Record<string, unknown>): string | undefined {
  return visitMessage(message, value, []);
}

/** The same for the metadata of an object whose other fields are not known here. */
export function misfitOfMetadata(kind: string, metadata: unknown): string | undefined {
  return metadata === null || metadata === undefined
    ? undefined
    : visitOne('meta.v1.ObjectMeta', metadata, {owner: kind, path: ['metadata']});
}

/** Messages that are a text, or a number as well, in JSON; the rest may be anything. */
const texts: Readonly<Record<string, readonly string[]>> = {
  'meta.v1.Time': ['string'],
  'meta.v1.MicroTime': ['string'],
  'meta.v1.Quantity': ['string', 'number'],
  'meta.v1.IntOrString': ['string', 'number'],
};
const free = new Set(['meta.v1.FieldsV1', 'meta.v1.RawExtension', 'json']);

function visitMessage(
  message: string,
  value: Record<string, unknown>,
  path: readonly string[],
): string | undefined {
  const fields = jsonFields(message);
  if (!fields) return undefined;
  for (const [name, child] of Object.entries(value)) {
    const field = fields.get(name);
    if (!field || child === null || child === undefined) continue;
    const wrong = visitField(field, child, {owner: message, path: [...path, name]});
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

interface Place {
  owner: string;
  path: readonly string[];
}

function visitField(field: MessageField, value: unknown, place: Place): string | undefined {
  if (field.repeated) {
    if (!Array.isArray(value)) return refusal(value, place, `[]${goType(field.type)}`);
    return first(value, item => visitOne(field.type, item, place));
  }
  if (field.map) {
    if (!isMap(value)) return refusal(value, place, `map[string]${goType(field.type)}`);
    return first(Object.entries(value), ([key, item]) =>
      visitOne(field.type, item, {...place, path: [...place.path, key]}),
    );
  }
  return visitOne(field.type, value, place);
}

function visitOne(type: string, value: unknown, place: Place): string | undefined {
  if (value === null || free.has(type)) return undefined;
  const allowed = texts[type];
  if (allowed) return allowed.includes(typeof value) ? undefined : refusal(value, place, goType(type));
  if (isScalar(type)) {
    if (!holds(type, value)) return refusal(value, place, goType(type));
    return type === 'bytes' ? base64Fault(value as string) : undefined;
  }
  if (!jsonFields(type)) return undefined;
  return isMap(value) ? visitMessage(type, value, place.path) : refusal(value, place, goType(type));
}

function first<T>(items: readonly T[], visit: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const wrong = visit(item);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function holds(scalar: string, value: unknown): boolean {
  switch (scalar) {
    case 'string':
    case 'bytes':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'double':
      return typeof value === 'number';
    case 'int32':
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
    default:
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 63;
  }
}

function refusal(value: unknown, {owner, path}: Place, type: string): string {
  const isNumeric = /^(u?int|float)/.test(type);
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const shown = kind === 'number' && isNumeric ? `number ${JSON.stringify(value)}` : kind;
  const struct = owner.split('.').at(-1);
  return `json: cannot unmarshal ${shown} into Go struct field ${struct}.${path.join('.')} of type ${type}`;
}

function goType(type: string): string {
  if (type === 'bytes') return '[]uint8';
  if (type === 'double') return 'float64';
  return isScalar(type) ? type : type.split('.').slice(-2).join('.');
}
