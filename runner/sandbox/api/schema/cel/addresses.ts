import {isIPv4, isIPv6} from 'node:net';
import {CelError} from './faults.ts';

/** An IP address, as the `ip()` function of Kubernetes' CEL library makes it. */
export class CelIp {
  readonly bytes: readonly number[];

  constructor(bytes: readonly number[]) {
    this.bytes = bytes;
  }

  get family(): 4 | 6 {
    return this.bytes.length === 4 ? 4 : 6;
  }

  equals(other: CelIp): boolean {
    return this.toString() === other.toString();
  }

  /** In its canonical form (RFC 5952 for IPv6). */
  toString(): string {
    if (this.family === 4) return this.bytes.join('.');
    const {hostname} = new URL(
      `http://[${groupsOf(this.bytes)
        .map(group => group.toString(16))
        .join(':')}]/`,
    );
    return hostname.slice(1, -1);
  }
}

/** A block of addresses. */
export class CelCidr {
  readonly ip: CelIp;
  readonly prefix: number;

  constructor(ip: CelIp, prefix: number) {
    this.ip = ip;
    this.prefix = prefix;
  }

  equals(other: CelCidr): boolean {
    return this.toString() === other.toString();
  }

  masked(): CelCidr {
    return new CelCidr(new CelIp(masked(this.ip.bytes, this.prefix)), this.prefix);
  }

  contains(ip: CelIp): boolean {
    const mine = masked(this.ip.bytes, this.prefix);
    return (
      ip.family === this.ip.family &&
      masked(ip.bytes, this.prefix).every((byte, index) => byte === mine[index])
    );
  }

  toString(): string {
    return `${this.ip}/${this.prefix}`;
  }
}

/** @throws CelError for a text that is none, has a zone, or hides IPv4 in IPv6 (apiserver, pkg/cel/library/ip.go). */
export function parseIp(text: string): CelIp {
  const shown = JSON.stringify(text);
  if (text.includes('%')) throw new CelError(`IP address ${shown} with zone value is not allowed`);
  const bytes = bytesOf(text);
  if (!bytes) {
    throw new CelError(
      `IP Address ${shown} parse error during conversion from string: ParseAddr(${shown}): unable to parse IP`,
    );
  }
  if (isMapped(bytes)) throw new CelError(`IPv4-mapped IPv6 address ${shown} is not allowed`);
  return new CelIp(bytes);
}

/** @throws CelError */
export function parseCidr(text: string): CelCidr {
  const [address = '', prefix, ...rest] = text.split('/');
  const bytes = bytesOf(address);
  const bits = /^(0|[1-9]\d{0,2})$/.test(prefix ?? '') ? Number(prefix) : Number.NaN;
  if (!bytes || rest.length > 0 || !(bits <= bytes.length * 8)) {
    const shown = JSON.stringify(text);
    const why = prefix === undefined ? "no '/'" : bytes ? 'bad bits after slash' : 'unable to parse IP';
    const what = 'network address parse error during conversion from string';
    throw new CelError(`${what}: ${what}: netip.ParsePrefix(${shown}): ${why}`);
  }
  if (isMapped(bytes)) throw new CelError(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  return new CelCidr(new CelIp(bytes), bits);
}

function bytesOf(text: string): number[] | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = '', tail] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined) =>
    part ? part.split(':').map(group => Number.parseInt(group, 16)) : [];
  const left = groups(head);
  const right = groups(tail);
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return [...left, ...zeros, ...right].flatMap(group => [group >> 8, group & 255]);
}

function groupsOf(bytes: readonly number[]): number[] {
  return Array.from({length: 8}, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
}

function isMapped(bytes: readonly number[]): boolean {
  return (
    bytes.length === 16 &&
    bytes.slice(0, 10).every(byte => byte === 0) &&
    bytes[10] === 255 &&
    bytes[11] === 255
  );
}

function masked(bytes: readonly number[], prefix: number): number[] {
  return bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))) & 255);
}
