import {type CelDuration, parseDuration} from './duration.ts';
import {type CelUrl, parseUrl} from './url.ts';

/** What goes wrong while an expression is evaluated, in the words of cel-go. */
export class CelError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CelError';
  }
}

/** A function that we don't know: the rule can't be checked at all. */
export class CelUnsupported extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CelUnsupported';
  }
}

type CelFunction = (...args: any[]) => unknown;

function conversionError(from: string, to: string): CelError {
  return new CelError(`type conversion error from '${from}' to '${to}'`);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw new CelError('no such overload');
}

function toInt(value: unknown): number {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string' && /^[-+]?\d+$/.test(value)) return Number(value);
  throw conversionError('string', 'int');
}

function toDuration(value: unknown): CelDuration {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined;
  if (!duration) throw conversionError('string', 'google.protobuf.Duration');
  return duration;
}

function toUrl(value: unknown): CelUrl {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  if (!url)
    throw new CelError(
      `URL parse error during conversion from string: parse "${value}": invalid URI for request`,
    );
  return url;
}

function substring(text: string, from: number, to = [...text].length): string {
  const letters = [...text];
  for (const index of [from, to]) {
    if (index < 0 || index > letters.length) throw new CelError(`index out of range: ${index}`);
  }
  return letters.slice(from, to).join('');
}

/** Functions, `f(x)`. */
export const globalFunctions: Record<string, CelFunction> = {
  size: sizeOf,
  int: toInt,
  uint: toInt,
  double: value => Number(value),
  string: value => String(value),
  duration: toDuration,
  isURL: value => typeof value === 'string' && parseUrl(value) !== undefined,
  url: toUrl,
  matches: (text: string, form: string) => new RegExp(form, 'u').test(text),
};

/** Methods, `x.f()`. */
export const methods: Record<string, CelFunction> = {
  size: sizeOf,
  contains: (text: string, part: string) => text.includes(part),
  startsWith: (text: string, start: string) => text.startsWith(start),
  endsWith: (text: string, end: string) => text.endsWith(end),
  matches: (text: string, form: string) => new RegExp(form, 'u').test(text),
  substring,
  lowerAscii: (text: string) => text.toLowerCase(),
  upperAscii: (text: string) => text.toUpperCase(),
  trim: (text: string) => text.trim(),
  split: (text: string, separator: string) => text.split(separator),
  join: (items: string[], separator = '') => items.join(separator),
  indexOf: (text: string, part: string) => text.indexOf(part),
  replace: (text: string, from: string, to: string) => text.replaceAll(from, to),
  getScheme: (url: CelUrl) => url.scheme,
  getHost: (url: CelUrl) => url.host,
};
