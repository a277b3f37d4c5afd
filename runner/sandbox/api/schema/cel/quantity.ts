import {CelError} from './faults.ts';

const suffixes: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: (10n ** 9n) << 10n,
  Mi: (10n ** 9n) << 20n,
  Gi: (10n ** 9n) << 30n,
  Ti: (10n ** 9n) << 40n,
  Pi: (10n ** 9n) << 50n,
  Ei: (10n ** 9n) << 60n,
};
const one = 10n ** 9n;

/** A Kubernetes quantity in CEL, exact to a billionth. */
export class CelQuantity {
  /** Billionths. */
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }

  equals(other: CelQuantity): boolean {
    return this.nanos === other.nanos;
  }

  get isInteger(): boolean {
    return this.nanos % one === 0n && this.nanos / one < 2n ** 63n && this.nanos / one >= -(2n ** 63n);
  }

  /** @throws CelError when it is not whole, or too large. */
  asInteger(): bigint {
    if (!this.isInteger) throw new CelError('cannot convert value to integer');
    return this.nanos / one;
  }

  asNumber(): number {
    return Number(this.nanos) / 1e9;
  }

  plus(other: CelQuantity | bigint): CelQuantity {
    return new CelQuantity(this.nanos + (typeof other === 'bigint' ? other * one : other.nanos));
  }

  minus(other: CelQuantity | bigint): CelQuantity {
    return new CelQuantity(this.nanos - (typeof other === 'bigint' ? other * one : other.nanos));
  }
}

/** @returns undefined for what is none (apimachinery, pkg/api/resource/quantity.go). */
export function parseCelQuantity(text: string): CelQuantity | undefined {
  const match = /^([+-]?)(\d{1,40})?(?:\.(\d{0,40}))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/.exec(text);
  if (!match || ((match[2] ?? '') === '' && (match[3] ?? '') === '')) return undefined;
  const [, sign, whole = '0', fraction = '', suffix = ''] = match;
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix);
  const power = Number(exponent?.[1] ?? 0);
  const scale = exponent
    ? power < 0
      ? one / 10n ** BigInt(-power)
      : one * 10n ** BigInt(power)
    : suffixes[suffix];
  if (scale === undefined) return undefined;
  const digits = BigInt(whole + fraction) * scale;
  const divisor = 10n ** BigInt(fraction.length);
  // What is finer than a billionth is rounded up.
  const nanos = digits / divisor + (digits % divisor === 0n ? 0n : 1n);
  return new CelQuantity(sign === '-' ? -nanos : nanos);
}
