import type {Exchange} from './exchange.ts';

/** Envoy's own counters, as `/stats` lists them. */
export interface ProxyStats {
  request(exchange: Exchange): void;
  add(name: string, by?: number): void;
  entries(): [string, number][];
}

export function createStats(): ProxyStats {
  const counters = new Map<string, number>();
  const add = (name: string, by = 1) => void counters.set(name, (counters.get(name) ?? 0) + by);
  return {
    add,
    request({upstreamCluster, status, flags}) {
      if (!upstreamCluster) return;
      const prefix = `cluster.${upstreamCluster}`;
      add(`${prefix}.upstream_rq_total`);
      if (status >= 100) {
        add(`${prefix}.upstream_rq_${Math.floor(status / 100)}xx`);
        add(`${prefix}.upstream_rq_${status}`);
      }
      if (flags.includes('UT')) add(`${prefix}.upstream_rq_timeout`);
      if (flags.includes('UF')) add(`${prefix}.upstream_cx_connect_fail`);
      if (flags.includes('UO')) add(`${prefix}.upstream_rq_pending_overflow`);
    },
    entries: () => [...counters].sort(([left], [right]) => (left < right ? -1 : 1)),
  };
}
