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
