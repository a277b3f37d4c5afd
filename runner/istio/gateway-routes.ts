import {compileVirtualService} from './compile-rule.ts';
import {covers, intersect} from './hosts.ts';
import type {CompiledRoute, Routes, RouteTable, VirtualHost} from './route-table.ts';
import {tableOf} from './sidecar-routes.ts';
import {configOf, labelsMatch, type MeshProxy, type MeshSnapshot} from './snapshot.ts';
import type {Gateway, GatewayServer} from './types.ts';
import {hostsOf, selectVirtualServices} from './virtual-services.ts';

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
  for (const gateway of gatewaysFor(snapshot, proxy)) {
    for (const server of gateway.spec?.servers ?? []) {
      const serverPort = server.port?.number ?? 0;
      for (const port of listenPorts(snapshot, proxy, serverPort)) {
        const known = listeners.get(port);
        if (known) known.servers.push({gateway, server});
        else {
          const protocol = (server.port?.protocol ?? 'HTTP').toUpperCase();
          listeners.set(port, {port, serverPort, protocol, servers: [{gateway, server}]});
        }
      }
    }
  }
  return [...listeners.values()];
}

function listenPorts(snapshot: MeshSnapshot, proxy: MeshProxy, number: number): number[] {
  const targets = snapshot.services
    .filter(
      service =>
        service.namespace === proxy.namespace &&
        service.selector &&
        labelsMatch(service.selector, proxy.labels),
    )
    .flatMap(service => service.ports.filter(port => port.number === number))
    .flatMap(port => (typeof port.targetPort === 'number' ? port.targetPort : number));
  return targets.length > 0 ? [...new Set(targets)] : [number];
}

/** The table behind a port that a gateway listens on (Istio: `buildGatewayHTTPRouteConfig`). */
export function gatewayTable(routes: Omit<Routes, 'table'>, port: number): RouteTable {
  const {snapshot, proxy} = routes;
  const listener = gatewayListeners(snapshot, proxy).find(candidate => candidate.port === port);
  const merged = new Map<string, VirtualHost & {routes: CompiledRoute[]}>();
  for (const {gateway, server} of listener?.servers ?? []) {
    const name = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
    const requireTls = server.tls?.httpsRedirect === true;
    for (const virtualService of selectVirtualServices(snapshot, proxy, name)) {
      const compiled = compileVirtualService(virtualService, {
        proxy,
        gateway: name,
        port: listener?.serverPort ?? port,
        services: routes.services,
      });
      if (compiled.length === 0) continue;
      for (const host of sharedHosts(
        gateway,
        server,
        virtualService.metadata.namespace ?? '',
        hostsOf(virtualService),
      )) {
        const known = merged.get(host);
        if (known) {
          const fresh = compiled.filter(route => !known.routes.includes(route));
          known.routes.push(...fresh);
        } else {
          merged.set(host, {name: `${host}:${port}`, domains: [host], routes: [...compiled], requireTls});
        }
      }
    }
    if (requireTls) {
      for (const host of (server.hosts ?? []).map(entry => splitHost(entry, gateway).host)) {
        if (!merged.has(host)) {
          merged.set(host, {name: `${host}:${port}`, domains: [host], routes: [], requireTls});
        }
      }
    }
  }
  const virtualHosts = [...merged.values()].map(virtualHost => ({
    ...virtualHost,
    routes: catchAllLast(virtualHost.routes),
  }));
  if (virtualHosts.length > 0) return tableOf(port, virtualHosts);
  return tableOf(port, [{name: `blackhole:${port}`, domains: ['*'], routes: []}]);
}

/** Rules of several VirtualServices on one host: those that match everything go to the end. */
function catchAllLast(routes: readonly CompiledRoute[]): CompiledRoute[] {
  return [...routes.filter(route => !route.catchAll), ...routes.filter(route => route.catchAll)];
}

function splitHost(entry: string, gateway: Gateway): {namespace: string; host: string} {
  const slash = entry.indexOf('/');
  const namespace = slash < 0 ? '*' : entry.slice(0, slash);
  return {
    namespace: namespace === '.' ? (gateway.metadata.namespace ?? '') : namespace,
    host: entry.slice(slash + 1).toLowerCase(),
  };
}

/** The hosts that a server and a VirtualService have in common. */
export function sharedHosts(
  gateway: Gateway,
  server: GatewayServer,
  namespace: string,
  hosts: readonly string[],
): string[] {
  const shared = new Set<string>();
  for (const entry of server.hosts ?? []) {
    const wanted = splitHost(entry, gateway);
    if (wanted.namespace !== '*' && wanted.namespace !== namespace) continue;
    for (const host of hosts) {
      const common = intersect(wanted.host, host) ?? (covers(wanted.host, host) ? host : undefined);
      if (common) shared.add(common);
    }
  }
  return [...shared];
}
