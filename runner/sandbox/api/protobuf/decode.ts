import {type MessageField, messageFields} from '../schema/message-fields.ts';
import {wireFields} from './wire.ts';

/**
 * Decodes a message into the JSON form of the API.
 *
 * Go writes scalars that are no pointers even when they are zero, and JSON leaves those out; so a zero is kept
 * only where the table says that the field is a pointer (`replicas: 0`).
 * @throws RangeError for bytes that are cut off.
 */
export function decodeMessage(message: string, bytes: Uint8Array): any {
  const special = specialMessages[message];
  if (special) return special(decodeFields(message, bytes));
  return decodeFields(message, bytes);
}

function decodeFields(message: string, bytes: Uint8Array): Record<string, any> {
  const fields = byNumber(message);
  const object: Record<string, any> = {};
  for (const {number, value} of wireFields(bytes)) {
    const field = fields.get(number);
    if (!field) continue;
    if (field.map) addEntry(object, field, value as Uint8Array);
    else if (field.inline) Object.assign(object, decodeMessage(field.type, value as Uint8Array));
    else if (field.repeated) addItem(object, field, value);
    else {
      const decoded = decodeValue(field.type, value);
      if (decoded === undefined || (isZero(decoded) && !field.pointer && isScalarType(field.type))) continue;
      if (unsetWhenZero.has(field.name) && decoded === 0) continue;
      object[field.name] = decoded;
    }
  }
  return object;
}

/** `IntOrString` fields that are no pointers in Go: 0 in them means that nothing was given. */
const unsetWhenZero = new Set(['targetPort']);

/** Messages whose JSON form is no object with their fields. */
const specialMessages: Readonly<Record<string, (fields: Record<string, any>) => unknown>> = {
  'meta.v1.Time': ({seconds = 0}) => (seconds > 0 ? `${iso(seconds).slice(0, 19)}Z` : undefined),
  'meta.v1.MicroTime': ({seconds = 0, nanos = 0}) => {
    if (seconds <= 0) return undefined;
    return `${iso(seconds).slice(0, 19)}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`;
  },
  'meta.v1.IntOrString': ({type = 0, intVal = 0, strVal = ''}) => (type === 0 ? intVal : strVal),
  'meta.v1.Quantity': ({string = ''}) => string || '0',
  'meta.v1.FieldsV1': ({Raw}) => (Raw ? JSON.parse(Buffer.from(Raw, 'base64').toString('utf8')) : {}),
  'meta.v1.RawExtension': ({raw}) =>
    raw ? JSON.parse(Buffer.from(raw, 'base64').toString('utf8')) : undefined,
  'authentication.v1.ExtraValue': ({items = []}) => items,
  'authorization.v1.ExtraValue': ({items = []}) => items,
};

function addEntry(object: Record<string, any>, field: MessageField, bytes: Uint8Array): void {
  let key = '';
  let value: unknown;
  for (const entry of wireFields(bytes)) {
    if (entry.number === 1) key = text(entry.value as Uint8Array);
    else if (entry.number === 2) value = decodeValue(field.type, entry.value);
  }
  object[field.name] ??= {};
  object[field.name][key] = value ?? (field.type === 'string' || field.type === 'bytes' ? '' : {});
}

function addItem(object: Record<string, any>, field: MessageField, value: bigint | Uint8Array): void {
  object[field.name] ??= [];
  const numeric = field.type !== 'string' && field.type !== 'bytes' && isScalarType(field.type);
  if (numeric && value instanceof Uint8Array) {
    // Packed numbers: none of the API's lists is packed, yet the wire format allows it.
    for (const packed of packedNumbers(value)) object[field.name].push(decodeValue(field.type, packed));
  } else object[field.name].push(decodeValue(field.type, value));
}

function* packedNumbers(bytes: Uint8Array): Iterable<bigint> {
  let number = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    number |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    yield number;
    number = 0n;
    shift = 0n;
  }
}

function decodeValue(type: string, value: bigint | Uint8Array): unknown {
  if (value instanceof Uint8Array) {
    if (type === 'string') return text(value);
    if (type === 'bytes') return Buffer.from(value).toString('base64');
    return decodeMessage(type, value);
  }
  if (type === 'bool') return value !== 0n;
  if (type === 'double') return new Float64Array(new BigUint64Array([value]).buffer)[0];
  if (type === 'uint32' || type === 'uint64') return Number(value);
  return Number(BigInt.asIntN(64, value));
}

function isScalarType(type: string): boolean {
  return !type.includes('.');
}

function isZero(value: unknown): boolean {
  return value === 0 || value === '' || value === false;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

const numbered = new Map<string, ReadonlyMap<number, MessageField>>();

function byNumber(message: string): ReadonlyMap<number, MessageField> {
  let fields = numbered.get(message);
  if (!fields) {
    const known = messageFields(message) ?? [];
    fields = new Map(known.filter(field => field.number > 0).map(field => [field.number, field]));
    numbered.set(message, fields);
  }
  return fields;
}
