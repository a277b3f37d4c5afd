import {Duration} from '@marcbachmann/cel-js/evaluator';
import type {CustomSchema} from '../schema-types.ts';
import {parseDuration, parseTimestamp} from './times.ts';

/**
 * A JSON value as CEL sees it: integers by the schema's type, times and bytes by its format, and maps of only the
 * fields that the schema names (https://kubernetes.io/docs/reference/using-api/cel/#type-system-integration).
 */
export function toCel(schema: CustomSchema | undefined, value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return schema?.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
    case 'string':
      return textToCel(schema?.format, value);
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(item => toCel(schema?.items, item));
      return mapToCel(schema, value as Record<string, unknown>);
    default:
      return value;
  }
}

function textToCel(format: string | undefined, text: string): unknown {
  switch (format) {
    case 'byte':
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'duration':
      return parseDuration(text) ?? text;
    case 'date-time':
      return parseTimestamp(text) ?? text;
    case 'date':
      return parseTimestamp(`${text}T00:00:00Z`) ?? text;
    default:
      return text;
  }
}

function mapToCel(schema: CustomSchema | undefined, value: Record<string, unknown>): Map<string, unknown> {
  const map = new Map<string, unknown>();
  const others = schema?.additionalProperties;
  const open = schema?.['x-kubernetes-preserve-unknown-fields'] === true || !(schema?.properties || others);
  for (const [name, child] of Object.entries(value)) {
    const own =
      schema?.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (own) {
      const escaped = escapeName(name);
      if (escaped !== undefined) map.set(escaped, toCel(own, child));
    } else if (typeof others === 'object') map.set(name, toCel(others, child));
    else if (open || others === true) map.set(name, toCel(undefined, child));
    else if (isResourceField(name)) map.set(name, toCel(undefined, child));
  }
  return map;
}

/** Fields that rules at the root may name although the schema does not. */
function isResourceField(name: string): boolean {
  return name === 'apiVersion' || name === 'kind' || name === 'metadata';
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** A property's name as rules write it; undefined where they can't (apiserver, pkg/cel/escaping.go). */
export function escapeName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return undefined;
  return name.replaceAll(/__|[./-]/g, part => escapes[part] ?? part);
}

/** What CEL counts as a value's size: characters, bytes, items or entries, and 1 for everything else. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Map) return value.size;
  if (value !== null && typeof value === 'object' && value.constructor === Object)
    return Object.keys(value).length;
  return 1;
}

/** Equality as cel-go has it: numbers of all types compare, values of different types differ, depth counts. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const numberA = numeric(a);
  const numberB = numeric(b);
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of its value only this way
  if (numberA !== undefined && numberB !== undefined) return numberA == numberB;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && sameItems([...a], [...b]);
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Duration) return b instanceof Duration && a.seconds === b.seconds && a.nanos === b.nanos;
  if ('equals' in a && typeof a.equals === 'function') return a.constructor === b.constructor && a.equals(b);
  const left = entriesOf(a);
  const right = entriesOf(b);
  if (!left || !right || left.size !== right.size) return false;
  return [...left].every(([key, value]) => right.has(key) && equal(value, right.get(key)));
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index]));
}

function entriesOf(value: object): Map<unknown, unknown> | undefined {
  if (value instanceof Map) return value;
  return value.constructor === Object ? new Map(Object.entries(value)) : undefined;
}

function numeric(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const inner =
    value !== null && typeof value === 'object' && !(value instanceof Date) ? value.valueOf() : undefined;
  return typeof inner === 'bigint' ? inner : undefined;
}
