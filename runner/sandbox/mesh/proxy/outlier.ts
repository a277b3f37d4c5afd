import type {Cluster} from '../../../istio/clusters.ts';
import type {Endpoint} from '../../../istio/snapshot.ts';
import type {Clock} from '../../clock.ts';
import {addressOf} from './balancer.ts';

interface HostState {
  consecutive5xx: number;
  consecutiveGateway: number;
  ejectedUntil: number;
  ejections: number;
}

/** Takes endpoints out for a while that answer with errors in a row (outlierDetection). */
export interface OutlierDetector {
  healthy(cluster: Cluster): readonly Endpoint[];
  /** @param status 0 stands for no answer at all, which counts as a gateway error. */
  report(cluster: Cluster, endpoint: Endpoint, status: number): void;
  /** Whether an endpoint is out at present. */
  ejected(cluster: Cluster, endpoint: Endpoint): boolean;
}

export function createOutlierDetector({clock}: {clock: Clock}): OutlierDetector {
  const hosts = new Map<string, HostState>();

  function stateOf(cluster: Cluster, endpoint: Endpoint): HostState {
    const key = `${cluster.name}/${addressOf(endpoint)}`;
    let state = hosts.get(key);
    if (!state) {
      state = {consecutive5xx: 0, consecutiveGateway: 0, ejectedUntil: 0, ejections: 0};
      hosts.set(key, state);
    }
    return state;
  }

  function ejected(cluster: Cluster, endpoint: Endpoint): boolean {
    return (
      cluster.settings.outlierDetection !== undefined && stateOf(cluster, endpoint).ejectedUntil > clock.now()
    );
  }

  /** Envoy's check: with this one out, at most `maxEjectionPercent` of the hosts are. */
  function mayEject(cluster: Cluster): boolean {
    const out = cluster.endpoints.filter(endpoint => ejected(cluster, endpoint)).length;
    const limit = cluster.settings.outlierDetection?.maxEjectionPercent ?? 0;
    return ((out + 1) / cluster.endpoints.length) * 100 <= limit;
  }

  return {
    ejected,
    healthy(cluster) {
      const detection = cluster.settings.outlierDetection;
      if (!detection) return cluster.endpoints;
      const healthy = cluster.endpoints.filter(endpoint => !ejected(cluster, endpoint));
      const percent = (healthy.length / Math.max(1, cluster.endpoints.length)) * 100;
      return percent < detection.minHealthPercent ? cluster.endpoints : healthy;
    },
    report(cluster, endpoint, status) {
      const detection = cluster.settings.outlierDetection;
      if (!detection) return;
      const state = stateOf(cluster, endpoint);
      const failed = status === 0 || status >= 500;
      const gateway = status === 0 || (status >= 502 && status <= 504);
      state.consecutive5xx = failed ? state.consecutive5xx + 1 : 0;
      state.consecutiveGateway = gateway ? state.consecutiveGateway + 1 : 0;
      const over =
        (detection.consecutive5xx > 0 && state.consecutive5xx >= detection.consecutive5xx) ||
        (detection.consecutiveGatewayErrors > 0 &&
          state.consecutiveGateway >= detection.consecutiveGatewayErrors);
      if (!over || state.ejectedUntil > clock.now() || !mayEject(cluster)) return;
      state.ejections += 1;
      state.ejectedUntil = clock.now() + detection.baseEjectionTime * state.ejections;
      state.consecutive5xx = 0;
      state.consecutiveGateway = 0;
    },
  };
}
