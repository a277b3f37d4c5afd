import {compileRetries, compileVirtualService} from './compile-rule.ts';
import type {EgressListener} from './egress-listener.ts';
import {headerSteps} from './header-steps.ts';
import {isWildcard, overlaps} from './hosts.ts';
import type {CompiledRoute, Routes, RouteTable, VirtualHost} from './route-table.ts';
import {absoluteName, shortNames} from './service-domains.ts';
import {listenerForPort} from './sidecar-scope.ts';
import type {MeshPort, MeshService} from './snapshot.ts';
import {tableOf} from './table-of.ts';
import type {VirtualService} from './types.ts';
import {hostsOf} from './virtual-services.ts';

type Scoped = Omit<Routes, 'table' | 'listeners'>;

/** The port on which VirtualServices of hosts that are no service count. */
const anyHostPort = 80;

/**
 * The table behind a port that a sidecar captures (Istio: `BuildSidecarOutboundVirtualHosts`).
 *
 * @param host a service whose port does not state its protocol: it has a table of its own.
 */
export function sidecarTable(routes: Scoped, port: number, host?: string): RouteTable {
  const virtualHosts = virtualHostsOf(routes, port);
  if (host === undefined) return tableOf(port, [...virtualHosts, catchAll(routes)]);
  const own = virtualHosts.filter(({domains}) => domains.includes(host));
  return tableOf(
    port,
    own.map(virtualHost => ({...virtualHost, domains: ['*']})),
  );
}

/** A service at the port of a table. */
interface PortService {
  service: MeshService;
  port: MeshPort;
}

function virtualHostsOf(routes: Scoped, port: number): VirtualHost[] {
  const {proxy, scope} = routes;
  const listener = listenerForPort(scope, port);
  if (!listener) return [];
  const services = new Map<string, PortService>();
  for (const service of listener.services) {
    const found = service.ports.find(({number}) => number === port);
    if (found) services.set(service.hostname.toLowerCase(), {service, port: found});
  }
  const wildcards = [...services.keys()].filter(isWildcard);
  const wrappers = listener.virtualServices.flatMap(virtualService => {
    const compiled = compileVirtualService(virtualService, {
      proxy,
      gateway: 'mesh',
      port,
    });
    if (compiled.length === 0) return [];
    const {own, others} = hostsAndServices(virtualService, services, listener);
    const attached = own.filter(isHttp);
    // Hosts that are no service of this port: only beside one that is, or on port 80.
    if (attached.length === 0 && port !== anyHostPort) return [];
    if (port !== anyHostPort && !concernsService(virtualService, services, wildcards)) return [];
    return [{services: attached, hosts: others, routes: compiled}];
  });
  const taken = new Set(wrappers.flatMap(wrapper => wrapper.services.map(({service}) => service.hostname)));
  for (const entry of services.values()) {
    if (taken.has(entry.service.hostname) || !isHttp(entry)) continue;
    wrappers.push({services: [entry], hosts: [], routes: [defaultRoute(entry.service, port)]});
  }
  return assemble(wrappers, port, proxy.namespace);
}

function isHttp({port}: PortService): boolean {
  return port.protocol === 'http' || port.protocol === 'auto';
}

/** Istio: `selectVirtualServices`. */
function concernsService(
  virtualService: VirtualService,
  services: ReadonlyMap<string, PortService>,
  wildcards: readonly string[],
): boolean {
  return hostsOf(virtualService).some(host => {
    if (services.has(host)) return true;
    const candidates = isWildcard(host) ? [...services.keys()] : wildcards;
    return candidates.some(candidate => overlaps(host, candidate));
  });
}

/**
 * The services that a VirtualService names, or covers more closely than any other; and those of its hosts that mean no
 * service at all (Istio: `separateVSHostsAndServices`).
 */
function hostsAndServices(
  virtualService: VirtualService,
  services: ReadonlyMap<string, PortService>,
  {owners}: EgressListener,
): {own: PortService[]; others: string[]} {
  const own: PortService[] = [];
  const others: string[] = [];
  const hosts = hostsOf(virtualService);
  for (const host of hosts.filter(candidate => !isWildcard(candidate))) {
    const service = services.get(host);
    if (service) own.push(service);
    else others.push(host);
  }
  for (const host of hosts.filter(isWildcard)) {
    const covered = [...services].filter(([name]) => overlaps(host, name));
    own.push(
      ...covered.filter(([name]) => owners.get(name) === virtualService).map(([, service]) => service),
    );
    if (covered.length === 0) others.push(host);
  }
  return {own, others};
}

interface Wrapper {
  services: readonly PortService[];
  hosts: readonly string[];
  routes: readonly CompiledRoute[];
}

/** Virtual hosts by name; a name or a domain belongs to the first that claims it (Istio: `dedupeDomains`). */
function assemble(wrappers: readonly Wrapper[], port: number, namespace: string): VirtualHost[] {
  const names = new Set<string>();
  const claimed = new Set<string>();
  const known = new Set(wrappers.flatMap(({services}) => services.map(({service}) => service.hostname)));
  const virtualHosts: VirtualHost[] = [];
  const add = (host: string, routes: readonly CompiledRoute[], service?: MeshService) => {
    if (names.has(host)) return;
    names.add(host);
    const short = service ? shortNames(host, namespace) : [];
    const own = service ? [host, absoluteName(host), ...short] : [host];
    // A headless service is reached at each of its pods too, by their names.
    const wildcards = service?.headless ? own.map(domain => `*.${domain}`) : [];
    const domains = [...own, ...wildcards, ...(service?.addresses ?? [])]
      .map(domain => domain.toLowerCase())
      .filter(domain => !claimed.has(domain) && !(short.includes(domain) && known.has(domain)));
    for (const domain of domains) claimed.add(domain);
    if (domains.length === 0) return;
    virtualHosts.push({name: `${host}:${port}`, domains, routes, ...(service ? {service} : {})});
  };
  for (const {hosts, services, routes} of wrappers) {
    for (const host of hosts) add(host, routes);
    for (const {service} of services) add(service.hostname, routes, service);
  }
  return virtualHosts;
}

function defaultRoute(service: MeshService, port: number): CompiledRoute {
  const retries = compileRetries(undefined);
  return {
    name: 'default',
    conditions: [],
    catchAll: true,
    action: {
      kind: 'forward',
      destinations: [{weight: 1, host: service.hostname, port, headers: headerSteps(undefined)}],
      timeout: 0,
      ...(retries ? {retries} : {}),
      mirrors: [],
    },
  };
}

function catchAll({scope}: Scoped): VirtualHost {
  const blocked = scope.outboundTrafficPolicy === 'REGISTRY_ONLY';
  const name = blocked ? 'block_all' : 'allow_any';
  return {
    name,
    domains: ['*'],
    routes: [{name, conditions: [], catchAll: true, action: {kind: blocked ? 'block-all' : 'passthrough'}}],
  };
}
