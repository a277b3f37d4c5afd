import {pathOf, queryOf, type RouteRequest} from '../match.ts';
import {fullMatch, RegexError} from '../re2.ts';

interface StringMatcher {
  exact?: string;
  prefix?: string;
  suffix?: string;
  contains?: string;
  safe_regex?: {regex: string};
  ignore_case?: boolean;
}

interface HeaderMatcher {
  name: string;
  string_match?: StringMatcher;
  present_match?: boolean;
  invert_match?: boolean;
  treat_missing_header_as_empty?: boolean;
}

/** Envoy's `RouteMatch`, as far as Istio writes it. */
interface RouteMatch {
  prefix?: string;
  path?: string;
  path_separated_prefix?: string;
  safe_regex?: {regex: string};
  case_sensitive?: boolean;
  headers?: readonly HeaderMatcher[];
  query_parameters?: readonly {name: string; string_match?: StringMatcher; present_match?: boolean}[];
}

/** Whether a route of Envoy takes a request (`config.route.v3.RouteMatch`). */
export function routeTakes(match: RouteMatch, request: RouteRequest): boolean {
  return (
    pathMatches(match, pathOf(request)) &&
    (match.headers ?? []).every(header => headerMatches(header, request)) &&
    queryMatches(match, request)
  );
}

function pathMatches(match: RouteMatch, path: string): boolean {
  const fold = (text: string) => (match.case_sensitive === false ? text.toLowerCase() : text);
  if (match.path !== undefined) return fold(path) === fold(match.path);
  if (match.prefix !== undefined) return fold(path).startsWith(fold(match.prefix));
  if (match.path_separated_prefix !== undefined) {
    const prefix = fold(match.path_separated_prefix);
    return fold(path) === prefix || fold(path).startsWith(`${prefix}/`);
  }
  return match.safe_regex === undefined || whole(match.safe_regex.regex, path);
}

function headerMatches(header: HeaderMatcher, request: RouteRequest): boolean {
  const found = headerValue(header.name.toLowerCase(), request);
  const value = found ?? (header.treat_missing_header_as_empty ? '' : undefined);
  const {string_match: wants, present_match: present, invert_match: inverted = false} = header;
  if (wants) return value === undefined ? false : textMatches(wants, value) !== inverted;
  return ((found !== undefined) === (present ?? true)) !== inverted;
}

function queryMatches({query_parameters: wanted = []}: RouteMatch, {path}: RouteRequest): boolean {
  if (wanted.length === 0) return true;
  const found = queryOf(path);
  return wanted.every(({name, string_match: wants, present_match: present}) => {
    const value = found.get(name);
    if (wants) return value !== undefined && textMatches(wants, value);
    return (value !== undefined) === (present ?? true);
  });
}

function headerValue(
  name: string,
  {method, authority, path, scheme, headers}: RouteRequest,
): string | undefined {
  const pseudo: Readonly<Record<string, string>> = {
    ':method': method,
    ':authority': authority,
    ':path': path,
    ':scheme': scheme,
  };
  return pseudo[name] ?? headers[name];
}

function textMatches(wants: StringMatcher, value: string): boolean {
  const fold = (text: string) => (wants.ignore_case ? text.toLowerCase() : text);
  const own = fold(value);
  if (wants.exact !== undefined) return own === fold(wants.exact);
  if (wants.prefix !== undefined) return own.startsWith(fold(wants.prefix));
  if (wants.suffix !== undefined) return own.endsWith(fold(wants.suffix));
  if (wants.contains !== undefined) return own.includes(fold(wants.contains));
  return wants.safe_regex === undefined || whole(wants.safe_regex.regex, value);
}

function whole(regex: string, value: string): boolean {
  try {
    return fullMatch(regex).test(value);
  } catch (error) {
    if (error instanceof RegexError) return false;
    throw error;
  }
}
