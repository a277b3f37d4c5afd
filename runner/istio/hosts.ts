const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

export function isIpAddress(host: string): boolean {
  return ipv4.test(host) || host.includes(':');
}

/**
 * A host as a configuration of that namespace means it: a name without a dot belongs to the namespace, all
 * else stays as it is, so `reviews.bookinfo` is *not* expanded (Istio: `ResolveShortnameToFQDN`).
 */
export function resolveHost(host: string, namespace: string, domain = 'cluster.local'): string {
  if (host === '' || host.includes('.') || host.includes('*') || host.includes(':')) return host;
  return `${host}.${namespace}.svc.${domain}`;
}

/** A gateway's name as `namespace/name`, or `mesh` (Istio: `resolveGatewayName`). */
export function resolveGateway(name: string, namespace: string): string {
  if (name === 'mesh') return name;
  if (name.startsWith('./')) return `${namespace}/${name.slice(2)}`;
  if (name.includes('/')) return name;
  if (!name.includes('.')) return `${namespace}/${name}`;
  const [gateway, gatewayNamespace] = name.split('.');
  return `${gatewayNamespace}/${gateway}`;
}

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/**
 * Whether the pattern (exact, `*.suffix` or `*`) covers the host, which may be a pattern itself (Istio:
 * `host.Name.SubsetOf`).
 */
export function covers(pattern: string, host: string): boolean {
  if (!isWildcard(pattern)) return pattern === host;
  if (isWildcard(host) && host.length < pattern.length) return false;
  return (isWildcard(host) ? host.slice(1) : host).endsWith(pattern.slice(1));
}

/** Whether two hosts, perhaps patterns, have anything in common (Istio: `host.Name.Matches`). */
export function overlaps(left: string, right: string): boolean {
  return covers(left, right) || covers(right, left);
}

/** Values by host; hosts may be wildcards. */
export interface HostMap<T> {
  get(host: string): T | undefined;
  set(host: string, value: T): void;
  /**
   * The value of the most specific host that covers this one: itself, else the longest wildcard (Istio:
   * `MostSpecificHostMatch`).
   */
  mostSpecific(host: string): T | undefined;
}

export function hostMap<T>(): HostMap<T> {
  const exact = new Map<string, T>();
  const wildcards = new Map<string, T>();
  const mapOf = (host: string) => (isWildcard(host) ? wildcards : exact);
  return {
    get: host => mapOf(host).get(host),
    set: (host, value) => void mapOf(host).set(host, value),
    mostSpecific(host) {
      const own = mapOf(host).get(host);
      if (own !== undefined) return own;
      const needle = isWildcard(host) ? host.slice(1) : host;
      let best: {host: string; value: T} | undefined;
      for (const [pattern, value] of wildcards) {
        if (!needle.endsWith(pattern.slice(1))) continue;
        if (!best || pattern.length > best.host.length) best = {host: pattern, value};
      }
      return best?.value;
    },
  };
}

/** What two host patterns have in common: the narrower of them, or nothing. */
export function intersect(left: string, right: string): string | undefined {
  if (covers(left, right)) return right;
  return covers(right, left) ? left : undefined;
}

/** `host` without its port; understands `[::1]:80`. */
export function withoutPort(authority: string): string {
  const match = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(authority);
  return match?.[1] ?? authority;
}

/** Orders wildcard hosts, the most specific (longest) first. */
export function bySpecificity(left: string, right: string): number {
  const wildcards = Number(left.startsWith('*')) - Number(right.startsWith('*'));
  return wildcards || right.length - left.length || (left < right ? -1 : 1);
}
