/** What a client's DNS takes for the same as the full name of a service, seen from a namespace. */

const suffix = '.svc.cluster.local';

export function absoluteName(hostname: string): string {
  return `${hostname}.`;
}

/**
 * The shorter names of a host within the cluster's domain; the bare one works in its own namespace only (Istio:
 * `GenerateAltVirtualHosts`).
 */
export function shortNames(hostname: string, namespace: string): string[] {
  if (!hostname.endsWith(suffix)) return [];
  const inCluster = hostname.slice(0, -suffix.length);
  const dot = inCluster.indexOf('.');
  if (dot < 0) return [];
  const names = [inCluster, `${inCluster}.svc`];
  return inCluster.slice(dot + 1) === namespace ? [inCluster.slice(0, dot), ...names] : names;
}
