import {istioVersion} from '../versions.ts';
import {type CallerId, callers} from '../world/callers.ts';
import {fetchText} from './http.ts';
import {callerKey, markerCluster} from './plumbing.ts';

/** The arguments that make changes take effect soon and logs come at once. */
export function envoyArguments(bootstrapFile: string): string[] {
  return [
    ...['-c', bootstrapFile, '--concurrency', '1', '--disable-hot-restart', '-l', 'warning'],
    ...['--file-flush-interval-msec', '5', '--drain-time-s', '1', '--drain-strategy', 'immediate'],
  ];
}

/** The bootstrap of one caller's proxy, as `pilot-agent` writes it where it matters. */
export function bootstrap(id: CallerId, {admin, grpc}: {admin: number; grpc: number}): unknown {
  const {kind, name, namespace, ip, labels} = callers[id];
  const type = kind === 'gateway' ? 'router' : 'sidecar';
  const ads = {ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3'};
  return {
    node: {
      id: `${type}~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `${name}.${namespace}`,
      metadata: {
        NAMESPACE: namespace,
        NAME: name,
        LABELS: labels,
        INSTANCE_IPS: ip,
        ISTIO_VERSION: istioVersion,
        CLUSTER_ID: 'Kubernetes',
        INTERCEPTION_MODE: 'REDIRECT',
        SERVICE_ACCOUNT: name,
        [callerKey]: id,
      },
    },
    admin: {address: socketAddress(admin)},
    // Istio names `sds-grpc` even where nothing has a certificate; nobody listens there.
    static_resources: {clusters: [http2Cluster('xds-grpc', grpc), http2Cluster('sds-grpc', 1)]},
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [{envoy_grpc: {cluster_name: 'xds-grpc'}}],
      },
      cds_config: ads,
      lds_config: ads,
    },
  };
}

function socketAddress(port: number): unknown {
  return {socket_address: {address: '127.0.0.1', port_value: port}};
}

function http2Cluster(name: string, port: number): unknown {
  const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: {
      cluster_name: name,
      endpoints: [{lb_endpoints: [{endpoint: {address: socketAddress(port)}}]}],
    },
    typed_extension_protocol_options: {
      [options]: {
        '@type': `type.googleapis.com/${options}`,
        explicit_http_config: {http2_protocol_options: {}},
      },
    },
  };
}

/** istiod sent what Envoy does not take, so that the proxy keeps what it had: there is nothing to compare with. */
export class RefusedByEnvoy extends Error {}

/** How many updates a proxy has refused since it started. */
export async function refusedUpdates(admin: number): Promise<number> {
  const stats = await fetchText(admin, '/stats?filter=update_rejected');
  return [...stats.matchAll(/update_rejected: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Routes of a listener that went away stay behind until it is drained; that long they are waited for. */
const drainMilliseconds = 600;

/**
 * Tells, asked again and again, whether a proxy has the configuration of that number with all clusters, listeners
 * and routes of the same push.
 */
export function settlement(admin: number): (number: number) => Promise<boolean> {
  const firstSeen = new Map<string, number>();
  return async number => {
    let stats: string;
    try {
      stats = await fetchText(admin, '/stats?filter=compare-marker|version_text|warming_clusters');
    } catch {
      return false;
    }
    if (!stats.includes(`cluster.${markerCluster(number)}.`) || !/warming_clusters: 0/.test(stats))
      return false;
    const version = /cluster_manager\.cds\.version_text: "(.*)"/.exec(stats)?.[1];
    if (!version || /listener_manager\.lds\.version_text: "(.*)"/.exec(stats)?.[1] !== version) return false;
    const behind = [...stats.matchAll(/\.rds\..*\.version_text: "(.*)"/g)].some(([, own]) => own !== version);
    if (!behind) return true;
    const seen = firstSeen.get(version) ?? performance.now();
    firstSeen.set(version, seen);
    return performance.now() - seen > drainMilliseconds;
  };
}
