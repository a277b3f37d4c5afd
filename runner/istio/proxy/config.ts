import {parseDuration} from '../duration.ts';
import type {RouteRequest} from '../match.ts';
import type {ObjectRef} from '../types.ts';
import {routeTakes} from './envoy-match.ts';

/** What a route of a proxy does, in the words that both a real one and the mesh's objects can be told in. */
export interface RouteEffect {
  /** The VirtualService that it comes from; absent where Istio makes it by itself. */
  object?: ObjectRef;
  kind: 'forward' | 'redirect' | 'direct' | 'none';
  /** `outbound|9080|v2|reviews.bookinfo.svc.cluster.local`, with the share of each, 0 to 1. */
  to: readonly {cluster: string; share: number}[];
  /** Milliseconds; 0: none. */
  timeout: number;
  /** Tries after the first. */
  retries: number;
  delay?: {ms: number; percentage: number};
  abort?: {status: number; percentage: number};
  mirrors: readonly string[];
  /** Of a redirect or a direct answer. */
  status?: number;
}

export interface ProxyRoute extends RouteEffect {
  takes(request: RouteRequest): boolean;
}

interface ProxyHost {
  domains: readonly string[];
  routes: readonly ProxyRoute[];
}

interface ProxyTable {
  hosts: readonly ProxyHost[];
  /** Domains are compared with a host without its port. */
  withoutPort: boolean;
}

/** What a proxy has taken over, as far as it decides where a request goes. */
export interface ProxyConfig {
  tables: ReadonlyMap<string, ProxyTable>;
  clusters: ReadonlySet<string>;
  /** Addresses behind each cluster; absent where the proxy does not tell of them. */
  endpoints: ReadonlyMap<string, readonly string[]>;
  /** When it last took over routes or clusters, in milliseconds since the epoch; 0: never. */
  updatedAt: number;
}

/** The part of Envoy's admin page `/config_dump` that is read here; each is a resource of its own there. */
export const dumpResources = [
  'dynamic_route_configs',
  'dynamic_active_clusters',
  'dynamic_endpoint_configs',
] as const;

interface DumpEntry {
  last_updated?: string;
  route_config?: any;
  cluster?: {name?: string; metadata?: unknown};
  endpoint_config?: {
    cluster_name?: string;
    endpoints?: {lb_endpoints?: {endpoint?: any}[]}[];
  };
}

/**
 * Reads what `/config_dump?resource=…` answered, for all of {@link dumpResources}; what is none of those is passed over.
 * https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--config_dump
 */
export function readProxyConfig(dumps: readonly {configs?: readonly DumpEntry[]}[]): ProxyConfig {
  const entries = dumps.flatMap(({configs = []}) => configs);
  const tables = new Map<string, ProxyTable>();
  const clusters = new Set<string>();
  const endpoints = new Map<string, readonly string[]>();
  let updatedAt = 0;
  for (const {route_config: table, cluster, endpoint_config: behind, last_updated: time} of entries) {
    if (table) tables.set(table.name ?? '', tableOf(table));
    if (cluster?.name) clusters.add(cluster.name);
    if (behind?.cluster_name) endpoints.set(behind.cluster_name, addressesOf(behind.endpoints));
    if ((table || cluster) && time) updatedAt = Math.max(updatedAt, Date.parse(time) || 0);
  }
  return {tables, clusters, endpoints, updatedAt};
}

function addressesOf(groups: readonly {lb_endpoints?: readonly {endpoint?: any}[]}[] = []): string[] {
  return groups
    .flatMap(({lb_endpoints: each = []}) => each)
    .flatMap(({endpoint}) => endpoint?.address?.socket_address?.address ?? [])
    .sort();
}

function tableOf(table: any): ProxyTable {
  return {
    withoutPort: table.ignore_port_in_host_matching === true,
    hosts: (table.virtual_hosts ?? []).map((host: any) => ({
      domains: host.domains ?? [],
      routes: (host.routes ?? []).map(routeOf),
    })),
  };
}

