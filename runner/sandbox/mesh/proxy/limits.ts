import type {Cluster} from '../../../istio/clusters.ts';

/** Connection pool limits (circuit breaking), counted for each cluster of one proxy. */
export interface PoolLimits {
  /** Waits for a connection. @returns the release, or `overflow` when the queue is full. */
  acquire(cluster: Cluster): Promise<() => void> | 'overflow';
  /** `upstream_rq_pending_overflow` and the like, by cluster. */
  overflows(clusterName: string): number;
}

interface PoolState {
  active: number;
  queue: (() => void)[];
  overflows: number;
}

export function createPoolLimits(): PoolLimits {
  const pools = new Map<string, PoolState>();
  function poolOf(name: string): PoolState {
    let pool = pools.get(name);
    if (!pool) {
      pool = {active: 0, queue: [], overflows: 0};
      pools.set(name, pool);
    }
    return pool;
  }
  return {
    acquire(cluster) {
      const pool = poolOf(cluster.name);
      const {
        maxConnections = Number.POSITIVE_INFINITY,
        maxPendingRequests = Number.POSITIVE_INFINITY,
        maxRequests = Number.POSITIVE_INFINITY,
      } = cluster.settings;
      let released = false;
      const release = () => {
        if (released) return;
        released = true;
        const next = pool.queue.shift();
        if (next) next();
        else pool.active -= 1;
      };
      if (pool.active < Math.min(maxConnections, maxRequests)) {
        pool.active += 1;
        return Promise.resolve(release);
      }
      if (pool.active >= maxRequests || pool.queue.length >= maxPendingRequests) {
        pool.overflows += 1;
        return 'overflow';
      }
      return new Promise(resolve => pool.queue.push(() => resolve(release)));
    },
    overflows: name => pools.get(name)?.overflows ?? 0,
  };
}
