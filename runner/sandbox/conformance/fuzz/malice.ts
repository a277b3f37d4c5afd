import fc from 'fast-check';

/** A value as it is put into a body; what is huge or deep is kept as its measure, so that it shrinks. */
export type Malice = {json: unknown} | {deep: number; open: '[' | '{"a":'} | {long: number; of: string};

/** One change of a sound object. `at` says where, as a share of all its places. */
export type Change =
  | {do: 'set'; at: number; value: Malice}
  | {do: 'remove'; at: number}
  | {do: 'add'; at: number; key: string; value: Malice}
  | {do: 'repeat'; at: number; times: number};

const texts = [
  '',
  ' ',
  '*',
  '/',
  '..',
  '../../x',
  '0',
  'NaN',
  'null',
  'true',
  '-',
  '_',
  'A',
  'a.b',
  'a/b',
  'a/b/c',
  '%s',
  '%00',
  '{{',
  '$' + '{x}',
  '$(x)',
  '(a+)+$',
  '(?<=a)b',
  '[',
  '^',
  '\\',
  '"',
  "'",
  'данные',
  '日本',
  '\u{1f469}\u200d\u{1f467}',
  '\u{10ffff}',
  '\ud800',
  '\u0000',
  '\u0007\u001b[31mred\u001b[0m',
  '\r\nX: y',
  '\u2028',
  '\u202eabc',
  '\ufeff',
  '1Gi',
  '-1Gi',
  '1e999',
  '99999999999999999999Gi',
  '0.0000001n',
  '300%',
  '-5%',
  '1h',
  '-1s',
  '99999h',
  '2026-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-99-99',
  '10.96.0.1',
  '999.1.1.1',
  '::',
  '10.0.0.0/99',
  'fuzz',
  'default',
  'kube-system',
  'system:masters',
  'docker.io/curlimages/curl:8.16.0',
];
const numbers = [
  0,
  -0,
  1,
  -1,
  7,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  -(2 ** 63),
  1e20,
  1e308,
  1.5,
  1e-7,
  1_000_000_000,
];
const shapes = [
  null,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  [{}],
  [7],
  [''],
  ['a', 'a'],
  {'': ''},
  {a: null},
  {a: 'b'},
  {a: {}},
  {constructor: 1},
  {toString: null},
  {hasOwnProperty: 'x'},
  JSON.parse('{"__proto__":{"polluted":true}}'),
];
const keys = [
  '',
  ' ',
  'x',
  '__proto__',
  'constructor',
  'toString',
  'данные',
  '\u{1f600}',
  'a.b/c',
  'a/b/c',
  '"',
  '\n',
  '\u0000',
  '$ref',
  'x'.repeat(300),
];

const json = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom<unknown>(...shapes)},
  {weight: 4, arbitrary: fc.constantFrom<unknown>(...texts)},
  {weight: 3, arbitrary: fc.constantFrom<unknown>(...numbers)},
  {weight: 1, arbitrary: fc.jsonValue({maxDepth: 3})},
  {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 40})},
  {weight: 1, arbitrary: fc.maxSafeInteger()},
);

/** Values by type and by malice. */
export const malice: fc.Arbitrary<Malice> = fc.oneof(
  {weight: 30, arbitrary: json.map(value => ({json: value}))},
  {
    weight: 1,
    arbitrary: fc.record({deep: fc.nat(9000), open: fc.constantFrom('[' as const, '{"a":' as const)}),
  },
  {
    weight: 1,
    arbitrary: fc.record({long: fc.nat(300_000), of: fc.constantFrom('a', '-', '/', 'é', '\u{1f600}', '(')}),
  },
);

const at = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});
const key = fc.oneof(fc.constantFrom(...keys), fc.string({unit: 'binary', maxLength: 10}));

/** What becomes of a sound object: at most a few of its places change. */
export const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    {weight: 8, arbitrary: fc.record({do: fc.constant('set' as const), at, value: malice})},
    {weight: 2, arbitrary: fc.record({do: fc.constant('remove' as const), at})},
    {weight: 2, arbitrary: fc.record({do: fc.constant('add' as const), at, key, value: malice})},
    {
      weight: 1,
      arbitrary: fc.record({do: fc.constant('repeat' as const), at, times: fc.integer({min: 2, max: 300})}),
    },
  ),
  {maxLength: 3},
);

interface Place {
  parent: any;
  key: string;
  pointer: string;
}

/** Every place of an object, parents before what is in them; `apiVersion` and `kind` tell where it goes, and stay. */
export function placesOf(object: unknown): readonly Place[] {
  const places: Place[] = [];
  const visit = (parent: any, above: string): void => {
    for (const key of Object.keys(parent)) {
      const pointer = `${above}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (pointer !== '/apiVersion' && pointer !== '/kind') places.push({parent, key, pointer});
      if (parent[key] !== null && typeof parent[key] === 'object') visit(parent[key], pointer);
    }
  };
  visit(object, '');
  return places;
}

/** The place that a share of all places falls on. */
export function placeAt(places: readonly Place[], share: number): Place | undefined {
  return places[Math.floor(share * places.length)];
}

/** Bodies are text, since what is very deep can't be built as a value here either. */
export class BodyText {
  readonly #parts = new Map<string, string>();

  /** What stands for a value in an object until `of` writes it. */
  token(value: Malice): unknown {
    if ('json' in value) return structuredClone(value.json);
    if ('long' in value) return value.of.repeat(value.long);
    const token = `@deep-${this.#parts.size}@`;
    const close = value.open === '[' ? ']' : '}';
    this.#parts.set(token, `${value.open.repeat(value.deep)}1${close.repeat(value.deep)}`);
    return token;
  }

  of(object: unknown): string {
    let text = JSON.stringify(object);
    for (const [token, written] of this.#parts) text = text.replaceAll(JSON.stringify(token), () => written);
    return text;
  }
}

/** Applies changes to an object, in place. */
export function applyChanges(object: any, list: readonly Change[], body: BodyText): void {
  for (const change of list) {
    const place = placeAt(placesOf(object), change.at);
    if (!place) return;
    const {parent, key: name} = place;
    if (change.do === 'set') define(parent, name, body.token(change.value));
    else if (change.do === 'remove') delete parent[name];
    else if (change.do === 'add')
      define(isMap(parent[name]) ? parent[name] : parent, change.key, body.token(change.value));
    else if (Array.isArray(parent[name]))
      parent[name] = Array.from({length: change.times}, () => parent[name][0]);
  }
}

/** Assigning to `__proto__` would change the object's own prototype instead. */
function define(parent: any, name: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(name) || 0] = value;
  else Object.defineProperty(parent, name, {value, enumerable: true, configurable: true, writable: true});
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
