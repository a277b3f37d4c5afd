import {type ClusterSettings, clusterSettings} from './cluster-settings.ts';
import {
  type ConsideredDestinationRule,
  clusterPolicy,
  type EffectiveDestinationRule,
  effectiveDestinationRule,
} from './destination-rules.ts';
import {
  type Endpoint,
  labelsMatch,
  type MeshPort,
  type MeshProxy,
  type MeshService,
  type MeshSnapshot,
} from './snapshot.ts';
import type {Subset} from './types.ts';

/** What Envoy calls a cluster: the endpoints of one port of one service, perhaps of one subset only. */
export interface Cluster {
  /** `outbound|9080|v1|reviews.bookinfo.svc.cluster.local` */
  name: string;
  service: MeshService;
  port: MeshPort;
  subset?: Subset;
  endpoints: readonly Endpoint[];
  /** Requests go to the address that the client dialled, on `targetPort` where that is given. */
  toDialled: boolean;
  settings: ClusterSettings;
}

export interface Clusters {
  /** The cluster of that destination, or undefined where Envoy would answer `cluster_not_found`. */
  find(host: string, port: number, subset?: string): Cluster | undefined;
  /** Every cluster that the proxy has. */
  all(): Cluster[];
  destinationRule(host: string): {
    rule?: EffectiveDestinationRule;
    considered: readonly ConsideredDestinationRule[];
  };
}

export function clusterName(host: string, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** The clusters of one proxy, each made when it is first asked for. */
export function buildClusters(
  snapshot: MeshSnapshot,
  proxy: MeshProxy,
  services: ReadonlyMap<string, MeshService>,
): Clusters {
  const made = new Map<string, Cluster | undefined>();
  const rules = new Map<string, ReturnType<Clusters['destinationRule']>>();

  function destinationRule(host: string): ReturnType<Clusters['destinationRule']> {
    let found = rules.get(host);
    if (!found) {
      found = effectiveDestinationRule(snapshot, proxy, host, services.get(host)?.namespace ?? '');
      rules.set(host, found);
    }
    return found;
  }

  function make(host: string, number: number, subsetName: string | undefined): Cluster | undefined {
    const service = services.get(host);
    const port = service?.ports.find(candidate => candidate.number === number);
    if (!service || !port || port.protocol === 'udp') return undefined;
    const {rule} = destinationRule(host);
    const subset = subsetName ? rule?.subsets.find(candidate => candidate.name === subsetName) : undefined;
    if (subsetName && !subset) return undefined;
    const endpoints = subset
      ? port.endpoints.filter(endpoint => labelsMatch(subset.labels, endpoint.labels))
      : port.endpoints;
    // What DNS finds is part of the cluster itself, which is left out when nothing is (Istio: `buildCluster`).
    const named = service.resolution === 'dns' || service.resolution === 'dns-round-robin';
    if (named && endpoints.length === 0) return undefined;
    const policy = clusterPolicy(rule, subset, number);
    const passThrough = policy.loadBalancer?.simple === 'PASSTHROUGH';
    const dialled = service.resolution === 'none' || service.headless;
    // Nothing that comes to a gateway was dialled for somebody else, so that such a cluster has no host there.
    const nowhere = passThrough && proxy.kind === 'gateway';
    return {
      name: clusterName(host, number, subsetName),
      service,
      port,
      ...(subset ? {subset} : {}),
      endpoints: nowhere ? [] : endpoints,
      toDialled: (passThrough || dialled) && proxy.kind === 'sidecar',
      settings: clusterSettings(policy),
    };
  }

  function find(host: string, port: number, subset?: string): Cluster | undefined {
    const name = clusterName(host, port, subset);
    if (!made.has(name)) made.set(name, make(host, port, subset));
    return made.get(name);
  }

  return {
    find,
    destinationRule,
    all: () =>
      [...services.values()].flatMap(service => {
        const subsets = destinationRule(service.hostname).rule?.subsets ?? [];
        return service.ports.flatMap(port =>
          [undefined, ...subsets.map(subset => subset.name)].flatMap(
            name => find(service.hostname, port.number, name) ?? [],
          ),
        );
      }),
  };
}
