import type {CustomSchema} from '../../../runner/sandbox/api/schema/schema-types.ts';
import type {Choices} from '../cases/random.ts';
import {
  durations,
  fractions,
  mapsByField,
  namespacedHosts,
  numbersByField,
  otherNumbers,
  otherTexts,
  textsByField,
} from './field-values.ts';

/** The field that a value is for. */
export interface Field {
  kind: string;
  name: string;
  schema: CustomSchema;
}

/** A value for a field: of the right shape mostly, and often wrong in what it says. */
export function drawValue(drawn: Choices, field: Field, depth = 0): unknown {
  const {one, chance, upTo} = drawn;
  const {schema, name} = field;
  if (schema.enum) return one(schema.enum);
  switch (schema.type) {
    case 'string':
      return one(textsFor(field));
    case 'integer':
      return one(numbersByField[name] ?? otherNumbers);
    case 'number':
      return one(fractions);
    case 'boolean':
      return chance(0.7);
    case 'array':
      return Array.from({length: one([0, 1, 1, 1, 2])}, () => drawValue(drawn, itemOf(field), depth + 1));
    default:
      break;
  }
  if (schema.properties) return drawObject(drawn, field, depth);
  if (schema['x-kubernetes-preserve-unknown-fields']) return {};
  const {keys, values} = mapsByField[name] ?? {keys: ['', 'a', 'b'], values: []};
  return Object.fromEntries(
    Array.from({length: upTo(3)}, () => [
      one(keys),
      values.length > 0 ? one(values) : drawValue(drawn, entryOf(field), depth + 1),
    ]),
  );
}

export const itemOf = ({kind, name, schema}: Field): Field => ({kind, name, schema: schema.items ?? {}});

export function entryOf({kind, name, schema}: Field): Field {
  const entry = schema.additionalProperties;
  return {kind, name, schema: typeof entry === 'object' ? entry : {}};
}

export const propertyOf = ({kind, schema}: Field, name: string): Field => ({
  kind,
  name,
  schema: schema.properties?.[name] ?? {},
});

/**
 * The value with some field deep within it drawn anew: down from the field that it is for, wherever the schema
 * leads, so that every field of a kind has its turn.
 */
export function drawWithin(drawn: Choices, value: unknown, field: Field): unknown {
  const {schema} = field;
  if (schema.properties) {
    const own = isObject(value) ? value : drawRequired(drawn, field);
    const name = drawn.one(Object.keys(schema.properties));
    return {...own, [name]: drawWithin(drawn, own[name], propertyOf(field, name))};
  }
  if (schema.items) {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    const index = drawn.chance(0.8) ? drawn.upTo(list.length) : list.length;
    list[index] = drawWithin(drawn, list[index], itemOf(field));
    return list;
  }
  return drawValue(drawn, field);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function drawRequired(drawn: Choices, field: Field): Record<string, unknown> {
  const names = field.schema.required ?? [];
  return Object.fromEntries(names.map(name => [name, drawValue(drawn, propertyOf(field, name), 1)]));
}

/** What is required, or most of it, and with growing depth ever less of the rest. */
function drawObject(drawn: Choices, field: Field, depth: number): Record<string, unknown> {
  const names = Object.keys(field.schema.properties ?? {});
  const required = field.schema.required ?? [];
  const share = Math.min(1, (depth === 0 ? 2 : 1.2) / names.length);
  return Object.fromEntries(
    names
      .filter(name => (required.includes(name) ? drawn.chance(0.95) : drawn.chance(share)))
      .map(name => [name, drawValue(drawn, propertyOf(field, name), depth + 1)]),
  );
}

function textsFor({kind, name, schema}: Field): readonly string[] {
  const isDuration = schema['x-kubernetes-validations']?.some(({rule}) => rule.includes('duration('));
  if (isDuration || name === 'ttl' || name === 'idleTimeout') return durations;
  if (name === 'hosts' && (kind === 'Gateway' || kind === 'Sidecar')) return namespacedHosts;
  return textsByField[name] ?? otherTexts;
}
