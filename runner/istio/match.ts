import {fullMatch, RegexError} from './re2.ts';
import type {HttpMatch, StringMatch} from './types.ts';

/** A request as a proxy sees it. Header names are lower case; several values of one are joined by commas. */
export interface RouteRequest {
  method: string;
  /** As the client sent it, with a port if it sent one. */
  authority: string;
  /** With the query string. */
  path: string;
  scheme: string;
  headers: Readonly<Record<string, string | undefined>>;
  /** The port that the client connected to (at a gateway: the port the proxy listens on). */
  port: number;
  /** The address that the client connected to, where it is known. */
  destinationIp?: string;
}

/** One part of a match entry, and what it compares. */
export interface MatchCondition {
  /** `uri`, `headers.end-user`, `withoutHeaders.x`, `queryParams.v`, `method`, `scheme`, `authority`. */
  field: string;
  wants: StringMatch;
  test(request: RouteRequest): boolean;
  /** What the request had there. */
  found(request: RouteRequest): string | undefined;
}

type Test = (value: string) => boolean;

function valueTest(match: StringMatch, ignoreCase = false): Test {
  if (match.exact !== undefined) {
    const exact = ignoreCase ? match.exact.toLowerCase() : match.exact;
    return value => (ignoreCase ? value.toLowerCase() : value) === exact;
  }
  if (match.prefix !== undefined) {
    const prefix = ignoreCase ? match.prefix.toLowerCase() : match.prefix;
    return value => (ignoreCase ? value.toLowerCase() : value).startsWith(prefix);
  }
  if (match.regex !== undefined) return regexTest(match.regex);
  return () => true;
}

/** A pattern that no webhook has refused, since none was there, matches nothing. */
function regexTest(pattern: string): Test {
  try {
    const regex = fullMatch(pattern);
    return value => regex.test(value);
  } catch (error) {
    if (error instanceof RegexError) return () => false;
    throw error;
  }
}

/** `{}` and the regex `*` ask only whether the thing is there (Istio: `canBeConvertedToPresentMatch`). */
function asksPresence(match: StringMatch): boolean {
  return (
    match.regex === '*' ||
    (match.exact === undefined && match.prefix === undefined && match.regex === undefined)
  );
}

export function pathOf(request: RouteRequest): string {
  const query = request.path.indexOf('?');
  return query < 0 ? request.path : request.path.slice(0, query);
}

export function queryOf(path: string): Map<string, string> {
  const found = new Map<string, string>();
  const start = path.indexOf('?');
  if (start < 0) return found;
  for (const pair of path.slice(start + 1).split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    if (!found.has(key)) found.set(key, equals < 0 ? '' : pair.slice(equals + 1));
  }
  return found;
}

function pseudoHeader(name: string, request: RouteRequest): string | undefined {
  switch (name) {
    case ':method':
      return request.method;
    case ':path':
      return request.path;
    case ':scheme':
      return request.scheme;
    case ':authority':
    case 'host':
      return request.authority;
    default:
      return request.headers[name];
  }
}

/** `@request.auth.claims` keys look like headers that no request has: tokens are not simulated. */
function headerCondition(name: string, wants: StringMatch): MatchCondition {
  const key = name.toLowerCase();
  const found = (request: RouteRequest) => pseudoHeader(key, request);
  const test = asksPresence(wants) ? undefined : valueTest(wants);
  return {
    field: `headers.${name}`,
    wants,
    found,
    test: request => {
      const value = found(request);
      return value !== undefined && (test === undefined || test(value));
    },
  };
}

/** An absent header counts as empty, except where only presence is asked for. */
function withoutHeaderCondition(name: string, wants: StringMatch): MatchCondition {
  const key = name.toLowerCase();
  const found = (request: RouteRequest) => pseudoHeader(key, request);
  const test = asksPresence(wants) ? undefined : valueTest(wants);
  return {
    field: `withoutHeaders.${name}`,
    wants,
    found,
    test: request => {
      const value = found(request);
      return test === undefined ? value === undefined : !test(value ?? '');
    },
  };
}

function queryCondition(name: string, wants: StringMatch): MatchCondition {
  const found = (request: RouteRequest) => queryOf(request.path).get(name);
  const test = asksPresence(wants) ? undefined : valueTest(wants);
  return {
    field: `queryParams.${name}`,
    wants,
    found,
    test: request => {
      const value = found(request);
      return value !== undefined && (test === undefined || test(value));
    },
  };
}

function fieldCondition(
  field: string,
  wants: StringMatch,
  found: (request: RouteRequest) => string,
): MatchCondition {
  const test = valueTest(wants);
  return {field, wants, found, test: request => test(found(request))};
}

/** Turns a match entry into the conditions that must all hold (Istio: `TranslateRouteMatch`). */
export function conditionsOf(match: HttpMatch): MatchCondition[] {
  const conditions: MatchCondition[] = [];
  if (match.uri) {
    const test = valueTest(match.uri, match.ignoreUriCase === true && match.uri.regex === undefined);
    conditions.push({field: 'uri', wants: match.uri, found: pathOf, test: request => test(pathOf(request))});
  }
  for (const [name, wants] of Object.entries(match.headers ?? {})) {
    conditions.push(headerCondition(name, wants ?? {}));
  }
  for (const [name, wants] of Object.entries(match.withoutHeaders ?? {})) {
    conditions.push(withoutHeaderCondition(name, wants ?? {}));
  }
  if (match.scheme) conditions.push(fieldCondition('scheme', match.scheme, request => request.scheme));
  if (match.method) conditions.push(fieldCondition('method', match.method, request => request.method));
  if (match.authority) {
    conditions.push(fieldCondition('authority', match.authority, request => request.authority));
  }
  for (const [name, wants] of Object.entries(match.queryParams ?? {})) {
    conditions.push(queryCondition(name, wants ?? {}));
  }
  return conditions;
}

/** Whether the entry matches every request, so that what stands after it is never reached. */
export function matchesEverything(match: HttpMatch | undefined): boolean {
  if (!match) return true;
  const others = [match.headers, match.withoutHeaders, match.queryParams].some(
    entries => Object.keys(entries ?? {}).length > 0,
  );
  if (others || match.scheme || match.method || match.authority) return false;
  return !match.uri || match.uri.prefix === '/' || match.uri.regex === '.*' || isEmpty(match.uri);
}

function isEmpty(match: StringMatch): boolean {
  return match.exact === undefined && match.prefix === undefined && match.regex === undefined;
}
