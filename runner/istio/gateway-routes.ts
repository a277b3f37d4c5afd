import {compileVirtualService} from './compile-rule.ts';
import {covers, intersect} from './hosts.ts';
import type {CompiledRoute, Routes, RouteTable, VirtualHost} from './route-table.ts';
import {isVisible, serviceIndex} from './service-index.ts';
import {configOf, labelsMatch, type MeshProxy, type MeshSnapshot} from './snapshot.ts';
import {tableOf} from './table-of.ts';
import type {Gateway, GatewayServer, VirtualService} from './types.ts';
import {hostsOf, virtualServiceIndex} from './virtual-services.ts';

/** A port that a gateway's proxy listens on, and the servers behind it. */
export interface GatewayListener {
  /** Where the proxy listens. */
  port: number;
  /** `servers.port.number`, which may be the Service's port in front of it. */
  serverPort: number;
  protocol: string;
  servers: readonly {gateway: Gateway; server: GatewayServer}[];
}

/** The Gateways whose selector fits the proxy, in any namespace, oldest first. */
export function gatewaysFor(snapshot: MeshSnapshot, proxy: MeshProxy): Gateway[] {
  return configOf<Gateway>(snapshot, 'Gateway').filter(gateway =>
    labelsMatch(gateway.spec?.selector, proxy.labels),
  );
}

/**
 * What a gateway's proxy listens on: a server's port number is looked up among the ports of the Services in
 * front of the proxy and means their target port; where none has it, the number itself (`resolvePorts`).
 */
export function gatewayListeners(snapshot: MeshSnapshot, proxy: MeshProxy): GatewayListener[] {
  const listeners = new Map<
    number,
    GatewayListener & {servers: {gateway: Gateway; server: GatewayServer}[]}
  >();
  const tlsHosts = new Map<number, Set<string>>();
  for (const gateway of gatewaysFor(snapshot, proxy)) {
    for (const server of gateway.spec?.servers ?? []) {
      const serverPort = server.port?.number ?? 0;
      const port = listenPort(snapshot, proxy, serverPort);
      const protocol = (server.port?.protocol ?? 'HTTP').toUpperCase();
      if (server.tls && repeatsHost(tlsHosts, port, server, gateway)) continue;
      const known = listeners.get(port);
      if (!known) listeners.set(port, {port, serverPort, protocol, servers: [{gateway, server}]});
      else if (mergeable(known.protocol, protocol)) known.servers.push({gateway, server});
    }
  }
  return [...listeners.values()];
}

/** Of servers with `tls`, even if only to redirect, each host may be once on a port (Istio: `CheckDuplicates`). */
function repeatsHost(
  tlsHosts: Map<number, Set<string>>,
  port: number,
  server: GatewayServer,
  gateway: Gateway,
): boolean {
  const known = tlsHosts.get(port) ?? new Set<string>();
  tlsHosts.set(port, known);
  const hosts = (server.hosts ?? []).map(host => serverHost(host, gateway));
  if (hosts.some(host => known.has(host))) return true;
  for (const host of hosts) known.add(host);
  return false;
}

const httpProtocols = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);

/** A port in plain text is for one kind of protocol; a server of another one on it is left out. */
function mergeable(known: string, protocol: string): boolean {
  return httpProtocols.has(known) ? httpProtocols.has(protocol) : known === protocol;
}

/** Where several Services translate the number, the first does. */
function listenPort(snapshot: MeshSnapshot, proxy: MeshProxy, number: number): number {
  for (const {namespace, selector, ports} of snapshot.services) {
    if (namespace !== proxy.namespace || !selector || !labelsMatch(selector, proxy.labels)) continue;
    const port = ports.find(candidate => candidate.number === number);
    if (!port) continue;
    if (typeof port.targetPort === 'number') return port.targetPort;
    return port.endpoints.find(({ip}) => ip === proxy.ip)?.port ?? number;
  }
  return number;
}

type Merged = VirtualHost & {routes: CompiledRoute[]};