function routeOf(route: any): ProxyRoute {
  const object = objectOf(route.metadata?.filter_metadata?.istio?.config);
  const forward = route.route;
  const fault = route.typed_per_filter_config?.['envoy.filters.http.fault'];
  const status = route.redirect
    ? redirectStatus(route.redirect.response_code)
    : (route.direct_response?.status as number | undefined);
  const delay = fault?.delay && {
    ms: milliseconds(fault.delay.fixed_delay),
    percentage: percentageOf(fault.delay.percentage),
  };
  const abort = fault?.abort && {
    status: fault.abort.http_status ?? 0,
    percentage: percentageOf(fault.abort.percentage),
  };
  return {
    takes: request => routeTakes(route.match ?? {}, request),
    ...(object ? {object} : {}),
    kind: forward ? 'forward' : route.redirect ? 'redirect' : route.direct_response ? 'direct' : 'none',
    to: forward ? destinationsOf(forward) : [],
    timeout: milliseconds(forward?.timeout),
    retries: forward?.retry_policy?.num_retries ?? 0,
    ...(delay && delay.percentage > 0 ? {delay} : {}),
    ...(abort && abort.percentage > 0 ? {abort} : {}),
    mirrors: (forward?.request_mirror_policies ?? []).map(({cluster}: {cluster: string}) => cluster),
    ...(status === undefined ? {} : {status}),
  };
}

/** Istio notes where a route comes from: `/apis/networking.istio.io/v1/namespaces/NS/virtual-service/NAME`. */
function objectOf(config: string | undefined): ObjectRef | undefined {
  const [, namespace, name] =
    /^\/apis\/networking\.istio\.io\/\w+\/namespaces\/([^/]+)\/virtual-service\/(.+)$/.exec(config ?? '') ??
    [];
  if (namespace === undefined || name === undefined) return undefined;
  return {kind: 'VirtualService', namespace, name};
}

function destinationsOf(forward: any): RouteEffect['to'] {
  const weighted: {name: string; weight?: number}[] = forward.weighted_clusters?.clusters ?? [];
  if (weighted.length === 0) return [{cluster: forward.cluster ?? '', share: 1}];
  const total = weighted.reduce((sum, {weight = 0}) => sum + weight, 0);
  return weighted.map(({name, weight = 0}) => ({cluster: name, share: weight / total}));
}

/** Protobuf's JSON has durations as `2.500s`. */
function milliseconds(duration: string | undefined): number {
  return duration === undefined ? 0 : (parseDuration(duration) ?? 0);
}

const denominators: Readonly<Record<string, number>> = {HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1e6};

function percentageOf(fraction: {numerator?: number; denominator?: string} | undefined): number {
  const whole = denominators[fraction?.denominator ?? 'HUNDRED'] ?? 100;
  return ((fraction?.numerator ?? 0) / whole) * 100;
}

const redirects: Readonly<Record<string, number>> = {
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

function redirectStatus(code: string | undefined): number {
  return redirects[code ?? 'MOVED_PERMANENTLY'] ?? 301;
}

/** The routes that a proxy would look through for a request, and all tables that it might be in. */
export function routesFor(
  config: ProxyConfig,
  request: RouteRequest,
  {kind, host}: {kind: 'sidecar' | 'gateway'; host?: string | undefined},
): readonly ProxyRoute[] {
  const names =
    kind === 'gateway' ? [`http.${request.port}`] : [`${host}:${request.port}`, `${request.port}`];
  const table = names.map(name => config.tables.get(name)).find(found => found !== undefined);
  return table ? hostFor(table, request.authority.toLowerCase()) : [];
}

/** Envoy: an exact domain, then the longest `*.suffix`, then the longest `prefix.*`, then `*`. */
function hostFor({hosts, withoutPort}: ProxyTable, authority: string): readonly ProxyRoute[] {
  const bare = authority.replace(/:\d+$/, '');
  const names = withoutPort ? [bare] : [authority, bare];
  const longest = (test: (domain: string) => boolean) =>
    hosts
      .flatMap(({domains, routes}) => domains.filter(test).map(domain => ({domain, routes})))
      .sort((a, b) => b.domain.length - a.domain.length)[0]?.routes;
  const isAny = (domain: string) => domain === '*';
  return (
    longest(domain => names.includes(domain)) ??
    longest(domain => !isAny(domain) && domain.startsWith('*') && bare.endsWith(domain.slice(1))) ??
    longest(domain => !isAny(domain) && domain.endsWith('*') && bare.startsWith(domain.slice(0, -1))) ??
    longest(isAny) ??
    []
  );
}
