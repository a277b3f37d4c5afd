/** One flag of a command, after Go's pflag: what kubectl and helm both parse with. */
export interface FlagSpec {
  name: string;
  short?: string;
  type: 'bool' | 'string' | 'list' | 'int' | 'duration';
  /** Taken when the flag stands without `=value` (pflag's NoOptDefVal); a bool has `true`. */
  bare?: string;
  default?: string;
  usage: string;
}

export interface ParsedFlags {
  positionals: string[];
  /** What stood after `--`; undefined when there was none. */
  afterDash: string[] | undefined;
  has(name: string): boolean;
  bool(name: string): boolean;
  string(name: string): string;
  /** The value, or undefined where the flag was not given and has no default. */
  optional(name: string): string | undefined;
  list(name: string): string[];
  int(name: string): number;
  /** Milliseconds. */
  duration(name: string): number;
}

/** A command line that pflag would refuse, in its words. */
export class FlagError extends Error {}

/** Milliseconds of a Go duration (`1m30s`, `500ms`, `0`). @throws FlagError */
export function parseDuration(text: string): number {
  if (/^[+-]?0$/.test(text)) return 0;
  const match = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.exec(text);
  if (!match) {
    const unit = /^[+-]?[\d.]+$/.test(text) ? 'missing unit in duration' : 'invalid duration';
    throw new FlagError(`time: ${unit} "${text}"`);
  }
  const units: Record<string, number> = {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
  };
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (units[unit ?? ''] ?? 0);
  }
  return match[1] === '-' ? -total : total;
}

const boolTexts: Record<string, boolean> = {
  '1': true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};

function check(spec: FlagSpec, value: string): void {
  const shown = spec.short ? `-${spec.short}, --${spec.name}` : `--${spec.name}`;
  const refuse = (why: string) => {
    throw new FlagError(`invalid argument "${value}" for "${shown}" flag: ${why}`);
  };
  if (spec.type === 'bool' && boolTexts[value] === undefined) {
    refuse(`strconv.ParseBool: parsing "${value}": invalid syntax`);
  }
  if (spec.type === 'int' && !/^[+-]?\d+$/.test(value)) {
    refuse(`strconv.ParseInt: parsing "${value}": invalid syntax`);
  }
  if (spec.type === 'duration') {
    try {
      parseDuration(value);
    } catch (error) {
      refuse((error as Error).message);
    }
  }
}

function bareValue(spec: FlagSpec): string | undefined {
  return spec.bare ?? (spec.type === 'bool' ? 'true' : undefined);
}

/**
 * Parses as pflag does: flags and arguments mixed, `-ofoo`, `-abc`, `--name=value`, `--` ends the flags.
 * @throws FlagError in pflag's words.
 */
export function parseFlags(args: readonly string[], specs: readonly FlagSpec[]): ParsedFlags {
  const byName = new Map(specs.map(spec => [spec.name, spec]));
  const byShort = new Map(specs.filter(spec => spec.short).map(spec => [spec.short, spec]));
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  let afterDash: string[] | undefined;
  const set = (spec: FlagSpec, value: string) => {
    check(spec, value);
    if (spec.type === 'list') values.set(spec.name, [...(values.get(spec.name) ?? []), value]);
    else values.set(spec.name, [value]);
  };
  let index = 0;
  while (index < args.length) {
    const arg = args[index++] as string;
    if (arg === '--') {
      afterDash = args.slice(index);
      break;
    }
    if (arg.startsWith('--')) {
      const cut = arg.indexOf('=');
      const name = cut < 0 ? arg.slice(2) : arg.slice(2, cut);
      const spec = byName.get(name);
      if (!spec) throw new FlagError(`unknown flag: --${name}`);
      const bare = bareValue(spec);
      if (cut >= 0) set(spec, arg.slice(cut + 1));
      else if (bare !== undefined) set(spec, bare);
      else if (index < args.length) set(spec, args[index++] as string);
      else throw new FlagError(`flag needs an argument: --${name}`);
    } else if (arg.startsWith('-') && arg.length > 1) {
      let letters = arg.slice(1);
      while (letters !== '') {
        const letter = letters[0] as string;
        const spec = byShort.get(letter);
        if (!spec) throw new FlagError(`unknown shorthand flag: '${letter}' in ${arg}`);
        const rest = letters.slice(1);
        const bare = bareValue(spec);
        if (rest.startsWith('=')) {
          set(spec, rest.slice(1));
          letters = '';
        } else if (bare !== undefined) {
          set(spec, bare);
          letters = rest;
        } else if (rest !== '') {
          set(spec, rest);
          letters = '';
        } else if (index < args.length) {
          set(spec, args[index++] as string);
          letters = '';
        } else {
          throw new FlagError(`flag needs an argument: '${letter}' in ${arg}`);
        }
      }
    } else {
      positionals.push(arg);
    }
  }
  const value = (name: string) => values.get(name)?.[0] ?? byName.get(name)?.default;
  return {
    positionals,
    afterDash,
    has: name => values.has(name),
    bool: name => boolTexts[value(name) ?? 'false'] ?? false,
    string: name => value(name) ?? '',
    optional: value,
    list: name => values.get(name) ?? [],
    int: name => Number(value(name) ?? 0),
    duration: name => parseDuration(value(name) ?? '0'),
  };
}
