import {type HostMap, hostMap, resolveHost} from './hosts.ts';
import {memoized} from './memoized.ts';
import {byAge, type MeshSnapshot} from './snapshot.ts';
import type {DestinationRule, Subset, TrafficPolicy} from './types.ts';

/** DestinationRules of one host that were put together. */
export interface ConsolidatedRule {
  from: readonly DestinationRule[];
  namespace: string;
  /** As written; empty where nothing is. */
  exportTo: ReadonlySet<string>;
  selector?: Record<string, string>;
  subsets: readonly Subset[];
  trafficPolicy?: TrafficPolicy;
}

/** For each host, in the order in which they were made. */
export type RulesByHost = Pick<HostMap<readonly ConsolidatedRule[]>, 'mostSpecific'>;

export interface DestinationRuleIndex {
  /** What each namespace's own clients look at. */
  local: ReadonlyMap<string, RulesByHost>;
  /** What each namespace shows to clients of others, as far as `exportTo` lets them see it. */
  exported: ReadonlyMap<string, RulesByHost>;
  /** What the root namespace keeps for its own clients. */
  rootPrivate: RulesByHost;
}

type Mutable = HostMap<ConsolidatedRule[]>;

/** Made once for each snapshot (Istio: `setDestinationRules`). */
export const destinationRuleIndex = memoized((snapshot: MeshSnapshot): DestinationRuleIndex => {
  const local = new Map<string, Mutable>();
  const exported = new Map<string, Mutable>();
  const rootPrivate: Mutable = hostMap();
  const at = (index: Map<string, Mutable>, namespace: string): Mutable => {
    const known = index.get(namespace) ?? hostMap();
    index.set(namespace, known);
    return known;
  };
  const rules = snapshot.config.filter(({kind}) => kind === 'DestinationRule') as DestinationRule[];
  for (const rule of rules.sort(bySelectorAndAge)) {
    const {namespace = ''} = rule.metadata;
    const exportTo = new Set(rule.spec?.workloadSelector ? ['.'] : rule.spec?.exportTo);
    if (exportTo.size === 0 || ['*', '.', namespace].some(entry => exportTo.has(entry))) {
      add(at(local, namespace), rule, exportTo);
    }
    const isPrivate = exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
    if (!isPrivate) add(at(exported, namespace), rule, exportTo);
    else if (namespace === snapshot.meshConfig.rootNamespace) add(rootPrivate, rule, exportTo);
  }
  return {local, exported, rootPrivate};
});

export function hostOf(rule: DestinationRule): string {
  return resolveHost(rule.spec?.host ?? '', rule.metadata.namespace ?? '');
}

function bySelectorAndAge(left: DestinationRule, right: DestinationRule): number {
  const selectors = Number(!left.spec?.workloadSelector) - Number(!right.spec?.workloadSelector);
  return selectors || byAge(left, right);
}

/**
 * Merges a rule into those of its host that are exported to the same namespaces, or to fewer; then it stands for itself
 * too (Istio: `mergeDestinationRule`).
 */
function add(index: Mutable, rule: DestinationRule, exportTo: ReadonlySet<string>): void {
  const host = hostOf(rule);
  const known = index.get(host);
  const own = consolidated(rule, exportTo);
  if (!known) {
    index.set(host, [own]);
    return;
  }
  let separately = true;
  for (const [position, other] of known.entries()) {
    const same = sameSet(exportTo, other.exportTo);
    const wider = other.exportTo.size > 0 && [...other.exportTo].every(entry => exportTo.has(entry));
    separately = !same;
    if (!same && !wider) continue;
    if (own.selector && other.selector && !sameLabels(own.selector, other.selector)) {
      separately = true;
      continue;
    }
    if (Boolean(own.selector) === Boolean(other.selector)) separately = false;
    known[position] = merged(other, own);
  }
  if (separately) known.push(own);
}

function consolidated(rule: DestinationRule, exportTo: ReadonlySet<string>): ConsolidatedRule {
  const {subsets = [], trafficPolicy, workloadSelector} = rule.spec ?? {};
  return {
    from: [rule],
    namespace: rule.metadata.namespace ?? '',
    exportTo,
    subsets,
    ...(workloadSelector ? {selector: workloadSelector.matchLabels ?? {}} : {}),
    ...(trafficPolicy ? {trafficPolicy} : {}),
  };
}

/** Subsets add up (the first of a name stays), the policy is the first that there is. */
function merged(into: ConsolidatedRule, rule: ConsolidatedRule): ConsolidatedRule {
  const names = new Set(into.subsets.map(({name}) => name));
  const trafficPolicy = into.trafficPolicy ?? rule.trafficPolicy;
  return {
    ...into,
    from: [...into.from, ...rule.from],
    subsets: [...into.subsets, ...rule.subsets.filter(({name}) => !names.has(name))],
    ...(trafficPolicy ? {trafficPolicy} : {}),
  };
}

function sameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every(entry => right.has(entry));
}

function sameLabels(left: Record<string, string>, right: Record<string, string>): boolean {
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every(key => left[key] === right[key]);
}
