import {Duration, UnsignedInt} from '@marcbachmann/cel-js/evaluator';
import semver from 'semver';
import {RegexError, type SearchPattern, search} from '../../../../istio/re2.ts';
import {CelCidr, CelIp, parseCidr, parseIp} from './addresses.ts';
import {CelError, conversionError, noOverload} from './faults.ts';
import {CelQuantity, parseCelQuantity} from './quantity.ts';
import {textFunctions} from './texts.ts';
import {parseDuration, parseTimestamp} from './times.ts';
import {CelUrl, parseUrl} from './url.ts';
import {equal} from './values.ts';

/** A function gets its target first where it has one, and throws `CelError` for values that it can't take. */
export type CelFunction = (...args: any[]) => unknown;

export class CelSemver {
  readonly version: semver.SemVer;

  constructor(version: semver.SemVer) {
    this.version = version;
  }

  equals(other: CelSemver): boolean {
    return this.version.compare(other.version) === 0;
  }
}

/** The types that these functions make. */
export const celTypes = {CelUrl, CelQuantity, CelIp, CelCidr, CelSemver};

export function text(value: unknown): string {
  if (typeof value !== 'string') throw noOverload();
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw noOverload();
  return value;
}

function instance<T>(value: unknown, type: new (...args: any[]) => T): T {
  if (!(value instanceof type)) throw noOverload();
  return value;
}

function pattern(source: unknown): SearchPattern {
  try {
    return search(text(source));
  } catch (error) {
    throw error instanceof RegexError ? new CelError(error.message) : error;
  }
}

function matches(value: unknown, source: unknown): boolean {
  const compiled = pattern(source);
  try {
    return compiled.test(text(value));
  } catch (error) {
    throw error instanceof RegexError ? new CelError(error.message) : error;
  }
}

function found(value: unknown, source: unknown, most = -1n): string[] {
  const all = pattern(source).all(text(value));
  return most < 0n ? all : all.slice(0, Number(most));
}

function quantity(value: unknown): CelQuantity {
  const parsed = parseCelQuantity(text(value));
  if (!parsed) {
    throw new CelError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  return parsed;
}

function semverOf(value: unknown, normalize = false): CelSemver {
  const given = text(value);
  const version = semver.parse(normalize ? normalized(given) : given);
  if (!version || (!normalize && /^\s|\s$|^[v=]/.test(given))) {
    const parts = /^\d+\.\d+\.\d/.test(given);
    throw new CelError(
      parts ? 'Invalid character(s) found in version' : 'No Major.Minor.Patch elements found',
    );
  }
  return new CelSemver(version);
}

/** Without a leading `v` and leading zeros, and with the parts that are missing. */
function normalized(given: string): string {
  const [, core = '', rest = ''] = /^v?([^-+]*)(.*)$/s.exec(given) ?? [];
  const parts = core.split('.').map(part => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

function url(value: unknown): CelUrl {
  const parsed = parseUrl(text(value));
  if (parsed) return parsed;
  const why =
    text(value) === ''
      ? 'empty url'
      : text(value).startsWith(':')
        ? 'missing protocol scheme'
        : 'invalid URI for request';
  throw new CelError(`URL parse error during conversion from string: parse ${JSON.stringify(value)}: ${why}`);
}

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof CelError && error.message !== 'no such overload') return false;
    throw error;
  }
}

function compared(a: unknown, b: unknown): number {
  if (a instanceof CelQuantity) {
    const other = instance(b, CelQuantity);
    return a.nanos < other.nanos ? -1 : a.nanos > other.nanos ? 1 : 0;
  }
  return instance(a, CelSemver).version.compare(instance(b, CelSemver).version);
}

/** The order of values of one type; durations and times have a number as their value. */
function less(a: any, b: any): boolean {
  if (typeof a !== typeof b) throw noOverload();
  return a < b;
}

function extreme(items: unknown[], name: string, wins: (a: unknown, b: unknown) => boolean): unknown {
  if (items.length === 0) throw new CelError(`${name} called on empty list`);
  return items.reduce((best, item) => (wins(item, best) ? item : best));
}

function sum(items: unknown[]): unknown {
  if (items.length === 0) return 0n;
  return items.reduce((total: any, item: any) => {
    if (total instanceof Duration && item instanceof Duration) return total.addDuration(item);
    if (typeof total !== typeof item || !['number', 'bigint'].includes(typeof total)) throw noOverload();
    return total + item;
  });
}

function stringOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.?0*Z$/, 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  const plain = ['string', 'bigint', 'number', 'boolean'].includes(typeof value);
  const known = [Duration, UnsignedInt, CelIp, CelCidr].some(type => value instanceof type);
  if (!plain && !known) throw noOverload();
  return String(value);
}