/** The table behind a port that a gateway listens on (Istio: `buildGatewayHTTPRouteConfig`). */
export function gatewayTable(routes: Omit<Routes, 'table' | 'listeners'>, port: number): RouteTable {
  const {snapshot, proxy} = routes;
  const listener = gatewayListeners(snapshot, proxy).find(candidate => candidate.port === port);
  const merged = new Map<string, Merged>();
  // By the port of the first server that a VirtualService is bound to, on which others rely.
  const compiled = new Map<string, CompiledRoute[]>();
  for (const {gateway, server} of listener?.servers ?? []) {
    const name = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
    const requireTls = server.tls?.httpsRedirect === true;
    for (const virtualService of virtualServiceIndex(snapshot)(proxy.namespace, name)) {
      const hosts = sharedHosts(gateway, server, virtualService);
      if (hosts.length === 0) continue;
      const key = `${name} ${virtualService.metadata.namespace}/${virtualService.metadata.name}`;
      const rules =
        compiled.get(key) ?? compileFor(routes, virtualService, name, server.port?.number ?? port);
      compiled.set(key, rules);
      if (rules.length === 0) continue;
      for (const host of hosts) addRoutes(merged, host, port, rules, requireTls);
    }
    if (!requireTls) continue;
    for (const host of (server.hosts ?? []).map(entry => serverHost(entry, gateway))) {
      addRoutes(merged, host, port, [], true);
    }
  }
  const virtualHosts = [...merged.values()].map(virtualHost => ({
    ...virtualHost,
    routes: catchAllLast(virtualHost.routes),
  }));
  if (virtualHosts.length > 0) return tableOf(port, virtualHosts);
  return tableOf(port, [{name: `blackhole:${port}`, domains: ['*'], routes: []}]);
}

function addRoutes(
  merged: Map<string, Merged>,
  host: string,
  port: number,
  routes: readonly CompiledRoute[],
  requireTls: boolean,
): void {
  const known = merged.get(host);
  if (!known) {
    merged.set(host, {name: `${host}:${port}`, domains: [host], routes: [...routes], requireTls});
    return;
  }
  known.routes.push(...routes.filter(route => !known.routes.includes(route)));
  if (requireTls) known.requireTls = true;
}

function compileFor(
  {proxy, snapshot, services}: Omit<Routes, 'table' | 'listeners'>,
  virtualService: VirtualService,
  gateway: string,
  port: number,
): CompiledRoute[] {
  /** A service of the VirtualService's own namespace is meant before others of that name. */
  const serviceOf = (host: string) => {
    const own = serviceIndex(snapshot)
      .named(host)
      .get(virtualService.metadata.namespace ?? '');
    return own && isVisible(own, proxy.namespace) ? own : services.get(host);
  };
  return compileVirtualService(virtualService, {
    proxy,
    gateway,
    port,
    onlyPort: host => {
      const ports = serviceOf(host)?.ports ?? [];
      return ports.length === 1 ? ports[0]?.number : undefined;
    },
  });
}

/** Rules of several VirtualServices on one host: those that match everything go to the end. */
function catchAllLast(routes: readonly CompiledRoute[]): CompiledRoute[] {
  return [...routes.filter(route => !route.catchAll), ...routes.filter(route => route.catchAll)];
}

/** A host of the gateway's own namespace for a leading dot, and of every namespace for a leading asterisk. */
function serverHost(entry: string, gateway: Gateway): string {
  const host = entry.toLowerCase();
  if (host.startsWith('./')) return `${gateway.metadata.namespace}/${host.slice(2)}`;
  return host.startsWith('*/') ? host.slice(2) : host;
}

/** Whether a server takes requests for a host, whichever namespace its VirtualServices must be in. */
export function serverCovers(gateway: Gateway, server: GatewayServer, host: string): boolean {
  return (server.hosts ?? []).some(entry => covers(serverHost(entry, gateway).replace(/^.*\//, ''), host));
}

/** The hosts that a server and a VirtualService have in common. */
function sharedHosts(gateway: Gateway, server: GatewayServer, virtualService: VirtualService): string[] {
  const {namespace = ''} = virtualService.metadata;
  const wanted = (server.hosts ?? []).flatMap(entry => {
    const [owner, host] = serverHost(entry, gateway).split('/');
    if (host === undefined) return owner ?? [];
    return owner === namespace ? host : [];
  });
  const hosts = hostsOf(virtualService);
  return [...new Set(wanted.flatMap(left => hosts.flatMap(right => intersect(left, right) ?? [])))];
}
