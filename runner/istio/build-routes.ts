import {buildClusters} from './clusters.ts';
import {gatewayTable} from './gateway-routes.ts';
import type {Routes, RouteTable} from './route-table.ts';
import {sidecarTable} from './sidecar-routes.ts';
import type {MeshProxy, MeshService, MeshSnapshot} from './snapshot.ts';
import {egressScope, visibleServices} from './visibility.ts';

/** What one proxy routes by, for one snapshot. Cheap: each port's table is compiled on its first request. */
export function buildRoutes(snapshot: MeshSnapshot, proxy: MeshProxy): Routes {
  const scope = egressScope(snapshot, proxy);
  const services = visibleServices(snapshot, proxy, scope);
  const base = {proxy, snapshot, scope, services, clusters: buildClusters(snapshot, proxy, services)};
  const tables = new Map<string, RouteTable>();
  return {
    ...base,
    table(port, ip) {
      const own = ip !== undefined && sniffedAt(services, port, ip) ? ip : undefined;
      const key = `${port}/${own ?? ''}`;
      let table = tables.get(key);
      if (!table) {
        table = proxy.kind === 'gateway' ? gatewayTable(base, port) : sidecarTable(base, port, own);
        tables.set(key, table);
      }
      return table;
    },
  };
}

/** Whether the address is that of a service whose port does not state its protocol. */
function sniffedAt(services: ReadonlyMap<string, MeshService>, port: number, ip: string): boolean {
  for (const service of services.values()) {
    if (service.addresses.includes(ip)) {
      return service.ports.some(candidate => candidate.number === port && candidate.protocol === 'auto');
    }
  }
  return false;
}
