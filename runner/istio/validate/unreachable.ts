import type {HttpMatch, HttpRoute, L4Match, L4Route, StringMatch} from '../types.ts';
import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';

type Route = HttpRoute | L4Route;
type Match = HttpMatch | L4Match;

/** Rules that can't be reached because of what stands before them (Istio: `analyzeUnreachableHTTPRules` and its kind). */
export function warnUnreachable(routes: readonly Route[], found: Collector): void {
  const seen = new Map<string, number>();
  const prefixes: PrefixMatch[] = [];
  let catchAll = false;
  for (const [index, route] of routes.entries()) {
    const rule = nameOf(route, index);
    const unused = (reason: string) => found.warn(`virtualService rule ${rule} not used (${reason})`);
    const matches: readonly Match[] = route.match ?? [];
    if (matches.length === 0) {
      if (catchAll) unused('only the last rule can have no matches');
      catchAll = true;
      continue;
    }
    let duplicates = 0;
    for (const [place, match] of matches.entries()) {
      if (catchAll) {
        unused('route without matches defined before');
        continue;
      }
      const key = identityOf(match);
      const before = seen.get(key);
      if (before === undefined) {
        seen.set(key, index);
        prefixes.push(...prefixMatch(match, {rule, name: nameOf(match, place)}));
      } else {
        duplicates += 1;
        warnIneffective(found, rule, nameOf(match, place), nameOf(routes[before], before));
      }
    }
    if (duplicates === matches.length) unused('all matches used by prior rules');
  }
  warnCovered(prefixes, found);
}

function warnIneffective(found: Collector, rule: string, match: string, other: string): void {
  found.warn(
    `virtualService rule ${rule} match ${match} is not used (duplicate/overlapping match in rule ${other})`,
  );
}

function nameOf(named: object | undefined, index: number): string {
  const name = named && 'name' in named ? named.name : undefined;
  return typeof name === 'string' && name !== '' ? quoted(name) : `#${index}`;
}

const maps = new Set(['headers', 'withoutHeaders', 'queryParams', 'sourceLabels']);

/** A match without its name, and without what is as good as absent. */
function identityOf(match: Match): string {
  const fields = Object.entries(match)
    .filter(([field, value]) => field !== 'name' && !isAbsent(field, value))
    .map(([field, value]) => [field, maps.has(field) ? sorted(value) : value] as const);
  return JSON.stringify(sorted(Object.fromEntries(fields)));
}

function isAbsent(field: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return maps.has(field) ? Object.keys(value ?? {}).length === 0 : !value;
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** A match whose uri is a prefix, with what else it asks for, as far as Istio compares that. */
interface PrefixMatch {
  rule: string;
  name: string;
  prefix: string;
  port: number;
  /** The method and the authority. */
  texts: string[];
  maps: Record<string, string>[];
}

function prefixMatch(match: Match, {rule, name}: {rule: string; name: string}): PrefixMatch[] {
  if (!('uri' in match) || !match.uri?.prefix) return [];
  const {uri, port = 0, method, authority, headers, queryParams, withoutHeaders} = match;
  return [
    {
      ...{rule, name, port, prefix: uri.prefix ?? ''},
      texts: [textOf(method) || 'exact:GET', textOf(authority)],
      maps: [headers, queryParams, withoutHeaders].map(wanted =>
        Object.fromEntries(Object.entries(wanted ?? {}).map(([key, value]) => [key, textOf(value)])),
      ),
    },
  ];
}

function textOf(match: StringMatch | undefined): string {
  if (match?.exact) return `exact:${match.exact}`;
  return match?.prefix ? `prefix:${match.prefix}` : '';
}

/** Prefixes that lie within one before them, which takes their requests (Istio: `coveredValidation`). */
function warnCovered(matches: readonly PrefixMatch[], found: Collector): void {
  for (const [index, first] of matches.entries()) {
    for (const later of matches.slice(index + 1)) {
      if (later.prefix === first.prefix || !coversMatch(first, later)) continue;
      warnIneffective(
        found,
        later.rule,
        `${later.name} of prefix ${later.prefix}`,
        `${first.name} of prefix ${first.prefix} on ${first.rule}`,
      );
    }
  }
}

function coversMatch(first: PrefixMatch, later: PrefixMatch): boolean {
  if (!later.prefix.startsWith(first.prefix) || later.port !== first.port) return false;
  if (!first.texts.every((text, index) => text.startsWith(later.texts[index] ?? ''))) return false;
  return first.maps.every((wanted, index) => {
    const other = later.maps[index] ?? {};
    const keys = Object.keys(wanted);
    return (
      keys.length === Object.keys(other).length &&
      keys.every(key => other[key] !== undefined && (wanted[key] ?? '').startsWith(other[key]))
    );
  });
}
