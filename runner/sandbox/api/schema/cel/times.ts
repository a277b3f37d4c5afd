import {Duration} from '@marcbachmann/cel-js/evaluator';

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** `1h30m`, `10.5s`, `-3ms`, by the rules of Go's `time.ParseDuration`; undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^([-+]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text);
  if (!match || text.length > 100) return undefined;
  let total = 0n;
  for (const [, whole, fraction, unit] of (match[2] ?? '').matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const scale = units[unit ?? ''] ?? 0n;
    const digits = (fraction ?? '').slice(0, 18);
    total += BigInt(whole || 0) * scale + (BigInt(digits || 0) * scale) / 10n ** BigInt(digits.length);
  }
  if (match[1] === '-') total = -total;
  if (total > 2n ** 63n - 1n || total < -(2n ** 63n)) return undefined;
  return new Duration(total / 1_000_000_000n, Number(total % 1_000_000_000n));
}

/** RFC 3339, from the year 1 to 9999; undefined for anything else. */
export function parseTimestamp(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  if ((day ?? 0) > new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate()) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 ? undefined : date;
}
