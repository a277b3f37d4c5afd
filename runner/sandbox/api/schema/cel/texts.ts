import {CelError, noOverload} from './faults.ts';
import {equal} from './values.ts';

type TextFunction = (...args: any[]) => unknown;

function text(value: unknown): string {
  if (typeof value !== 'string') throw noOverload();
  return value;
}

/** An index within a text or a list of this length. @throws CelError in the words of cel-go's string library. */
function index(value: unknown, length: number): number {
  if (typeof value !== 'bigint') throw noOverload();
  if (value < 0n || value > BigInt(length)) throw new CelError(`index out of range: ${value}`);
  return Number(value);
}

/** Positions count characters, as cel-go has it, where JavaScript's count halves of some. */
function letters(value: unknown): string[] {
  return Array.from(text(value));
}

function indexOf(target: unknown, wanted: unknown, from = 0n): bigint {
  if (Array.isArray(target)) return BigInt(target.findIndex(item => equal(item, wanted)));
  const all = letters(target);
  if (from > BigInt(all.length)) return -1n;
  const start = all.slice(0, index(from, all.length)).join('').length;
  return countBefore(text(target), text(target).indexOf(text(wanted), start));
}

function countBefore(whole: string, found: number): bigint {
  return found < 0 ? -1n : BigInt(Array.from(whole.slice(0, found)).length);
}

function lastIndexOf(target: unknown, wanted: unknown, from?: bigint): bigint {
  if (Array.isArray(target)) return BigInt(target.findLastIndex(item => equal(item, wanted)));
  const all = letters(target);
  const end = all.slice(0, from === undefined ? all.length : index(from, all.length)).join('').length;
  return countBefore(text(target), text(target).lastIndexOf(text(wanted), end));
}

function substring(target: unknown, from: unknown, to?: unknown): string {
  const all = letters(target);
  const start = index(from, all.length);
  const end = to === undefined ? all.length : index(to, all.length);
  if (start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  return all.slice(start, end).join('');
}

function parts(target: unknown, separator: unknown, most = -1n): string[] {
  const all = text(separator) === '' ? letters(target) : text(target).split(text(separator));
  if (most < 0n || BigInt(all.length) <= most) return all;
  const kept = Number(most);
  if (kept === 0) return [];
  return [...all.slice(0, kept - 1), all.slice(kept - 1).join(text(separator))];
}

/** Beyond this a text could only come from a repetition that grows without a bound. */
const longest = 16 * 1024 * 1024;

function replace(target: unknown, from: unknown, to: unknown, most = -1n): string {
  const all = parts(target, from, most < 0n ? -1n : most + 1n);
  const glue = text(to);
  if (text(target).length + all.length * glue.length > longest)
    throw new CelError('the text becomes too long');
  return text(from) === '' && most < 0n ? `${glue}${all.join(glue)}${glue}` : all.join(glue);
}

function ascii(target: unknown, letters: RegExp, change: (letter: string) => string): string {
  return text(target).replaceAll(letters, change);
}

/** `'%s: %d'.format(['a', 1])`, with the verbs that messages use. */
function format(target: unknown, values: unknown): string {
  const left = Array.isArray(values) ? [...values] : [];
  return text(target).replaceAll(
    /%(?:\.(\d{1,2}))?([a-zA-Z%])/g,
    (verb, digits: string | undefined, kind: string) => {
      if (kind === '%') return kind;
      if (left.length === 0) throw new CelError(`index ${(values as unknown[]).length} out of range`);
      const value = left.shift();
      switch (kind) {
        case 's':
          return shown(value);
        case 'd':
          return String(value);
        case 'f':
          return Number(value).toFixed(Number(digits ?? 6));
        case 'x':
          return typeof value === 'bigint' ? value.toString(16) : Buffer.from(text(value)).toString('hex');
        case 'b':
          return typeof value === 'bigint' ? value.toString(2) : String(Number(value));
        case 'o':
          return typeof value === 'bigint' ? value.toString(8) : text(value);
        default:
          throw new CelError(
            `could not parse formatting clause: unrecognized formatting clause "${verb.slice(1)}"`,
          );
      }
    },
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (!(value instanceof Map)) return String(value);
  return `{${[...value].map(([key, item]) => `${key}: ${shown(item)}`).join(', ')}}`;
}

/** The methods of texts (cel-go, ext/strings.go, version 2). */
export const textFunctions: Readonly<Record<string, TextFunction>> = {
  charAt: (target, position) => letters(target)[index(position, letters(target).length)] ?? '',
  indexOf,
  lastIndexOf,
  substring,
  replace,
  split: parts,
  join: (items, separator = '') => {
    if (!Array.isArray(items)) throw noOverload();
    return items.map(text).join(text(separator));
  },
  lowerAscii: target => ascii(target, /[A-Z]/g, letter => letter.toLowerCase()),
  upperAscii: target => ascii(target, /[a-z]/g, letter => letter.toUpperCase()),
  trim: target => text(target).trim(),
  format,
};
