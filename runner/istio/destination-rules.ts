import {bySpecificity, covers, resolveHost} from './hosts.ts';
import {configOf, labelsMatch, type MeshProxy, type MeshSnapshot} from './snapshot.ts';
import {type DestinationRule, type ObjectRef, refOf, type Subset, type TrafficPolicy} from './types.ts';
import {exported} from './visibility.ts';

/** The DestinationRule that holds for one host, as one client sees it: merged from those of one level. */
export interface EffectiveDestinationRule {
  rules: readonly ObjectRef[];
  subsets: readonly Subset[];
  trafficPolicy?: TrafficPolicy;
}

/** Why a rule for the host is not the one that holds. */
export type DestinationRuleOutcome =
  | 'used'
  | 'hidden-by-nearer-namespace'
  | 'hidden-by-exact-host'
  | 'not-exported'
  | 'other-namespace'
  | 'workload-not-selected';

export interface ConsideredDestinationRule {
  ref: ObjectRef;
  outcome: DestinationRuleOutcome;
}

/**
 * Looks first in the client's namespace, then in the service's, then in the root namespace; the first level
 * that has one wins whole, and within it an exact host beats wildcards (Istio: `destinationRule`).
 */
export function effectiveDestinationRule(
  snapshot: MeshSnapshot,
  proxy: MeshProxy,
  host: string,
  serviceNamespace: string,
): {rule?: EffectiveDestinationRule; considered: ConsideredDestinationRule[]} {
  const root = snapshot.meshConfig.rootNamespace;
  const candidates = configOf<DestinationRule>(snapshot, 'DestinationRule').filter(rule =>
    covers(hostOf(rule), host),
  );
  const considered: ConsideredDestinationRule[] = [];
  const note = (rules: DestinationRule[], outcome: DestinationRuleOutcome) => {
    for (const rule of rules) considered.push({ref: refOf(rule), outcome});
  };
  let chosen: DestinationRule[] = [];
  const levels = [...new Set([proxy.namespace, serviceNamespace, root])];
  for (const level of levels) {
    const here = candidates.filter(rule => rule.metadata.namespace === level);
    const selected = here.filter(rule => selects(rule, proxy));
    note(
      here.filter(rule => !selected.includes(rule)),
      'workload-not-selected',
    );
    const seen = selected.filter(
      rule => level === proxy.namespace || exported(rule.spec?.exportTo, level, proxy.namespace),
    );
    note(
      selected.filter(rule => !seen.includes(rule)),
      'not-exported',
    );
    if (chosen.length > 0) {
      note(seen, 'hidden-by-nearer-namespace');
      continue;
    }
    const best = seen.map(hostOf).sort(bySpecificity)[0];
    chosen = seen.filter(rule => hostOf(rule) === best);
    note(
      seen.filter(rule => hostOf(rule) !== best),
      'hidden-by-exact-host',
    );
    note(chosen, 'used');
  }
  note(
    candidates.filter(rule => !levels.includes(rule.metadata.namespace ?? '')),
    'other-namespace',
  );
  if (chosen.length === 0) return {considered};
  return {rule: merge(chosen), considered};
}

function hostOf(rule: DestinationRule): string {
  return resolveHost(rule.spec?.host ?? '', rule.metadata.namespace ?? '');
}

function selects(rule: DestinationRule, proxy: MeshProxy): boolean {
  const labels = rule.spec?.workloadSelector?.matchLabels;
  return !labels || (rule.metadata.namespace === proxy.namespace && labelsMatch(labels, proxy.labels));
}

/** Subsets add up (the first of a name stays), the policy is the oldest rule's that has one. */
function merge(rules: DestinationRule[]): EffectiveDestinationRule {
  const ordered = [
    ...rules.filter(rule => rule.spec?.workloadSelector),
    ...rules.filter(rule => !rule.spec?.workloadSelector),
  ];
  const subsets = new Map<string, Subset>();
  for (const rule of ordered) {
    for (const subset of rule.spec?.subsets ?? []) {
      if (!subsets.has(subset.name)) subsets.set(subset.name, subset);
    }
  }
  const trafficPolicy = ordered.find(rule => rule.spec?.trafficPolicy)?.spec?.trafficPolicy;
  return {
    rules: ordered.map(rule => refOf(rule)),
    subsets: [...subsets.values()],
    ...(trafficPolicy ? {trafficPolicy} : {}),
  };
}

/**
 * The policy of one cluster: settings of the port replace those of the rule, the subset's override them field
 * by field (Istio: `MergeSubsetTrafficPolicy`).
 */
export function clusterPolicy(
  rule: EffectiveDestinationRule | undefined,
  subset: Subset | undefined,
  port: number,
): TrafficPolicy {
  const top = atPort(rule?.trafficPolicy, port);
  const own = subset?.trafficPolicy;
  if (!own) return top;
  const merged: TrafficPolicy = {...top};
  for (const field of ['connectionPool', 'outlierDetection', 'loadBalancer', 'tls'] as const) {
    if (own[field] !== undefined) merged[field] = own[field];
  }
  const portSetting = own.portLevelSettings?.find(setting => setting.port?.number === port);
  return portSetting ? withoutPortLevel(portSetting) : merged;
}

function atPort(policy: TrafficPolicy | undefined, port: number): TrafficPolicy {
  if (!policy) return {};
  const setting = policy.portLevelSettings?.find(candidate => candidate.port?.number === port);
  return withoutPortLevel(setting ?? policy);
}

function withoutPortLevel(policy: TrafficPolicy): TrafficPolicy {
  const {portLevelSettings: _ports, ...rest} = policy;
  return rest;
}
