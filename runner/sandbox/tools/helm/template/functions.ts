import {createHash} from 'node:crypto';
import {messageOf} from '../../../../errors.ts';
import {type SearchPattern, search} from '../../../../istio/re2.ts';
import {equalJson, isMap} from '../../../json.ts';
import {printYaml} from '../../shared/yaml-print.ts';
import {semverMatches} from '../semver.ts';
import {format, kindOf, show, truth} from './values.ts';

export type TemplateFunction = (...args: any[]) => unknown;

/** A function refused its arguments; the caller adds where. */
export class FunctionError extends Error {}

function refuse(message: string): never {
  throw new FunctionError(message);
}

function compare(left: any, right: any): number {
  if (typeof left !== typeof right) refuse('incompatible types for comparison');
  return left < right ? -1 : left > right ? 1 : 0;
}

function equal(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  if (typeof left === 'object' || typeof right === 'object') refuse('incompatible types for comparison');
  if (typeof left !== typeof right) refuse('incompatible types for comparison');
  return left === right;
}

function indexInto(collection: any, ...keys: any[]): unknown {
  return keys.reduce((inner, key) => {
    if (inner === undefined || inner === null) return refuse('index of untyped nil');
    if (Array.isArray(inner)) {
      if (typeof key !== 'number') refuse(`cannot index slice/array with type ${kindOf(key)}`);
      if (key < 0 || key >= inner.length) refuse(`error calling index: index out of range: ${key}`);
      return inner[key];
    }
    if (isMap(inner)) return Object.hasOwn(inner, key) ? inner[key] : undefined;
    if (typeof inner === 'string') return inner.charCodeAt(key);
    return refuse(`can't index item of type ${kindOf(inner)}`);
  }, collection);
}

function indent(count: number, text: unknown): string {
  const pad = ' '.repeat(count);
  return pad + show(text ?? '').replaceAll('\n', `\n${pad}`);
}

/** Merges later maps into the first where it has nothing yet (or, overwriting, always); changes the first. */
function mergeInto(target: any, sources: any[], overwrite: boolean): any {
  for (const source of sources) {
    for (const [key, value] of Object.entries(source ?? {})) {
      if (isMap(target[key]) && isMap(value)) mergeInto(target[key], [value], overwrite);
      else if (overwrite ? true : !truth(target[key])) target[key] = value;
    }
  }
  return target;
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : show(value);
}

