import type {RouteTable, VirtualHost} from './route-table.ts';

/** Orders domains for look-up; the first virtual host that claims one keeps it. */
export function tableOf(port: number, virtualHosts: readonly VirtualHost[]): RouteTable {
  const exact = new Map<string, VirtualHost>();
  const suffixes = new Map<string, VirtualHost>();
  let fallback: VirtualHost | undefined;
  for (const virtualHost of virtualHosts) {
    for (const domain of virtualHost.domains) {
      const [index, key] = domain.startsWith('*') ? [suffixes, domain.slice(1)] : [exact, domain];
      if (domain === '*') fallback ??= virtualHost;
      else if (!index.has(key)) index.set(key, virtualHost);
    }
  }
  const wildcards = [...suffixes]
    .map(([suffix, virtualHost]) => ({suffix, virtualHost}))
    .sort((left, right) => right.suffix.length - left.suffix.length);
  return {port, exact, wildcards, ...(fallback ? {catchAll: fallback} : {})};
}
