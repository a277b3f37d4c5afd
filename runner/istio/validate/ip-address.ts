import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';

/** Whether the text is an IP address for Go's `netip.ParseAddr`: no leading zeros, zones allowed. */
export function isIp(text: string): boolean {
  return addressFault(text) === undefined;
}

/** What `netip.ParsePrefix` says against a CIDR range, or undefined. */
export function prefixFault(text: string): string | undefined {
  const fault = (message: string) => `netip.ParsePrefix(${quoted(text)}): ${message}`;
  const slash = text.lastIndexOf('/');
  if (slash < 0) return fault("no '/'");
  const address = text.slice(0, slash);
  const problem = addressFault(address);
  if (problem) return fault(problem);
  if (address.includes('%')) return fault('IPv6 zones cannot be present in a prefix');
  const bits = text.slice(slash + 1);
  if (!/^(\d|[1-9]\d*)$/.test(bits)) return fault(`bad bits after slash: ${quoted(bits)}`);
  if (Number(bits) > (address.includes(':') ? 128 : 32)) return fault('prefix length out of range');
  return undefined;
}

function addressFault(text: string): string | undefined {
  const fault = (message: string, at = '') =>
    `ParseAddr(${quoted(text)}): ${message}${at === '' ? '' : ` (at ${quoted(at)})`}`;
  const kind = /[.:%]/.exec(text)?.[0];
  if (kind === '.') return ipv4Fault(text, fault);
  if (kind === ':') return ipv6Fault(text, fault);
  return fault(kind === '%' ? 'missing IPv6 address' : 'unable to parse IP');
}

type Fault = (message: string, at?: string) => string;

function ipv4Fault(part: string, fault: Fault): string | undefined {
  let fields = 0;
  let digits = '';
  for (const [index, char] of [...part].entries()) {
    if (/\d/.test(char)) {
      if (digits === '0') return fault('IPv4 field has octet with leading zero');
      digits += char;
      if (Number(digits) > 255) return fault('IPv4 field has value >255');
    } else if (char === '.') {
      if (index === 0 || index === part.length - 1 || digits === '') {
        return fault('IPv4 field must have at least one digit', part.slice(index));
      }
      if (fields === 3) return fault('IPv4 address too long');
      fields += 1;
      digits = '';
    } else return fault('unexpected character', part.slice(index));
  }
  return fields < 3 ? fault('IPv4 address too short') : undefined;
}

function ipv6Fault(text: string, fault: Fault): string | undefined {
  const percent = text.indexOf('%');
  if (percent >= 0 && percent === text.length - 1) return fault('zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  let bytes = 0;
  let ellipsis = false;
  if (rest.startsWith('::')) {
    ellipsis = true;
    rest = rest.slice(2);
    if (rest === '') return undefined;
  }
  while (bytes < 16) {
    const group = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (group.length > 4) return fault('each group must have 4 or less digits', rest);
    if (group === '') return fault('each colon-separated field must have at least one digit', rest);
    if (rest[group.length] === '.') {
      if (!ellipsis && bytes !== 12)
        return fault('embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (bytes + 4 > 16)
        return fault('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      const problem = ipv4Fault(rest, fault);
      if (problem) return problem;
      rest = '';
      bytes += 4;
      break;
    }
    bytes += 2;
    rest = rest.slice(group.length);
    if (rest === '') break;
    if (!rest.startsWith(':')) return fault('unexpected character, want colon', rest);
    if (rest === ':') return fault('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest.startsWith(':')) {
      if (ellipsis) return fault('multiple :: in address', rest);
      ellipsis = true;
      rest = rest.slice(1);
      if (rest === '') break;
    }
  }
  if (rest !== '') return fault('trailing garbage after address', rest);
  if (bytes < 16 && !ellipsis) return fault('address string too short');
  if (bytes === 16 && ellipsis) return fault('the :: must expand to at least one field of zeros');
  return undefined;
}

export function validateIp(text: string, found: Collector): void {
  if (!isIp(text)) found.error(`${text} is not a valid IP`);
}

/** An address, or a range of them (Istio: `ValidateIPSubnet`). */
export function validateSubnet(text: string, found: Collector): void {
  if (text.split('/').length !== 2) validateIp(text, found);
  else if (prefixFault(text)) found.error(`${text} is not a valid CIDR block`);
}