function json(value: unknown, space?: string): string {
  const sorted = (_: string, inner: unknown) =>
    isMap(inner)
      ? Object.fromEntries(
          Object.keys(inner)
            .sort()
            .map(key => [key, inner[key]]),
        )
      : inner;
  return (JSON.stringify(value ?? null, sorted, space) ?? 'null').replace(
    /[<>&]/g,
    character => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

/** Sprig's patterns are those of Go. */
function regex(pattern: string): SearchPattern {
  try {
    return search(pattern);
  } catch (error) {
    return refuse(messageOf(error));
  }
}

/** Without any of the characters at both ends. */
function trimmed(text: string, characters: string): string {
  const letters = [...text];
  const cut = new Set(characters);
  const start = letters.findIndex(letter => !cut.has(letter));
  const end = letters.findLastIndex(letter => !cut.has(letter));
  return start < 0 ? '' : letters.slice(start, end + 1).join('');
}

const numeric =
  (operation: (total: number, next: number) => number) =>
  (...args: any[]) =>
    args.map(Number).reduce(operation);
const whole = (value: unknown) => Math.trunc(Number(value)) || 0;
const title = (text: string) =>
  text.replace(/(^|[\s-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

const logic: Record<string, TemplateFunction> = {
  eq: (first, ...others) => others.some(other => equal(first, other)),
  ne: (left, right) => !equal(left, right),
  lt: (left, right) => compare(left, right) < 0,
  le: (left, right) => compare(left, right) <= 0,
  gt: (left, right) => compare(left, right) > 0,
  ge: (left, right) => compare(left, right) >= 0,
  not: value => !truth(value),
  ternary: (yes, no, condition) => (condition ? yes : no),
  default: (fallback, value) => (truth(value) ? value : fallback),
  empty: value => !truth(value),
  coalesce: (...values) => values.find(truth),
  all: (...values) => values.every(truth),
  any: (...values) => values.some(truth),
  fail: message => refuse(message),
  required: (message, value) =>
    value === undefined || value === null || value === '' ? refuse(message) : value,
  kindOf,
  typeOf: kindOf,
  kindIs: (kind, value) => kindOf(value) === kind,
  typeIs: (kind, value) => kindOf(value) === kind,
  deepEqual: equalJson,
};

const text: Record<string, TemplateFunction> = {
  print: (...args) => args.map(show).join(''),
  println: (...args) => `${args.map(show).join(' ')}\n`,
  printf: (pattern, ...args) => format(pattern, args),
  quote: (...args) =>
    args
      .filter(arg => arg !== undefined && arg !== null)
      .map(arg => JSON.stringify(show(arg)))
      .join(' '),
  squote: (...args) =>
    args
      .filter(arg => arg !== undefined && arg !== null)
      .map(arg => `'${show(arg)}'`)
      .join(' '),
  cat: (...args) =>
    args
      .filter(arg => arg !== undefined && arg !== null)
      .map(show)
      .join(' '),
  toString: textOf,
  trim: value => textOf(value).trim(),
  trimAll: (cut, value) => trimmed(textOf(value), textOf(cut)),
  trimPrefix: (prefix, value) => (value.startsWith(prefix) ? value.slice(prefix.length) : value),
  trimSuffix: (suffix, value) =>
    suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  trunc: (count, value) => (count < 0 ? value.slice(count) : value.slice(0, count)),
  lower: value => textOf(value).toLowerCase(),
  upper: value => textOf(value).toUpperCase(),
  title: value => title(textOf(value)),
  repeat: (count, value) => textOf(value).repeat(count),
  replace: (from, to, value) => textOf(value).replaceAll(from, to),
  contains: (part, value) => textOf(value).includes(part),
  hasPrefix: (prefix, value) => textOf(value).startsWith(prefix),
  hasSuffix: (suffix, value) => textOf(value).endsWith(suffix),
  indent: (count, value) => indent(count, value),
  nindent: (count, value) => `\n${indent(count, value)}`,
  join: (separator, value) => (Array.isArray(value) ? value.map(textOf).join(separator) : textOf(value)),
  splitList: (separator, value) => textOf(value).split(separator),
  split: (separator, value) =>
    Object.fromEntries(
      textOf(value)
        .split(separator)
        .map((part, index) => [`_${index}`, part]),
    ),
  b64enc: value => Buffer.from(textOf(value)).toString('base64'),
  b64dec: value => Buffer.from(textOf(value), 'base64').toString('utf8'),
  sha256sum: value => createHash('sha256').update(textOf(value)).digest('hex'),
  sha1sum: value => createHash('sha1').update(textOf(value)).digest('hex'),
  regexMatch: (pattern, value) => regex(pattern).test(textOf(value)),
  regexFind: (pattern, value) => regex(pattern).all(textOf(value))[0] ?? '',
  regexReplaceAll: (pattern, value, to) =>
    regex(pattern).replaceAll(textOf(value), to.replaceAll('\\', '\\\\').replace(/\$\{?(\d)\}?/g, '\\$1')),
  semverCompare: (range, version) => semverMatches(range, version),
  kebabcase: value =>
    textOf(value)
      .replace(/([a-z\d])([A-Z])/g, '$1-$2')
      .replace(/[_\s]+/g, '-')
      .toLowerCase(),
};

const numbers: Record<string, TemplateFunction> = {
  int: whole,
  int64: whole,
  float64: value => Number(value) || 0,
  atoi: whole,
  add: numeric((total, next) => total + next),
  add1: value => Number(value) + 1,
  sub: numeric((total, next) => total - next),
  mul: numeric((total, next) => total * next),
  div: numeric((total, next) =>
    next === 0 ? refuse('runtime error: integer divide by zero') : Math.trunc(total / next),
  ),
  mod: numeric((total, next) => total % next),
  max: (...args) => Math.max(...args.map(Number)),
  min: (...args) => Math.min(...args.map(Number)),
  ceil: value => Math.ceil(Number(value)),
  floor: value => Math.floor(Number(value)),
  round: (value, digits) => Number(Number(value).toFixed(digits)),
  until: count => Array.from({length: count}, (_, index) => index),
};

const collections: Record<string, TemplateFunction> = {
  len: value => {
    if (value === undefined || value === null) refuse('len of nil pointer');
    return isMap(value)
      ? Object.keys(value).length
      : typeof value === 'string'
        ? Buffer.byteLength(value)
        : value.length;
  },
  index: indexInto,
  slice: (value, from = 0, to = value.length) => value.slice(from, to),
  list: (...items) => items,
  tuple: (...items) => items,
  first: value => value?.[0],
  last: value => value?.at(-1),
  rest: value => value.slice(1),
  initial: value => value.slice(0, -1),
  append: (value, item) => [...(value ?? []), item],
  prepend: (value, item) => [item, ...(value ?? [])],
  concat: (...lists) => lists.flatMap(list => list ?? []),
  reverse: value => [...value].reverse(),
  has: (item, value) => (value ?? []).some((other: unknown) => equalJson(other, item)),
  without: (value, ...items) => value.filter((other: unknown) => !items.some(item => equalJson(item, other))),
  compact: value => value.filter(truth),
  uniq: value =>
    value.filter(
      (item: unknown, index: number) => value.findIndex((other: unknown) => equalJson(other, item)) === index,
    ),
  sortAlpha: value => value.map(textOf).sort(),
  dict: (...items) => {
    const map: Record<string, unknown> = {};
    for (let index = 0; index < items.length; index += 2) map[textOf(items[index])] = items[index + 1] ?? '';
    return map;
  },
  get: (map, key) => (Object.hasOwn(map ?? {}, key) ? map[key] : ''),
  set: (map, key, value) => {
    map[key] = value;
    return map;
  },
  unset: (map, key) => {
    delete map[key];
    return map;
  },
  hasKey: (map, key) => Object.hasOwn(map ?? {}, key),
  keys: (...maps) => maps.flatMap(map => Object.keys(map)),
  values: map => Object.values(map),
  pick: (map, ...keys) =>
    Object.fromEntries(keys.filter(key => Object.hasOwn(map, key)).map(key => [key, map[key]])),
  omit: (map, ...keys) => Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key))),
  dig: (...args) => {
    const map = args.pop();
    const fallback = args.pop();
    return (
      args.reduce(
        (inner, key) => (isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
        map,
      ) ?? fallback
    );
  },
  merge: (target, ...sources) => mergeInto(target, sources, false),
  mustMerge: (target, ...sources) => mergeInto(target, sources, false),
  mergeOverwrite: (target, ...sources) => mergeInto(target, sources, true),
  mustMergeOverwrite: (target, ...sources) => mergeInto(target, sources, true),
  deepCopy: value => structuredClone(value),
  mustDeepCopy: value => structuredClone(value),
  toYaml: value => printYaml(value).replace(/\n$/, ''),
  mustToYaml: value => printYaml(value).replace(/\n$/, ''),
  toJson: value => json(value),
  mustToJson: value => json(value),
  toRawJson: value => JSON.stringify(value ?? null),
  toPrettyJson: value => json(value, '  '),
  fromJson: value => JSON.parse(value),
  mustFromJson: value => JSON.parse(value),
};

/** Every function that templates may call and that needs nothing but its arguments. */
export const pureFunctions: Readonly<Record<string, TemplateFunction>> = {
  ...logic,
  ...text,
  ...numbers,
  ...collections,
};
