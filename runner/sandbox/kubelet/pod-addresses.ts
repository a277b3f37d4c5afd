/** Hands out pod IPs of the node's range 10.244.0.0/24, in turn, as kindnet's host-local allocation does. */
export interface PodAddresses {
  /** @throws Error when all are taken */
  take(): string;
  /** Marks an address that a pod had before the kubelet started. */
  keep(ip: string): void;
  release(ip: string): void;
}

const prefix = '10.244.0.';
/** .1 is the bridge; .2 to .4 belong to pods that every kind cluster runs before the user's. */
const firstHost = 5;
const lastHost = 254;

export function createPodAddresses(): PodAddresses {
  const taken = new Set<number>();
  let next = firstHost;
  const hostOf = (ip: string) => (ip.startsWith(prefix) ? Number(ip.slice(prefix.length)) : undefined);
  return {
    take() {
      for (let tried = firstHost; tried <= lastHost; tried++) {
        const host = next;
        next = host === lastHost ? firstHost : host + 1;
        if (taken.has(host)) continue;
        taken.add(host);
        return `${prefix}${host}`;
      }
      throw new Error(
        `failed to allocate for range 0: no IP addresses available in range set: ${prefix}1-${prefix}254`,
      );
    },
    keep(ip) {
      const host = hostOf(ip);
      if (host === undefined) return;
      taken.add(host);
      if (host >= next) next = host === lastHost ? firstHost : host + 1;
    },
    release(ip) {
      const host = hostOf(ip);
      if (host !== undefined) taken.delete(host);
    },
  };
}
