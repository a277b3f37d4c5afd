import {resolveGateway, resolveHost} from './hosts.ts';
import {type HttpMatch, type HttpRoute, refOf, type StringMatch, type VirtualService} from './types.ts';

/**
 * Puts the rules of delegates in place of the rules that name them; a rule whose delegate is missing, or not exported
 * to the root's namespace, is left out (Istio: `mergeVirtualServices`).
 */
export function withDelegates(root: VirtualService, all: readonly VirtualService[]): VirtualService {
  const rules = root.spec?.http ?? [];
  if (!rules.some(rule => rule.delegate)) return root;
  const http = rules.flatMap(rule => (rule.delegate ? delegated(root, rule, all) : [rule]));
  return {...root, spec: {...root.spec, http}};
}

function delegated(root: VirtualService, rule: HttpRoute, all: readonly VirtualService[]): HttpRoute[] {
  const rootNamespace = root.metadata.namespace ?? '';
  const namespace = rule.delegate?.namespace || rootNamespace;
  const delegate = all.find(
    ({metadata, spec}) =>
      metadata.name === rule.delegate?.name && metadata.namespace === namespace && !spec?.hosts?.length,
  );
  if (!delegate || !exportedTo(delegate, rootNamespace)) return [];
  return (delegate.spec?.http ?? []).flatMap(inner => {
    const merged = mergeRule(named(rule, rootNamespace), named(inner, namespace));
    return merged ? [{...merged, origin: refOf(delegate)}] : [];
  });
}

function exportedTo({spec, metadata}: VirtualService, namespace: string): boolean {
  const exportTo = spec?.exportTo?.length ? spec.exportTo : ['*'];
  return exportTo.some(
    entry => entry === '*' || entry === namespace || (entry === '.' && metadata.namespace === namespace),
  );
}

/** A rule with every name as its own namespace means it, so that it can stand in a root of another one. */
function named(rule: HttpRoute, namespace: string): HttpRoute {
  const at = <T extends {host: string}>(destination: T): T => ({
    ...destination,
    host: resolveHost(destination.host, namespace),
  });
  return {
    ...rule,
    ...(rule.match
      ? {
          match: rule.match.map(match =>
            match.gateways
              ? {...match, gateways: match.gateways.map(name => resolveGateway(name, namespace))}
              : match,
          ),
        }
      : {}),
    ...(rule.route ? {route: rule.route.map(entry => ({...entry, destination: at(entry.destination)}))} : {}),
    ...(rule.mirror ? {mirror: at(rule.mirror)} : {}),
    ...(rule.mirrors
      ? {mirrors: rule.mirrors.map(entry => ({...entry, destination: at(entry.destination)}))}
      : {}),
  };
}

/** What the delegate's rule takes from the root's where it does not state its own. */
const inherited = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirror_percent',
  'mirrorPercentage',
  'corsPolicy',
  'mirrors',
  'headers',
] as const satisfies readonly (keyof HttpRoute)[];

/** Undefined where the matches of the two contradict each other (Istio: `mergeHTTPRoute`). */
function mergeRule(outer: HttpRoute, inner: HttpRoute): HttpRoute | undefined {
  const match = mergeMatches(outer.match ?? [], inner.match ?? []);
  if (!match) return undefined;
  const merged: HttpRoute = {...inner};
  for (const field of inherited) {
    if (inner[field] === undefined && outer[field] !== undefined)
      Object.assign(merged, {[field]: outer[field]});
  }
  const name = joinedName(outer.name, inner.name);
  if (name) merged.name = name;
  if (match.length > 0) merged.match = match;
  else delete merged.match;
  return merged;
}

function joinedName(outer: string | undefined, inner: string | undefined): string | undefined {
  return [outer, inner].filter(Boolean).join('-') || undefined;
}

/**
 * Every pair of entries that do not contradict each other, put together; undefined where one of the delegate's finds
 * no partner (Istio: `mergeHTTPMatchRequests`).
 */
function mergeMatches(outer: readonly HttpMatch[], inner: readonly HttpMatch[]): HttpMatch[] | undefined {
  if (outer.length === 0) return [...inner];
  if (inner.length === 0) return [...outer];
  const pairs = inner.map(right =>
    outer.filter(left => !conflict(left, right)).map(left => mergeMatch(left, right)),
  );
  return pairs.every(found => found.length > 0) ? pairs.flat() : undefined;
}

function mergeMatch(outer: HttpMatch, inner: HttpMatch): HttpMatch {
  const both = <T>(left: Record<string, T> | undefined, right: Record<string, T> | undefined) => ({
    ...left,
    ...right,
  });
  const name = joinedName(outer.name, inner.name);
  const gateways = inner.gateways?.length ? inner.gateways : outer.gateways;
  const sourceNamespace = inner.sourceNamespace || outer.sourceNamespace;
  return {
    ...outer,
    ...inner,
    ...(name ? {name} : {}),
    headers: both(outer.headers, inner.headers),
    withoutHeaders: both(outer.withoutHeaders, inner.withoutHeaders),
    queryParams: both(outer.queryParams, inner.queryParams),
    sourceLabels: both(outer.sourceLabels, inner.sourceLabels),
    port: inner.port || outer.port || 0,
    ...(sourceNamespace ? {sourceNamespace} : {}),
    ...(gateways ? {gateways} : {}),
  };
}

/** Istio: `hasConflict`. */
function conflict(outer: HttpMatch, inner: HttpMatch): boolean {
  const texts = ['uri', 'scheme', 'method', 'authority'] as const;
  if (texts.some(field => textConflict(outer[field], inner[field]))) return true;
  const maps = ['headers', 'withoutHeaders', 'queryParams'] as const;
  const apart = maps.some(field =>
    Object.entries(inner[field] ?? {}).some(([key, value]) => textConflict(outer[field]?.[key], value)),
  );
  if (apart || Boolean(outer.ignoreUriCase) !== Boolean(inner.ignoreUriCase)) return true;
  if (outer.port && inner.port && outer.port !== inner.port) return true;
  if (outer.sourceNamespace && inner.sourceNamespace !== outer.sourceNamespace) return true;
  const labels = Object.entries(inner.sourceLabels ?? {});
  if (labels.some(([key, value]) => (outer.sourceLabels?.[key] ?? value) !== value)) return true;
  if (!outer.gateways?.length || !inner.gateways?.length) return false;
  return (
    outer.gateways.length < inner.gateways.length ||
    inner.gateways.some(name => !outer.gateways?.includes(name))
  );
}

/** Whether the delegate's text is no narrower than the root's (Istio: `stringMatchConflict`). */
function textConflict(outer: StringMatch | undefined, inner: StringMatch | undefined): boolean {
  if (!outer || !inner) return false;
  const stated = (match: StringMatch) => Boolean(match.regex || match.prefix || match.exact);
  if ((outer.regex && stated(inner)) || (inner.regex && stated(outer))) return true;
  if (outer.exact) return Boolean(inner.prefix) || inner.exact !== outer.exact;
  if (outer.prefix) {
    const value = inner.prefix || inner.exact;
    if (value) return !value.startsWith(outer.prefix);
  }
  return true;
}
