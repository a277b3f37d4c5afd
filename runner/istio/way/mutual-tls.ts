import type {Cluster, Clusters} from '../clusters.ts';
import {sendsMutualTls, serverMutualTlsBy} from '../peer-authentication.ts';
import type {MeshSnapshot, Workload} from '../snapshot.ts';
import type {DestinationRule} from '../types.ts';
import {objectIn} from './objects.ts';
import type {Place, TlsFact} from './way.ts';

/** How the two proxies of a call speak, and whether that works. `cluster` is absent where no route was used. */
export function tlsFact(options: {
  snapshot: MeshSnapshot;
  clusters: Clusters;
  cluster: Cluster | undefined;
  /** Whether the caller has a proxy that could encrypt. */
  proxied: boolean;
  to: Workload;
  /** The pod's port. */
  port: number;
}): TlsFact {
  const {snapshot, clusters, cluster, proxied, to, port} = options;
  const {client, by} = proxied && cluster ? clientSide({snapshot, clusters, cluster, to, port}) : plain;
  const {mode, policy, path} = serverMutualTlsBy(snapshot, to, port);
  const server = to.mutualTls ? mode : 'no-sidecar';
  const works =
    client === 'mutual-tls' ? server === 'STRICT' || server === 'PERMISSIVE' : server !== 'STRICT';
  return {
    client,
    ...(by ? {clientBy: by} : {}),
    server,
    ...(to.mutualTls && policy ? {serverBy: {object: policy, path}} : {}),
    works,
  };
}

interface ClientSide {
  client: TlsFact['client'];
  by?: Place;
}

const plain: ClientSide = {client: 'plain-text'};

/** As a DestinationRule says, else by whether the other pod has a sidecar that takes it (auto mTLS). */
function clientSide(options: {
  snapshot: MeshSnapshot;
  clusters: Clusters;
  cluster: Cluster;
  to: Workload;
  port: number;
}): ClientSide {
  const {snapshot, clusters, cluster, to, port} = options;
  const {tlsMode} = cluster.settings;
  if (tlsMode !== undefined) {
    const by = tlsPlace(snapshot, clusters, cluster);
    return {client: tlsMode === 'ISTIO_MUTUAL' ? 'mutual-tls' : 'plain-text', ...(by ? {by} : {})};
  }
  const automatic = snapshot.meshConfig.enableAutoMtls && !cluster.service.external && to.mutualTls;
  if (!automatic) return plain;
  return sendsMutualTls(snapshot, to, port) ? {client: 'mutual-tls'} : plain;
}

/** Where the DestinationRule that holds has its `tls`: in the subset, for the port, or for all. */
export function tlsPlace(
  snapshot: MeshSnapshot,
  clusters: Clusters,
  {service, subset, port}: Cluster,
): Place | undefined {
  for (const object of clusters.destinationRule(service.hostname).rule?.rules ?? []) {
    const spec = objectIn<DestinationRule>(snapshot, object)?.spec;
    const index = spec?.subsets?.findIndex(({name}) => name === subset?.name) ?? -1;
    const candidates: [string, DestinationRuleTraffic | undefined][] = [
      [`spec.subsets[${index}].trafficPolicy`, spec?.subsets?.[index]?.trafficPolicy],
      ['spec.trafficPolicy', spec?.trafficPolicy],
    ];
    for (const [path, policy] of candidates) {
      const own = policy?.portLevelSettings?.findIndex(entry => entry.port?.number === port.number) ?? -1;
      if (policy?.portLevelSettings?.[own]?.tls)
        return {object, path: `${path}.portLevelSettings[${own}].tls`};
      if (policy?.tls) return {object, path: `${path}.tls`};
    }
  }
  return undefined;
}

type DestinationRuleTraffic = NonNullable<DestinationRule['spec']>['trafficPolicy'];
