import {buildClusters} from './clusters.ts';
import {gatewayTable} from './gateway-routes.ts';
import {type Listeners, outboundListeners} from './outbound-listeners.ts';
import type {Routes, RouteTable} from './route-table.ts';
import {serviceNamed} from './service-index.ts';
import {sidecarTable} from './sidecar-routes.ts';
import {sidecarScope} from './sidecar-scope.ts';
import type {MeshProxy, MeshSnapshot} from './snapshot.ts';

/** What one proxy routes by, for one snapshot. Cheap: listeners and each port's table are made on first use. */
export function buildRoutes(snapshot: MeshSnapshot, proxy: MeshProxy): Routes {
  const scope = sidecarScope(snapshot, proxy);
  const {services} = scope;
  const base = {proxy, snapshot, scope, services, clusters: buildClusters(snapshot, proxy, services)};
  const tables = new Map<string, RouteTable>();
  let made: Listeners | undefined;

  const listeners: Listeners = (ip, port) => {
    made ??= outboundListeners(scope, {
      proxy,
      serviceNamed: host => services.get(host) ?? serviceNamed(snapshot, host, proxy.namespace),
    });
    return made(ip, port);
  };

  /** The service whose own table is asked, where the address dialled has a listener of its own. */
  function ownTable(port: number, ip: string | undefined): string | undefined {
    if (ip === undefined || proxy.kind === 'gateway') return undefined;
    for (const {target} of listeners(ip, port)?.chains ?? []) {
      if (target.kind === 'http') return target.host;
    }
    return undefined;
  }

  return {
    ...base,
    listeners,
    table(port, ip) {
      const host = ownTable(port, ip);
      const key = `${port}/${host ?? ''}`;
      let table = tables.get(key);
      if (!table) {
        table = proxy.kind === 'gateway' ? gatewayTable(base, port) : sidecarTable(base, port, host);
        tables.set(key, table);
      }
      return table;
    },
  };
}
