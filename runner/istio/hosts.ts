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

/** Whether the pattern (exact, `*.suffix` or `*`) covers the host, which may be a pattern itself. */
export function covers(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.startsWith('*')) return pattern === host;
  const suffix = pattern.slice(1);
  if (host.startsWith('*')) return host.length >= pattern.length && host.slice(1).endsWith(suffix);
  return host.length > suffix.length && host.endsWith(suffix);
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
