import fc from 'fast-check';
import {seededRandom} from '../../clock.ts';
import {
  applyChanges,
  BodyText,
  type Change,
  changes,
  type Malice,
  malice,
  placeAt,
  placesOf,
} from './malice.ts';
import type {RawRequest} from './raw-client.ts';
import {saneObject} from './sane-object.ts';
import type {ServedKind} from './served-kinds.ts';

export const ways = ['create', 'replace', 'json-patch', 'merge-patch', 'strategic-patch', 'apply'] as const;
export type Way = (typeof ways)[number];

/** One input: a write of one kind, what is wrong with it, and how it is read back. */
export interface Input {
  /** Which of the served kinds. */
  kind: number;
  /** What the sound object looks like that is changed. */
  shape: number;
  fullness: number;
  changes: Change[];
  way: Way;
  validation: 'Strict' | 'Warn' | 'Ignore' | undefined;
  /** Written to the object itself, or to one of its subresources. */
  subresource: number | undefined;
  /** The whole body, in place of an object. */
  body: Malice | undefined;
  dryRun: boolean;
  yaml: boolean;
  reads: Record<string, string>;
  table: boolean;
  watch: boolean;
}

const query = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '999999999',
    'x',
    '*',
    'a=b',
    'a in (b',
    '!',
    'metadata.name=x',
    '=',
    ',',
    '__proto__=x',
    'toString',
    '\u0000',
    'true',
  ),
  fc.string({unit: 'binary', maxLength: 12}),
);

/** A value once in so many times. */
function seldom<T>(value: fc.Arbitrary<T>, times: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({weight: times - 1, arbitrary: fc.constant(undefined)}, {weight: 1, arbitrary: value});
}

/** All inputs for that many kinds. */
export function inputs(kinds: number): fc.Arbitrary<Input> {
  return fc.record({
    kind: fc.nat(kinds - 1),
    shape: fc.nat(10_000),
    fullness: fc.constantFrom(0, 0.2, 0.5, 1),
    changes,
    way: fc.constantFrom(...ways),
    validation: fc.constantFrom('Strict' as const, 'Warn' as const, 'Ignore' as const, undefined),
    subresource: seldom(fc.nat(3), 8),
    body: seldom(malice, 15),
    dryRun: fc.boolean(),
    yaml: fc.boolean(),
    reads: fc.dictionary(
      fc.constantFrom(
        'labelSelector',
        'fieldSelector',
        'limit',
        'continue',
        'resourceVersion',
        'resourceVersionMatch',
        'timeoutSeconds',
        'pretty',
        'propagationPolicy',
        'gracePeriodSeconds',
        'sendInitialEvents',
        'allowWatchBookmarks',
      ),
      query,
      {maxKeys: 2},
    ),
    table: fc.boolean(),
    watch: fc.boolean(),
  });
}

const contentTypes: Record<Exclude<Way, 'create' | 'replace'>, string> = {
  'json-patch': 'application/json-patch+json',
  'merge-patch': 'application/merge-patch+json',
  'strategic-patch': 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Where the objects of a kind are. */
export function collectionOf(kind: ServedKind, namespace: string): string {
  return `${kind.root}${kind.namespaced ? `/namespaces/${namespace}` : ''}/${kind.plural}`;
}

/** The sound object that an input starts from. */
export function soundObject(kind: ServedKind, input: Input, where: {name: string; namespace: string}): any {
  return saneObject(kind, {...where, random: seededRandom(input.shape), fullness: input.fullness});
}

/** The request that an input is. @param target the object that is written to; for a create its name is a new one. */
export function requestFor(
  kind: ServedKind,
  input: Input,
  target: {name: string; namespace: string; object: any},
): {method: string; path: string} & RawRequest {
  const {way, validation, dryRun} = input;
  const text = new BodyText();
  const object = structuredClone(target.object);
  let body: unknown = object;
  if (input.body) body = text.token(input.body);
  else if (way === 'json-patch') body = operations(object, input.changes, text);
  else applyChanges(object, input.changes, text);
  const sub = input.subresource === undefined ? undefined : kind.subresources[input.subresource];
  // A stream is no write: exec, logs and the like have tests of their own.
  const writable =
    sub &&
    ['status', 'scale', 'eviction', 'binding', 'token', 'finalize', 'ephemeralcontainers'].includes(sub);
  const settings = new URLSearchParams({
    ...(validation ? {fieldValidation: validation} : {}),
    ...(dryRun && input.shape % 4 === 0 ? {dryRun: 'All'} : {}),
    ...(way === 'apply' ? {fieldManager: 'fuzz', force: 'true'} : {}),
  });
  const collection = collectionOf(kind, target.namespace);
  const posts = way === 'create' || ['eviction', 'binding', 'token'].includes(sub ?? '');
  const path =
    way === 'create' && !writable
      ? collection
      : `${collection}/${target.object.metadata.name}${writable ? `/${sub}` : ''}`;
  const written = text.of(body) ?? '';
  const type =
    way === 'create' || way === 'replace'
      ? input.yaml && input.shape % 3 === 0
        ? 'application/yaml'
        : 'application/json'
      : contentTypes[way];
  return {
    method: posts ? 'POST' : way === 'replace' ? 'PUT' : 'PATCH',
    path: `${path}?${settings}`,
    headers: {'content-type': type},
    body: written,
  };
}

/** The same changes as a JSON patch. */
function operations(object: any, list: readonly Change[], text: BodyText): unknown[] {
  return list.map(change => {
    const pointer = placeAt(placesOf(object), change.at)?.pointer ?? '';
    if (change.do === 'remove') return {op: 'remove', path: pointer};
    if (change.do === 'repeat') return {op: 'copy', from: pointer, path: `${pointer}/-`};
    if (change.do === 'add')
      return {op: 'add', path: `${pointer}/${change.key}`, value: text.token(change.value)};
    return {op: 'replace', path: pointer, value: text.token(change.value)};
  });
}
