import {compileRetries, compileVirtualService} from './compile-rule.ts';
import {bySpecificity, covers} from './hosts.ts';
import type {CompiledRoute, Routes, RouteTable, VirtualHost} from './route-table.ts';
import type {MeshService} from './snapshot.ts';
import type {VirtualService} from './types.ts';
import {hostsOf, selectVirtualServices} from './virtual-services.ts';

/** The table behind a port that a sidecar captures (Istio: `buildSidecarOutboundVirtualHosts`). */
export function sidecarTable(
  routes: Omit<Routes, 'table'>,
  port: number,
  ip: string | undefined,
): RouteTable {
  const services = new Map<string, MeshService>();
  for (const service of routes.services.values()) {
    const found = service.ports.find(candidate => candidate.number === port);
    if (found && (found.protocol === 'http' || found.protocol === 'auto'))
      services.set(service.hostname, service);
  }
  const virtualHosts = virtualHostsOf(routes, port, services);
  const sniffed =
    ip &&
    virtualHosts.find(
      ({service}) =>
        service?.addresses.includes(ip) &&
        service.ports.find(candidate => candidate.number === port)?.protocol === 'auto',
    );
  if (sniffed) return tableOf(port, [{...sniffed, domains: ['*']}]);
  return tableOf(port, [...virtualHosts, catchAll(routes)]);
}

function virtualHostsOf(
  routes: Omit<Routes, 'table'>,
  port: number,
  services: ReadonlyMap<string, MeshService>,
): VirtualHost[] {
  const {proxy, snapshot, scope} = routes;
  const candidates = selectVirtualServices(snapshot, proxy, 'mesh').filter(virtualService =>
    hostsOf(virtualService).some(
      host =>
        [...routes.services.keys()].some(known => covers(host, known)) ||
        scope.imports(host, virtualService.metadata.namespace ?? ''),
    ),
  );
  const wildcardWinner = wildcardWinners(candidates, services);
  const virtualHosts: VirtualHost[] = [];
  const attached = new Set<string>();
  for (const virtualService of candidates) {
    const compiled = compileVirtualService(virtualService, {
      proxy,
      gateway: 'mesh',
      port,
      services: routes.services,
    });
    if (compiled.length === 0) continue;
    const hosts = hostsOf(virtualService);
    const own: MeshService[] = [];
    const unknown: string[] = [];
    for (const host of hosts) {
      const service = services.get(host);
      if (service) own.push(service);
      else if (!host.startsWith('*')) unknown.push(host);
      else {
        const covered = [...services.values()].filter(
          candidate =>
            wildcardWinner.get(candidate.hostname) === virtualService && covers(host, candidate.hostname),
        );
        own.push(...covered);
        if (covered.length === 0) unknown.push(host);
      }
    }
    for (const service of own) {
      attached.add(service.hostname);
      virtualHosts.push(serviceHost(service, port, proxy.namespace, compiled));
    }
    // Hosts that are no service of this port: only beside one that is, or on port 80.
    if (own.length > 0 || port === 80) {
      for (const host of unknown) {
        if (!routes.services.has(host) || port === 80) {
          virtualHosts.push({name: `${host}:${port}`, domains: [host], routes: compiled});
        }
      }
    }
  }
  for (const service of services.values()) {
    if (!attached.has(service.hostname)) {
      virtualHosts.push(serviceHost(service, port, proxy.namespace, [defaultRoute(service, port)]));
    }
  }
  return virtualHosts;
}

/** For each service the VirtualService that covers it by the most specific wildcard, unless one names it. */
function wildcardWinners(
  candidates: readonly VirtualService[],
  services: ReadonlyMap<string, MeshService>,
): Map<string, VirtualService> {
  const winners = new Map<string, VirtualService>();
  for (const hostname of services.keys()) {
    let best: {host: string; virtualService: VirtualService} | undefined;
    for (const virtualService of candidates) {
      for (const host of hostsOf(virtualService)) {
        if (!covers(host, hostname)) continue;
        if (!best || bySpecificity(host, best.host) < 0) best = {host, virtualService};
      }
    }
    if (best) winners.set(hostname, best.virtualService);
  }
  return winners;
}

function serviceHost(
  service: MeshService,
  port: number,
  namespace: string,
  routes: readonly CompiledRoute[],
): VirtualHost {
  return {
    name: `${service.hostname}:${port}`,
    domains: serviceDomains(service, namespace),
    routes,
    service,
  };
}

/** What clients may call a service; the bare name works in its own namespace only. */
export function serviceDomains(service: MeshService, namespace: string): string[] {
  const {hostname, addresses} = service;
  const domains = [hostname, `${hostname}.`];
  const parts = /^(.+)\.([^.]+)\.svc\.cluster\.local$/.exec(hostname);
  if (service.source === 'kubernetes' && parts) {
    const [, name, own] = parts;
    domains.push(`${name}.${own}.svc`, `${name}.${own}`);
    if (own === namespace) domains.push(`${name}`);
    if (service.headless) domains.push(`*.${hostname}`);
  }
  return [...domains, ...addresses].map(domain => domain.toLowerCase());
}

function defaultRoute(service: MeshService, port: number): CompiledRoute {
  const retries = compileRetries(undefined);
  return {
    name: 'default',
    conditions: [],
    catchAll: true,
    action: {
      kind: 'forward',
      destinations: [{weight: 1, host: service.hostname, port}],
      timeout: 0,
      ...(retries ? {retries} : {}),
      mirrors: [],
    },
  };
}

function catchAll(routes: Omit<Routes, 'table'>): VirtualHost {
  const blocked = routes.scope.outboundTrafficPolicy === 'REGISTRY_ONLY';
  const name = blocked ? 'block_all' : 'allow_any';
  return {
    name,
    domains: ['*'],
    routes: [{name, conditions: [], catchAll: true, action: {kind: blocked ? 'block-all' : 'passthrough'}}],
  };
}

/** Orders domains for look-up; the first virtual host that claims one keeps it. */
export function tableOf(port: number, virtualHosts: readonly VirtualHost[]): RouteTable {
  const exact = new Map<string, VirtualHost>();
  const wildcards: {suffix: string; virtualHost: VirtualHost}[] = [];
  let fallback: VirtualHost | undefined;
  for (const virtualHost of virtualHosts) {
    for (const domain of virtualHost.domains) {
      if (domain === '*') fallback ??= virtualHost;
      else if (!domain.startsWith('*')) {
        if (!exact.has(domain)) exact.set(domain, virtualHost);
      } else if (!wildcards.some(({suffix}) => suffix === domain.slice(1))) {
        wildcards.push({suffix: domain.slice(1), virtualHost});
      }
    }
  }
  wildcards.sort((left, right) => right.suffix.length - left.suffix.length);
  return {port, exact, wildcards, ...(fallback ? {catchAll: fallback} : {})};
}
