import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';

export interface ListenerMatch {
  filterChain?: {filter?: {name?: string; subFilter?: {name?: string}}};
}

const connectionManager = 'envoy.filters.network.http_connection_manager';

/**
 * Which filter of a listener a patch is for.
 * @returns whether it is right
 */
export function validateListenerMatch(
  {filterChain}: ListenerMatch,
  applyTo: string,
  found: Collector,
): boolean {
  const filter = filterChain?.filter;
  if (!filter) return true;
  const {name = '', subFilter} = filter;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') {
    found.warn(`Envoy filter: filter match has no effect when used with ${applyTo}`);
  }
  const fault =
    name === ''
      ? 'filter match has no name to match on'
      : subFilter && subFilterFault(name, subFilter.name ?? '', applyTo);
  if (fault) found.error(`Envoy filter: ${fault}`);
  if (fault) return false;
  warnDeprecated(name, found);
  warnDeprecated(subFilter?.name ?? '', found);
  return true;
}

function subFilterFault(filter: string, name: string, applyTo: string): string | undefined {
  if (applyTo !== 'HTTP_FILTER') return 'subfilter match can be used with applyTo HTTP_FILTER only';
  if (filter !== connectionManager && filter !== 'envoy.http_connection_manager') {
    return `subfilter match requires filter match with ${connectionManager}`;
  }
  return name === '' ? 'subfilter match has no name to match on' : undefined;
}

const http = (name: string) => `envoy.filters.http.${name}`;
const network = (name: string) => `envoy.filters.network.${name}`;
const listener = (name: string) => `envoy.filters.listener.${name}`;

/** Names that filters once had; those that only got a longer path are listed by their end. */
const renamed: Record<string, string> = {
  http_dynamo_filter: http('dynamo'),
  rate_limit: http('ratelimit'),
  ...Object.fromEntries(
    [
      ...['buffer', 'cors', 'csrf', 'ext_authz', 'fault', 'grpc_http1_bridge', 'grpc_json_transcoder'],
      ...['grpc_web', 'gzip', 'health_check', 'ip_tagging', 'lua', 'router', 'squash'],
    ].map(name => [name, http(name)]),
  ),
  ...Object.fromEntries(
    [
      ...[
        'client_ssl_auth',
        'http_connection_manager',
        'mongo_proxy',
        'ratelimit',
        'redis_proxy',
        'tcp_proxy',
      ],
    ].map(name => [name, network(name)]),
  ),
  ...Object.fromEntries(
    ['http_inspector', 'original_dst', 'original_src', 'proxy_protocol', 'tls_inspector'].map(name => [
      `listener.${name}`,
      listener(name),
    ]),
  ),
};

function warnDeprecated(name: string, found: Collector): void {
  const short = name.startsWith('envoy.') ? name.slice('envoy.'.length) : '';
  const now = Object.hasOwn(renamed, short) ? renamed[short] : undefined;
  if (now) found.warn(`using deprecated filter name ${quoted(name)}; use ${quoted(now)} instead`);
}
