import {isMap} from '../../../json.ts';

/** Go's idea of JSON data: how it counts as true, prints and is named. */

/** False, 0, empty text, empty lists and maps, and nothing are false. */
export function truth(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** `fmt`'s `%v`. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
  if (isMap(value)) {
    return `map[${Object.keys(value)
      .sort()
      .map(key => `${key}:${show(value[key])}`)
      .join(' ')}]`;
  }
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Go's kind of a value, as sprig's `kindOf` has it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return typeof value === 'function' ? 'func' : 'map';
}

/** `fmt.Sprintf` for what templates use; an odd verb is shown as Go shows it. */
export function format(pattern: string, args: readonly unknown[]): string {
  let next = 0;
  const text = pattern.replace(
    /%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
    (_, flags: string, width: string, precision: string, verb: string) => {
      if (verb === '%') return '%';
      if (next >= args.length) return `%!${verb}(MISSING)`;
      const value = args[next++];
      let shown: string;
      switch (verb) {
        case 's':
        case 'v':
          shown = show(value);
          break;
        case 'q':
          shown = JSON.stringify(show(value));
          break;
        case 'd':
          shown =
            typeof value === 'number' ? String(Math.trunc(value)) : `%!d(${kindOf(value)}=${show(value)})`;
          break;
        case 'f':
          shown = Number(value).toFixed(precision === undefined ? 6 : Number(precision));
          break;
        case 't':
          shown = String(Boolean(value));
          break;
        case 'x':
          shown = typeof value === 'number' ? value.toString(16) : Buffer.from(show(value)).toString('hex');
          break;
        case 'c':
          shown = String.fromCodePoint(Number(value));
          break;
        case 'T':
          shown = kindOf(value);
          break;
        default:
          return `%!${verb}(${kindOf(value)}=${show(value)})`;
      }
      const size = Number(width ?? 0);
      if (flags.includes('-')) return shown.padEnd(size);
      return flags.includes('0') && (verb === 'd' || verb === 'f')
        ? shown.padStart(size, '0')
        : shown.padStart(size);
    },
  );
  return next < args.length
    ? `${text}%!(EXTRA ${args
        .slice(next)
        .map(value => `${kindOf(value)}=${show(value)}`)
        .join(', ')})`
    : text;
}
