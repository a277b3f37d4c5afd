import type {HeaderOperations, Headers, HttpRewrite} from '../types.ts';
import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';

// The set of Istio's expression, in which `+-.` is a range that has the comma in it.
const headerName = /^[!#$%&'*+,\-.^_`|~A-Za-z0-9]+$/;
const pseudoHeaders = new Set([':method', ':scheme', ':authority', ':path', ':status']);
const claimPrefix = '@request.auth.claims';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const headerValue = /^[^\x00-\x08\x0A-\x1F\x7F]*$/;

/** Whether a match's header name stands for a claim of a token, as `@request.auth.claims.group` does. */
export function isClaim(name: string): boolean {
  if (!name.toLowerCase().startsWith(claimPrefix)) return false;
  return /^(\..+|\[.+\])$/s.test(name.slice(claimPrefix.length));
}

/** The name of a header that a rule matches (Istio: `ValidateHTTPHeaderNameOrJwtClaimRoute`). */
export function validateMatchedHeader(name: string, found: Collector): void {
  if (isClaim(name) || pseudoHeaders.has(name)) return;
  validateHeaderName(name, found);
}

/** The name of a header in a CORS policy, where `*` means all. */
export function validateCorsHeader(name: string, found: Collector): void {
  if (name !== '*') validateHeaderName(name, found);
}

function validateHeaderName(name: string, found: Collector): void {
  if (name === '') found.error('header name cannot be empty');
  else if (!headerName.test(name)) found.error(`header name ${name} is not a valid header name`);
}

/** What a rule or destination does to headers; the authority may be set in a request and nowhere else. */
export function validateHeaderOperations(headers: Headers | undefined, found: Collector): void {
  for (const [operations, allowAuthority] of [
    [headers?.request, true],
    [headers?.response, false],
  ] as const) {
    for (const [name, value] of written(operations)) {
      validateOperationName(name, {allowAuthority}, found);
      validateHeaderValue(value, found);
    }
    for (const name of operations?.remove ?? []) validateOperationName(name, {allowAuthority: false}, found);
  }
}

const written = (operations: HeaderOperations | undefined) => [
  ...Object.entries(operations?.add ?? {}),
  ...Object.entries(operations?.set ?? {}),
];

const isHost = (name: string) => name.toLowerCase() === 'host';
const isAuthority = (name: string) => isHost(name) || name.toLowerCase() === ':authority';

function validateOperationName(
  name: string,
  {allowAuthority}: {allowAuthority: boolean},
  found: Collector,
): void {
  if (name === '') return found.error('header name cannot be empty');
  if (allowAuthority && isAuthority(name)) return;
  if (isHost(name)) found.error(`invalid header ${quoted(name)}: cannot set Host header`);
  else if (name.startsWith(':')) found.error(`invalid header ${quoted(name)}: header cannot have ":" prefix`);
}

/** The authority is written once: by the rewrite, or by one header (Istio: `validateAuthorityRewrite`). */
export function validateAuthorityRewrite(
  rewrite: HttpRewrite | undefined,
  headers: Headers | undefined,
  found: Collector,
): void {
  let current = rewrite?.authority ?? '';
  const {set = {}, add = {}} = headers?.request ?? {};
  for (const [name, value] of [...Object.entries(set), ...Object.entries(add)]) {
    if (!isAuthority(name)) continue;
    if (current !== '') {
      return found.error(
        `authority header cannot be set multiple times: have ${quoted(current)}, attempting to set ${quoted(value)}`,
      );
    }
    current = value;
  }
}

function validateHeaderValue(value: string, found: Collector): void {
  if (!headerValue.test(value)) return found.error(`header value configuration ${value} is invalid`);
  const fault = variableFault(value);
  if (fault) found.error(`header value configuration: invalid header configuration. ${fault}`);
}

type Place = 'literal' | 'name' | 'arguments' | 'string' | 'quote' | 'delimiter' | 'closing' | 'percent';

/**
 * What is wrong with the `%VARIABLE(arguments)%` expressions of a header's value: the check that Envoy once made
 * of them, which Istio keeps (`validateHeaderValue`).
 */
function variableFault(value: string): string | undefined {
  let place: Place = 'literal';
  for (let index = 0; index < value.length; index += 1) {
    const char = value[index] ?? '';
    const last = index + 1 === value.length;
    if (place === 'literal') {
      if (char !== '%') continue;
      if (last) return 'Un-escaped %';
      if (value[index + 1] === '%') index += 1;
      else place = 'name';
    } else if (place === 'name') {
      if (char === '%') place = 'literal';
      else if (char === '(') place = 'arguments';
    } else if (place === 'string') {
      if (char === '\\') {
        if (last) return 'Un-terminated backslash in JSON string';
        index += 1;
      } else if (char === ')') place = 'percent';
      else if (char === '"') place = 'delimiter';
    } else if (char === ' ') continue;
    else if (place === 'arguments') place = char === '[' ? 'quote' : 'string';
    else {
      const next: Place | undefined = expected[place][char];
      if (!next) return faults[place];
      place = next;
    }
  }
  return place === 'literal' ? undefined : `Un-terminated variable expression '${value}'`;
}

type Expecting = 'quote' | 'delimiter' | 'closing' | 'percent';

const expected: Record<Expecting, Record<string, Place>> = {
  quote: {'"': 'string'},
  delimiter: {',': 'quote', ']': 'closing'},
  closing: {')': 'percent'},
  percent: {'%': 'literal'},
};

const faults: Record<Expecting, string> = {
  quote: `Expecting '"'`,
  delimiter: `Expecting ',', ']', or whitespace`,
  closing: "Expecting ')' or whitespace after '{}', but found '{}'",
  percent: "Expecting '%' or whitespace after",
};