/** Functions, `f(x)`, beside those of the language that need no words or checks of their own. */
export const globalFunctions: Readonly<Record<string, CelFunction>> = {
  string: stringOf,
  matches,
  duration: value => {
    if (value instanceof Duration) return value;
    const parsed = parseDuration(text(value));
    if (!parsed) throw conversionError('google.protobuf.Duration');
    return parsed;
  },
  timestamp: value => {
    if (value instanceof Date) return value;
    const parsed = typeof value === 'bigint' ? new Date(Number(value) * 1000) : parseTimestamp(text(value));
    if (!parsed || Number.isNaN(parsed.getTime())) throw conversionError('google.protobuf.Timestamp');
    return parsed;
  },
  isURL: value => parseUrl(text(value)) !== undefined,
  url,
  isQuantity: value => parseCelQuantity(text(value)) !== undefined,
  quantity,
  sign: value => BigInt(Number(instance(value, CelQuantity).nanos > 0n) - Number(value.nanos < 0n)),
  isIP: value => succeeds(() => parseIp(text(value))),
  ip: value => parseIp(text(value)),
  isCIDR: value => succeeds(() => parseCidr(text(value))),
  cidr: value => parseCidr(text(value)),
  isSemver: (value, normalize) => succeeds(() => semverOf(value, normalize)),
  semver: semverOf,
};

/** Methods, `x.f()`. */
export const methods: Readonly<Record<string, CelFunction>> = {
  ...textFunctions,
  matches,
  find: (value, source) => found(value, source)[0] ?? '',
  findAll: found,
  getScheme: value => instance(value, CelUrl).scheme,
  getHost: value => instance(value, CelUrl).host,
  getHostname: value =>
    instance(value, CelUrl)
      .host.replace(/:\d*$/, '')
      .replace(/^\[(.*)\]$/, '$1'),
  getPort: value => /:(\d*)$/.exec(instance(value, CelUrl).host)?.[1] ?? '',
  getEscapedPath: value => instance(value, CelUrl).path,
  getQuery: value => instance(value, CelUrl).query,
  isInteger: value => instance(value, CelQuantity).isInteger,
  asInteger: value => instance(value, CelQuantity).asInteger(),
  asApproximateFloat: value => instance(value, CelQuantity).asNumber(),
  add: (a, b) => instance(a, CelQuantity).plus(typeof b === 'bigint' ? b : instance(b, CelQuantity)),
  sub: (a, b) => instance(a, CelQuantity).minus(typeof b === 'bigint' ? b : instance(b, CelQuantity)),
  isGreaterThan: (a, b) => compared(a, b) > 0,
  isLessThan: (a, b) => compared(a, b) < 0,
  compareTo: (a, b) => BigInt(compared(a, b)),
  major: value => BigInt(instance(value, CelSemver).version.major),
  minor: value => BigInt(instance(value, CelSemver).version.minor),
  patch: value => BigInt(instance(value, CelSemver).version.patch),
  family: value => BigInt(instance(value, CelIp).family),
  isUnspecified: value => instance(value, CelIp).bytes.every((byte: number) => byte === 0),
  isLoopback: value => ipIs(value, '127.0.0.0/8', '::1/128'),
  isLinkLocalMulticast: value => ipIs(value, '224.0.0.0/24', 'ff02::/16'),
  isLinkLocalUnicast: value => ipIs(value, '169.254.0.0/16', 'fe80::/10'),
  isGlobalUnicast: value =>
    !ipIs(value, '127.0.0.0/8', '::1/128', '224.0.0.0/4', 'ff00::/8', '169.254.0.0/16', 'fe80::/10') &&
    !ipIs(value, '0.0.0.0/32', '::/128', '255.255.255.255/32'),
  ip: value => instance(value, CelCidr).ip,
  prefixLength: value => BigInt(instance(value, CelCidr).prefix),
  masked: value => instance(value, CelCidr).masked(),
  containsIP: (block, ip) =>
    instance(block, CelCidr).contains(typeof ip === 'string' ? parseIp(ip) : instance(ip, CelIp)),
  containsCIDR: (block, other) => {
    const inner = typeof other === 'string' ? parseCidr(other) : instance(other, CelCidr);
    return inner.prefix >= instance(block, CelCidr).prefix && block.contains(inner.ip);
  },
  isSorted: value => list(value).every((item, index) => index === 0 || !less(item, value[index - 1])),
  sum: value => sum(list(value)),
  min: value => extreme(list(value), 'min', less),
  max: value => extreme(list(value), 'max', (a, b) => less(b, a)),
};

/** What stands in front of a function with a name of two parts. */
export class CelNamespace {}

/** Functions with a name in front, as `sets.contains(a, b)`. */
export const namespaces: Readonly<Record<string, Readonly<Record<string, CelFunction>>>> = {
  sets: {
    contains: (all, some) => list(some).every(item => list(all).some(other => equal(item, other))),
    equivalent: (a, b) =>
      list(a).every(item => list(b).some(other => equal(item, other))) &&
      list(b).every(item => list(a).some(other => equal(item, other))),
    intersects: (a, b) => list(a).some(item => list(b).some(other => equal(item, other))),
  },
  ip: {isCanonical: value => parseIp(text(value)).toString() === value},
};

function ipIs(value: unknown, ...blocks: string[]): boolean {
  const ip = instance(value, CelIp);
  return blocks.some(block => parseCidr(block).contains(ip));
}
