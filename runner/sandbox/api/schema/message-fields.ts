import {jsonOnlyTable} from './json-only-table.ts';
import {messageTable} from './message-table.ts';

/** One field of an API message; `type` is a scalar (`string`, `int32`, `int64`, `bool`, `bytes`, `double`) or a message name. */
export interface MessageField {
  /** The protobuf number; 0 where we know the message as JSON only. */
  number: number;
  /** The JSON name. */
  name: string;
  /** For a map: the type of its values (keys are always strings). */
  type: string;
  repeated: boolean;
  map: boolean;
  /** The message's own fields appear in the parent's JSON object. */
  inline: boolean;
  /** A pointer in the API's types: an explicit zero or empty string is kept. */
  pointer: boolean;
}

const scalars = new Set(['string', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'bytes', 'double', 'json']);

/** True for a type that is no message of the table. */
export function isScalar(type: string): boolean {
  return scalars.has(type);
}

let tables: Map<string, readonly MessageField[]> | undefined;

/**
 * The fields of one message, as `core.v1.Pod` or `meta.v1.ObjectMeta`.
 * @returns undefined when the table doesn't know the message.
 */
export function messageFields(message: string): readonly MessageField[] | undefined {
  tables ??= parseTables([messageTable, jsonOnlyTable]);
  return tables.get(message);
}

/** The package of an API group's messages: `apps` -> `apps`, `rbac.authorization.k8s.io` -> `rbac`, '' -> `core`. */
function packageOf(group: string): string {
  return group === '' ? 'core' : (group.split('.')[0] ?? group);
}

/**
 * The message that describes a kind.
 * @returns undefined when the table doesn't know the kind.
 */
export function messageNameOf(apiVersion: string, kind: string): string | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion];
  if (kind === 'DeleteOptions' || kind === 'Status') return `meta.v1.${kind}`;
  const name = `${packageOf(group ?? '')}.${version}.${kind}`;
  return messageFields(name) ? name : undefined;
}

/** Fields by JSON name with the `inline` messages flattened, which is how the object looks as JSON. */
export function jsonFields(message: string): Map<string, MessageField> | undefined {
  const cached = flattened.get(message);
  if (cached) return cached;
  const fields = messageFields(message);
  if (!fields) return undefined;
  const result = new Map<string, MessageField>();
  for (const field of fields) {
    if (!field.inline) result.set(field.name, field);
    else for (const [name, inner] of jsonFields(field.type) ?? []) result.set(name, inner);
  }
  flattened.set(message, result);
  return result;
}

const flattened = new Map<string, Map<string, MessageField>>();

function parseTables(texts: readonly string[]): Map<string, readonly MessageField[]> {
  const result = new Map<string, readonly MessageField[]>();
  let prefix = '';
  for (const line of texts.flatMap(text => text.replaceAll('\n  ', ' ').split('\n'))) {
    if (line.startsWith('package ')) {
      prefix = line.slice('package '.length);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const fields = line
      .slice(colon + 1)
      .split(',')
      .map(text => text.trim());
    result.set(
      `${prefix}.${line.slice(0, colon)}`,
      fields.filter(text => text !== '').map(text => parseField(text, prefix)),
    );
  }
  return result;
}

function parseField(text: string, prefix: string): MessageField {
  const words = text.split(' ');
  const number = words.length === 3 ? Number(words.shift()) : 0;
  const [name = '', spelled = ''] = words;
  const bare = spelled.replace(/(\[\]|[?!])+$/, '').replace(/^\{(.*)\}$/, '$1');
  return {
    number,
    name,
    type: bare.startsWith('.') ? `${prefix}${bare}` : bare,
    repeated: spelled.includes('[]'),
    map: spelled.startsWith('{'),
    inline: spelled.endsWith('!'),
    pointer: spelled.endsWith('?'),
  };
}
