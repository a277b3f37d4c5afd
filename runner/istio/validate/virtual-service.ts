import {covers, isIpAddress} from '../hosts.ts';
import type {HttpMatch, HttpRoute, StringMatch, VirtualService} from '../types.ts';
import {
  isDns1123Label,
  validateDestination,
  validateExportTo,
  validateHeaderName,
  validateStringMatch,
  validateWildcardDomain,
} from './common.ts';
import type {Collector} from './findings.ts';
import {validateHttpActions} from './http-route.ts';

/** Istio: `ValidateVirtualService`. */
export function validateVirtualService(virtualService: VirtualService, found: Collector): void {
  const spec = virtualService.spec ?? {};
  const hosts = spec.hosts ?? [];
  const gateways = spec.gateways ?? [];
  const isDelegate = hosts.length === 0;
  if (isDelegate && gateways.length > 0) {
    found.error('delegate VirtualService must have no gateways');
  }
  for (const gateway of gateways) validateGatewayName(gateway, found);
  const onMesh = gateways.length === 0 || gateways.includes('mesh');
  for (const host of hosts) {
    if (host === '*' && onMesh) {
      found.error('wildcard host * is not allowed for virtual services bound to the mesh gateway');
    } else if (!isIpAddress(host)) validateWildcardDomain(host, found);
  }
  validateDuplicateHosts(hosts, found);
  const {http = [], tcp = [], tls = []} = spec;
  if (http.length + tcp.length + tls.length === 0) {
    found.error('http, tcp or tls must be provided in virtual service');
  }
  for (const route of http) validateHttpRoute(route, {gateways, isDelegate}, found);
  for (const route of [...tcp, ...tls]) {
    if (!route.route?.length) found.error('TCP route is required');
    for (const entry of route.route ?? []) validateDestination(entry.destination, found);
    validateWeights(route.route ?? [], found);
  }
  validateExportTo(spec.exportTo, found);
  warnUnreachable(http, found);
}

function validateGatewayName(name: string, found: Collector): void {
  if (name === 'mesh') return;
  const parts = name.split('/');
  if (parts.length > 2) return found.error(`invalid value for gateway name: "${name}"`);
  if (parts.length === 2) {
    const [namespace = '', gateway = ''] = parts;
    if (namespace === '' || gateway === '') {
      return found.error('config namespace and gateway name cannot be empty');
    }
    if ((namespace !== '.' && !isDns1123Label(namespace)) || !isDns1123Label(gateway)) {
      found.error(`invalid value for gateway name: "${name}"`);
    }
    return;
  }
  const valid = name !== '' && name.split('.').every(label => isDns1123Label(label));
  if (!valid) found.error(`invalid value for gateway name: "${name}"`);
}

function validateDuplicateHosts(hosts: readonly string[], found: Collector): void {
  for (const [index, host] of hosts.entries()) {
    for (const other of hosts.slice(index + 1)) {
      if (covers(host, other) || covers(other, host)) {
        found.error(`duplicate hosts in virtual service: ${host} & ${other}`);
      }
    }
  }
}

interface RouteContext {
  gateways: readonly string[];
  isDelegate: boolean;
}

function validateHttpRoute(http: HttpRoute, context: RouteContext, found: Collector): void {
  if (http.delegate) {
    if (http.route?.length || http.redirect) {
      found.error('delegate and route or redirect cannot be set at the same time');
    }
  } else validateHttpActions(http, found);
  for (const match of http.match ?? []) validateMatch(match, context, found);
  for (const entry of http.route ?? []) validateDestination(entry.destination, found);
  validateWeights(http.route ?? [], found);
}

export function validateWeights(entries: readonly {weight?: number}[], found: Collector): void {
  for (const {weight} of entries) if (weight !== undefined && weight < 0) found.error(`weight ${weight} < 0`);
  const total = entries.reduce((sum, {weight}) => sum + (weight ?? 0), 0);
  if (entries.length > 1 && total === 0) found.error('total destination weight = 0');
}

function validateMatch(match: HttpMatch, {gateways}: RouteContext, found: Collector): void {
  const maps: [string, Record<string, StringMatch> | undefined][] = [
    ['headers', match.headers],
    ['withoutHeaders', match.withoutHeaders],
    ['queryParams', match.queryParams],
  ];
  for (const [where, entries] of maps) {
    for (const [name, wants] of Object.entries(entries ?? {})) {
      if (where !== 'queryParams') {
        if (name.startsWith('@request.auth.claims')) {
          const onlyGateways = gateways.length > 0 && !gateways.includes('mesh');
          if (!onlyGateways) {
            found.error(
              `JWT claim based routing (key: ${name}) is only supported for gateway, found no gateways: [${gateways.join(' ')}]`,
            );
          }
        } else validateHeaderName(name, found);
      }
      validateStringMatch(wants ?? {}, where === 'withoutHeaders' ? 'headers' : where, found);
    }
  }
  validateStringMatch(match.uri, 'uri', found);
  validateStringMatch(match.scheme, 'scheme', found);
  validateStringMatch(match.method, 'method', found);
  validateStringMatch(match.authority, 'authority', found);
  if (match.port !== undefined && (match.port < 0 || match.port > 65_535)) {
    found.error(`port number ${match.port} must be in the range 1..65535`);
  }
}

/** Rules that can't be reached because of what stands before them (Istio: `analyzeUnreachableHTTPRules`). */
function warnUnreachable(http: readonly HttpRoute[], found: Collector): void {
  const seen = new Map<string, number>();
  let catchAll = false;
  for (const [rule, route] of http.entries()) {
    const name = route.name ? `${JSON.stringify(route.name)}` : `#${rule}`;
    if (!route.match?.length) {
      if (catchAll) {
        found.warn(`virtualService rule ${name} not used (only the last rule can have no matches)`);
      }
      catchAll = true;
      continue;
    }
    if (catchAll) {
      found.warn(`virtualService rule ${name} not used (route without matches defined before)`);
      continue;
    }
    let duplicates = 0;
    for (const [index, match] of route.match.entries()) {
      const key = JSON.stringify(match, Object.keys(flatten(match)).sort());
      const before = seen.get(key);
      if (before === undefined) seen.set(key, rule);
      else {
        duplicates += 1;
        found.warn(
          `virtualService rule ${name} match #${index} is not used (duplicate/overlapping match in rule #${before})`,
        );
      }
    }
    if (duplicates === route.match.length) {
      found.warn(`virtualService rule ${name} not used (all matches used by prior rules)`);
    }
  }
}

function flatten(value: unknown, keys: Record<string, true> = {}): Record<string, true> {
  if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      keys[key] = true;
      flatten(inner, keys);
    }
  }
  return keys;
}
