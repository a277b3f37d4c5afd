import {trimmed} from '../../trim.ts';
import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';
import {isIp, prefixFault} from './ip-address.ts';

/** Values of a policy must not be empty; only the first that is counts. */
export function emptyFault(field: string, values: readonly string[] = []): string | undefined {
  return values.includes('') ? `empty value not allowed, found in ${field}` : undefined;
}

/** A `*` stands at one end of a value, or alone (Istio: `CheckWildcardValues`). */
export function wildcardFault(field: string, values: readonly string[] = []): string | undefined {
  const empty = emptyFault(field, values);
  if (empty) return empty;
  for (const value of values) {
    const stars = value.split('*').length - 1;
    if (stars > 1) return `at most one wildcard is allowed, found in ${field}: ${quoted(value)}`;
    if (stars === 1 && !value.startsWith('*') && !value.endsWith('*')) {
      return `wildcard is only allowed at the start or end, found in ${field}: ${quoted(value)}`;
    }
  }
  return undefined;
}

/** Istio: `CheckTrustDomainValues`. */
export function trustDomainFault(field: string, values: readonly string[] = []): string | undefined {
  const slashed = values.find(value => value.includes('/'));
  return (
    wildcardFault(field, values) ??
    (slashed && `trust domain must not contain '/', found in ${field}: ${quoted(slashed)}`)
  );
}

const mostAccounts = 16;

/** `serviceAccount` or `namespace/serviceAccount` (Istio: `CheckServiceAccount`). */
export function serviceAccountFault(field: string, values: readonly string[] = []): string | undefined {
  if (values.length > mostAccounts) return `may not have more than ${mostAccounts} values`;
  for (const value of values) {
    if (value === '') return `empty value not allowed, found in ${field}`;
    if (value.includes('*')) return `wildcard not allowed, found in ${field}`;
    const expected = "expected format 'serviceAccount' or 'namespace/serviceAccount', found";
    const parts = value.split('/');
    if (parts.length > 2) return `${expected} ${quoted(value)} in ${field}`;
    if (value.length > 320) return `value cannot exceed 320 characters, found ${quoted(value)} in ${field}`;
    if (parts[0] === '') return `${expected} empty namespace ${quoted(value)} in ${field}`;
    if (parts[1] === '') return `${expected} empty serviceAccount ${quoted(value)} in ${field}`;
  }
  return undefined;
}

export function validateIps(values: readonly string[] | undefined, found: Collector): void {
  for (const fault of ipFaults(values)) found.listed(fault);
}

export function validatePorts(values: readonly string[] | undefined, found: Collector): void {
  for (const fault of portFaults(values)) found.listed(fault);
}

export function ipFaults(values: readonly string[] = []): string[] {
  return values.flatMap(value => {
    if (!value.includes('/')) return isIp(value) ? [] : [`bad IP address (${value})`];
    const fault = prefixFault(value);
    return fault ? [`bad CIDR range (${value}): ${fault}`] : [];
  });
}

const largest32 = 2 ** 32 - 1;

export function portFaults(values: readonly string[] = []): string[] {
  return values.flatMap(value => {
    const isNumber = /^\d+$/.test(value);
    if (isNumber && Number(value) <= 65_535) return [];
    const parsing = `strconv.ParseUint: parsing ${quoted(value)}`;
    const why = !isNumber
      ? `${parsing}: invalid syntax`
      : Number(value) > largest32
        ? `${parsing}: value out of range`
        : '<nil>';
    return [`bad port (${value}): ${why}`];
  });
}

const pathSegment = /^[a-zA-Z0-9-._~%!$&'()+,;:@=]+$/;

/** Paths with `{*}` and, as the last of them, `{**}` for segments (Istio: `CheckValidPathTemplate`). */
export function pathFault(field: string, paths: readonly string[] = []): string | undefined {
  for (const path of paths) {
    const isTemplate = path.includes('{*}') || path.includes('{**}');
    const bare = trimmed(path, '/');
    const invalid = (why: string) => `invalid or unsupported path ${bare}, found in ${field}. ${why}`;
    let ended = false;
    for (const segment of bare.split('/')) {
      if (segment === '{*}' || segment === '{**}') {
        if (ended) return invalid('{**} is not the last operator');
        ended = segment === '{**}';
      } else if (/[{}]/.test(segment)) {
        return invalid("Contains '{' or '}' beyond a supported path template");
      } else if (isTemplate && !pathSegment.test(segment)) {
        return invalid(`Contains segment ${segment} with invalid string literal`);
      }
    }
  }
  return undefined;
}
