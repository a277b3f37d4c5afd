import {resolveGateway, resolveHost} from './hosts.ts';
import {byAge, configOf, type MeshProxy, type MeshSnapshot} from './snapshot.ts';
import {type HttpMatch, type HttpRoute, refOf, type VirtualService} from './types.ts';
import {exported} from './visibility.ts';

/** The gateways a VirtualService is bound to: `mesh` unless it names others. */
export function gatewaysOf(virtualService: VirtualService): string[] {
  const names = virtualService.spec?.gateways ?? [];
  if (names.length === 0) return ['mesh'];
  return names.map(name => resolveGateway(name, virtualService.metadata.namespace ?? ''));
}

export function hostsOf(virtualService: VirtualService): string[] {
  const namespace = virtualService.metadata.namespace ?? '';
  return (virtualService.spec?.hosts ?? []).map(host => resolveHost(host, namespace).toLowerCase());
}

/** The VirtualServices of one gateway (or `mesh`) that a proxy sees, in the order in which they win. */
export function selectVirtualServices(
  snapshot: MeshSnapshot,
  proxy: MeshProxy,
  gateway: string,
): VirtualService[] {
  const all = configOf<VirtualService>(snapshot, 'VirtualService');
  const bound = all.filter(
    virtualService =>
      (virtualService.spec?.hosts ?? []).length > 0 &&
      gatewaysOf(virtualService).includes(gateway) &&
      exported(virtualService.spec?.exportTo, virtualService.metadata.namespace ?? '', proxy.namespace),
  );
  return bound
    .sort((left, right) => rank(left) - rank(right) || byAge(left, right))
    .map(found => withDelegates(found, all));
}

/** Private ones come first, then those exported to named namespaces, then the public ones. */
function rank(virtualService: VirtualService): number {
  const exportTo = virtualService.spec?.exportTo ?? [];
  if (exportTo.length === 0 || exportTo.includes('*')) return 2;
  return exportTo.every(entry => entry === '.') ? 0 : 1;
}

/** Puts the rules of delegates in place; a rule whose delegate is missing or not exported is left out. */
function withDelegates(root: VirtualService, all: readonly VirtualService[]): VirtualService {
  const http = root.spec?.http ?? [];
  if (!http.some(rule => rule.delegate)) return root;
  const namespace = root.metadata.namespace ?? '';
  const rules = http.flatMap(rule => {
    if (!rule.delegate) return [rule];
    const delegateNamespace = rule.delegate.namespace || namespace;
    const delegate = all.find(
      candidate =>
        candidate.metadata.name === rule.delegate?.name &&
        candidate.metadata.namespace === delegateNamespace &&
        (candidate.spec?.hosts ?? []).length === 0 &&
        exported(candidate.spec?.exportTo, delegateNamespace, namespace),
    );
    return (delegate?.spec?.http ?? []).flatMap(inner => mergeRule(rule, inner, delegate as VirtualService));
  });
  return {...root, spec: {...root.spec, http: rules}};
}

function mergeRule(outer: HttpRoute, inner: HttpRoute, delegate: VirtualService): HttpRoute[] {
  const match = mergeMatches(outer.match, inner.match);
  if (match && match.length === 0) return [];
  const namespace = delegate.metadata.namespace ?? '';
  const merged: HttpRoute & {origin: unknown} = {
    ...inner,
    ...(outer.rewrite && !inner.rewrite ? {rewrite: outer.rewrite} : {}),
    ...(outer.timeout && !inner.timeout ? {timeout: outer.timeout} : {}),
    ...(outer.retries && !inner.retries ? {retries: outer.retries} : {}),
    ...(outer.headers && !inner.headers ? {headers: outer.headers} : {}),
    ...(outer.corsPolicy && !inner.corsPolicy ? {corsPolicy: outer.corsPolicy} : {}),
    ...(inner.route
      ? {
          route: inner.route.map(entry => ({
            ...entry,
            destination: {...entry.destination, host: resolveHost(entry.destination.host, namespace)},
          })),
        }
      : {}),
    origin: refOf(delegate),
  };
  if (match) merged.match = match;
  else delete merged.match;
  return [merged];
}

/** Every pair of entries that do not contradict each other, put together. */
function mergeMatches(
  outer: HttpMatch[] | undefined,
  inner: HttpMatch[] | undefined,
): HttpMatch[] | undefined {
  if (!outer?.length) return inner;
  if (!inner?.length) return outer;
  return outer.flatMap(left =>
    inner
      .filter(right => !conflict(left, right))
      .map(right => ({
        ...left,
        ...right,
        ...(left.headers || right.headers ? {headers: {...left.headers, ...right.headers}} : {}),
        ...(left.queryParams || right.queryParams
          ? {queryParams: {...left.queryParams, ...right.queryParams}}
          : {}),
      })),
  );
}

function conflict(outer: HttpMatch, inner: HttpMatch): boolean {
  if (outer.uri && inner.uri) {
    const {prefix} = outer.uri;
    const value = inner.uri.exact ?? inner.uri.prefix;
    if (prefix === undefined || value === undefined || !value.startsWith(prefix)) return true;
  }
  return Boolean(
    (outer.method && inner.method) ||
      (outer.authority && inner.authority) ||
      (outer.scheme && inner.scheme) ||
      (outer.port && inner.port && outer.port !== inner.port),
  );
}
