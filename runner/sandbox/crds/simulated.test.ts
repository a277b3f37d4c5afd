import {expect, it} from 'vitest';
import {type Simulated, simulated} from '../../istio/simulated.ts';
import {unsupportedFields} from '../../istio/unsupported.ts';
import type {CustomSchema} from '../api/schema/schema-types.ts';
import {istioCrds} from './crds.ts';

const specs = new Map<string, CustomSchema>(
  istioCrds('1.30.3').map(crd => [
    crd['spec'].names.kind,
    crd['spec'].versions[0].schema.openAPIV3Schema.properties.spec,
  ]),
);

type Path = readonly string[];

/** Every field of a schema that has no fields itself, as its path; `[]` for lists and `*` for the keys of maps. */
function leavesOf(schema: CustomSchema, path: Path = []): Path[] {
  const {properties, items, additionalProperties} = schema;
  if (properties) {
    return Object.entries(properties).flatMap(([name, child]) => leavesOf(child, [...path, name]));
  }
  if (items) return leavesOf(items, [...path, '[]']);
  if (typeof additionalProperties === 'object') return leavesOf(additionalProperties, [...path, '*']);
  return [path];
}

/** A spec with nothing but the field of that path. */
function specWith(path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return 'a';
  return step === '[]' ? [specWith(rest)] : {[step]: specWith(rest)};
}

function isSimulated(path: Path, known: Simulated | undefined): boolean {
  const [step, ...rest] = path;
  if (known === undefined || known === true) return known === true;
  return step !== undefined && isSimulated(rest, step === '[]' ? known : known[step]);
}

it.each([...specs])('every field of a %s is acted on or named in a warning', (kind, schema) => {
  const silent = leavesOf(schema).filter(
    path =>
      !isSimulated(path, simulated[kind]) &&
      unsupportedFields({apiVersion: 'x/v1', kind, metadata: {name: 'x'}, spec: specWith(path)}).length === 0,
  );
  expect(silent.map(path => path.join('.'))).toEqual([]);
});

it.each(Object.entries(simulated))(
  'every simulated field of a %s is one that the kind has',
  (kind, known) => {
    expect(unheardOf(known, specs.get(kind), '')).toEqual([]);
  },
);

function unheardOf(known: Simulated, schema: CustomSchema | undefined, at: string): string[] {
  if (schema === undefined) return [at];
  if (schema.items) return unheardOf(known, schema.items, at);
  if (known === true) return [];
  const others = schema.additionalProperties;
  return Object.entries(known).flatMap(([field, own]) =>
    unheardOf(own, field === '*' ? (others as CustomSchema) : schema.properties?.[field], `${at}.${field}`),
  );
}
