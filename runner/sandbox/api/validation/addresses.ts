import {BlockList, isIP} from 'node:net';
import {type FieldError, invalidValue} from './field-error.ts';

type Family = 'ipv4' | 'ipv6';
type Range = [address: string, prefix: number, family: Family];

/** Where nobody else's traffic may be sent, by Kubernetes' `ValidateNonSpecialIP`. */
const special: readonly [ranges: readonly Range[], text: string][] = [
  [
    [
      ['127.0.0.0', 8, 'ipv4'],
      ['::1', 128, 'ipv6'],
    ],
    'may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ],
  [
    [
      ['169.254.0.0', 16, 'ipv4'],
      ['fe80::', 10, 'ipv6'],
    ],
    'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
  ],
  [
    [
      ['224.0.0.0', 24, 'ipv4'],
      ['ff02::', 16, 'ipv6'],
    ],
    'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  ],
];

/** What Kubernetes says of a text that has to be an IP address to which traffic can go. */
export function validateEndpointAddress(address: unknown, field: string): FieldError[] {
  const text = String(address ?? '');
  const family = familyOf(text);
  if (!family) {
    return [
      invalidValue(field, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      invalidValue(field, text, 'must be a valid IP address'),
    ];
  }
  return validateNonSpecial(text, family, field);
}

/** The same for a text that has to be of one family. */
export function validateAddressOf(family: Family, address: unknown, field: string): FieldError[] {
  const text = String(address ?? '');
  if (familyOf(text) === family) return validateNonSpecial(text, family, field);
  const name = family === 'ipv4' ? 'IPv4' : 'IPv6';
  const other = familyOf(text);
  const errors = [invalidValue(field, text, `must be a valid ${name} address`)];
  return other ? errors : [...errors, invalidValue(field, text, 'must be a valid IP address')];
}

function validateNonSpecial(text: string, family: Family, field: string): FieldError[] {
  if (text === '0.0.0.0' || text === '::') {
    return [invalidValue(field, text, `may not be unspecified (${text})`)];
  }
  return special
    .filter(([ranges]) => ranges.some(range => isWithin(text, family, range)))
    .map(([, problem]) => invalidValue(field, text, problem));
}

/** What Kubernetes says of a CIDR, and of the blocks that are to be left out of it. */
export function validateBlock({cidr, except = []}: any, field: string): FieldError[] {
  const whole = rangeOf(String(cidr ?? ''));
  // That there is none is said elsewhere.
  if (!cidr) return [];
  if (!whole) return [invalidValue(`${field}.cidr`, cidr, notCidr)];
  const errors: FieldError[] = [];
  for (const [index, block] of except.entries()) {
    const at = `${field}.except[${index}]`;
    const part = rangeOf(String(block));
    if (!part) errors.push(invalidValue(at, block, notCidr));
    else if (part[2] !== whole[2] || part[1] <= whole[1] || !isWithin(part[0], part[2], whole)) {
      errors.push(invalidValue(at, block, 'must be a strict subset of `cidr`'));
    }
  }
  return errors;
}

const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export function familyOf(text: string): Family | undefined {
  // Go knows no zones here.
  if (text.includes('%')) return undefined;
  const version = isIP(text);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}

function rangeOf(text: string): Range | undefined {
  const [address = '', prefix = '', ...more] = text.split('/');
  const family = familyOf(address);
  if (!family || more.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = Number(prefix);
  return length <= (family === 'ipv4' ? 32 : 128) ? [address, length, family] : undefined;
}

function isWithin(address: string, family: Family, [network, prefix, ofFamily]: Range): boolean {
  if (family !== ofFamily) return false;
  const blocks = new BlockList();
  blocks.addSubnet(network, prefix, ofFamily);
  return blocks.check(address, family);
}
