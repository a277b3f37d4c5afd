import type {Cluster} from '../../../istio/clusters.ts';
import {gatewayListeners} from '../../../istio/gateway-routes.ts';
import {regexFault, search} from '../../../istio/re2.ts';
import type {RouteTable, VirtualHost} from '../../../istio/route-table.ts';
import type {Pod} from '../../objects.ts';
import {addressOf} from './balancer.ts';
import type {MeshProxyServer} from './mesh-proxy.ts';

export interface AdminRequest {
  proxy: MeshProxyServer;
  path: string;
  query: URLSearchParams;
  version: string;
  pod: Pod;
}

interface AdminAnswer {
  status?: number;
  body: string;
  type?: string;
}

/** Envoy's admin interface, as far as people and checks look at it. */
export function adminAnswer(request: AdminRequest): AdminAnswer {
  const {proxy, path, query, version} = request;
  const {runtime} = proxy;
  const routes = runtime.routes();
  switch (path) {
    case '/ready':
      return routes ? {body: 'LIVE\n'} : {status: 503, body: 'PRE_INITIALIZING\n'};
    case '/clusters':
      return {
        body: (routes?.clusters.all() ?? []).flatMap(cluster => clusterLines(proxy, cluster)).join('\n'),
      };
    case '/stats/prometheus':
      return {body: runtime.metrics.text(), type: 'text/plain; version=0.0.4'};
    case '/stats': {
      const pattern = query.get('filter') ?? '';
      if (regexFault(pattern) !== undefined) return {status: 400, body: 'Invalid re2 regex'};
      const filter = search(pattern);
      const lines = runtime.stats.entries().map(([name, value]) => `${name}: ${value}`);
      return {body: `${lines.filter(line => filter.test(line)).join('\n')}\n`};
    }
    case '/server_info':
      return json({
        version: `${version}-simulated`,
        state: routes ? 'LIVE' : 'PRE_INITIALIZING',
        node: {
          id: `${runtime.kind === 'gateway' ? 'router' : 'sidecar'}~${runtime.identity.ip}~${runtime.identity.name}.${runtime.identity.namespace}`,
          metadata: {
            ISTIO_VERSION: version,
            NAMESPACE: runtime.identity.namespace,
            LABELS: runtime.identity.labels,
          },
        },
      });
    case '/config_dump':
      return json(configDump(proxy));
    case '/listeners':
      return {body: listenerLines(proxy).join('\n')};
    case '/':
    case '/help':
      return {
        body: 'admin commands are:\n  /clusters\n  /config_dump\n  /listeners\n  /ready\n  /server_info\n  /stats\n  /stats/prometheus\n',
      };
    default:
      return {status: 404, body: 'invalid path. admin commands are: see /help\n'};
  }
}

function json(value: unknown): AdminAnswer {
  return {body: `${JSON.stringify(value, null, 1)}\n`, type: 'application/json'};
}

function clusterLines({runtime}: MeshProxyServer, cluster: Cluster): string[] {
  return cluster.endpoints.flatMap(endpoint => {
    const prefix = `${cluster.name}::${addressOf(endpoint)}`;
    const health = runtime.outliers.ejected(cluster, endpoint) ? '/failed_outlier_check' : 'healthy';
    return [`${prefix}::health_flags::${health}`, `${prefix}::weight::1`];
  });
}

function listenerLines({runtime}: MeshProxyServer): string[] {
  const routes = runtime.routes();
  const lines = ['0.0.0.0_15021::0.0.0.0:15021', '0.0.0.0_15090::0.0.0.0:15090'];
  if (!routes) return lines;
  if (runtime.kind === 'gateway') {
    const ports = gatewayListeners(routes.snapshot, routes.proxy).map(
      ({port}) => `0.0.0.0_${port}::0.0.0.0:${port}`,
    );
    return [...ports, ...lines];
  }
  return ['virtualOutbound::0.0.0.0:15001', 'virtualInbound::0.0.0.0:15006', ...lines];
}

/** The same three parts that Envoy dumps: clusters, route tables and where they come from. */
function configDump(proxy: MeshProxyServer): unknown {
  const routes = proxy.runtime.routes();
  if (!routes) return {configs: []};
  const ports =
    proxy.runtime.kind === 'gateway'
      ? gatewayListeners(routes.snapshot, routes.proxy).map(({port}) => port)
      : [
          ...new Set(
            [...routes.services.values()].flatMap(service => service.ports.map(({number}) => number)),
          ),
        ];
  return {
    configs: [
      {
        '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump',
        version_info: proxy.revision,
        dynamic_active_clusters: routes.clusters.all().map(cluster => ({cluster: {name: cluster.name}})),
      },
      {
        '@type': 'type.googleapis.com/envoy.admin.v3.RoutesConfigDump',
        dynamic_route_configs: ports.map(port => ({
          version_info: proxy.revision,
          route_config: {name: String(port), virtual_hosts: hostsOf(routes.table(port)).map(virtualHostDump)},
        })),
      },
    ],
  };
}

function hostsOf(table: RouteTable): VirtualHost[] {
  const hosts = [...table.exact.values(), ...table.wildcards.map(({virtualHost}) => virtualHost)];
  return [...new Set(table.catchAll ? [...hosts, table.catchAll] : hosts)];
}

function virtualHostDump(virtualHost: VirtualHost): unknown {
  return {
    name: virtualHost.name,
    domains: virtualHost.domains,
    routes: virtualHost.routes.map(route => ({
      name: route.name,
      match: route.conditions.map(({field, wants}) => ({field, ...wants})),
      action: route.action,
      ...(route.origin
        ? {
            metadata: {
              filter_metadata: {
                istio: {
                  config: `/apis/networking.istio.io/v1/namespaces/${route.origin.virtualService.namespace}/virtual-service/${route.origin.virtualService.name}`,
                },
              },
            },
          }
        : {}),
    })),
  };
}
