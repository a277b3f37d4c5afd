import type {Cluster} from '../../../istio/clusters.ts';
import {sendsMutualTls} from '../../../istio/peer-authentication.ts';
import type {Endpoint} from '../../../istio/snapshot.ts';
import {addressOf, type BalancedRequest} from './balancer.ts';
import type {Exchange} from './exchange.ts';
import {partyOf, spiffeId} from './parties.ts';
import type {Try} from './router.ts';
import type {ProxyRuntime} from './runtime.ts';

/** Chooses the endpoint of each try, within the pool's limits. */
export function nextTry(
  runtime: ProxyRuntime,
  cluster: Cluster,
  balanced: BalancedRequest,
  exchange?: Exchange,
): () => Promise<Try | 'no-endpoints' | 'overflow'> {
  const tried = new Set<string>();
  return async () => {
    const permit = runtime.limits.acquire(cluster);
    if (permit === 'overflow') return 'overflow';
    const release = await permit;
    const endpoint = runtime.balancer.pick(cluster, runtime.outliers.healthy(cluster), balanced, tried);
    if (!endpoint) {
      release();
      return 'no-endpoints';
    }
    const address = addressOf(endpoint);
    tried.add(address);
    runtime.balancer.started(endpoint);
    const principal = mutualTlsPrincipal(runtime, cluster, endpoint);
    if (exchange) {
      const snapshot = runtime.routes()?.snapshot;
      exchange.mutualTls = principal !== undefined;
      exchange.upstreamLocal = `${runtime.identity.ip}:${40_000 + (tried.size % 10_000)}`;
      if (endpoint.workload && snapshot) {
        exchange.destination = partyOf(endpoint.workload, snapshot.meshConfig.trustDomain);
      }
    }
    return {
      hop: {
        key: `${cluster.name}/${address}/${principal ?? ''}`,
        connect: () =>
          runtime.attachment.dialDirect(endpoint.ip, endpoint.port, principal ? {principal} : undefined),
      },
      address,
      finished(status) {
        release();
        runtime.balancer.finished(endpoint);
        runtime.outliers.report(cluster, endpoint, status);
      },
    };
  };
}

/**
 * Our identity where the connection is mutual TLS: as the DestinationRule says, else wherever the endpoint has
 * a sidecar, and no policy switches it off (auto mTLS).
 */
export function mutualTlsPrincipal(
  runtime: ProxyRuntime,
  cluster: Cluster,
  endpoint: Endpoint,
): string | undefined {
  const snapshot = runtime.routes()?.snapshot;
  if (!snapshot) return undefined;
  const {tlsMode} = cluster.settings;
  const identity = spiffeId(runtime.identity, snapshot.meshConfig.trustDomain);
  if (tlsMode === 'ISTIO_MUTUAL') return identity;
  if (tlsMode !== undefined || cluster.service.external || !snapshot.meshConfig.enableAutoMtls)
    return undefined;
  if (!endpoint.workload?.mutualTls) return undefined;
  return sendsMutualTls(snapshot, endpoint.workload, endpoint.port) ? identity : undefined;
}
