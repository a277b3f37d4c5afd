import {
  type ConsolidatedRule,
  destinationRuleIndex,
  hostOf,
  type RulesByHost,
} from './destination-rule-index.ts';
import {covers, isWildcard} from './hosts.ts';
import {configOf, labelsMatch, type MeshProxy, type MeshSnapshot} from './snapshot.ts';
import {type DestinationRule, type ObjectRef, refOf, type Subset, type TrafficPolicy} from './types.ts';
import {exported} from './visibility.ts';

/** The DestinationRule that holds for one host, as one client sees it: merged from those that belong together. */
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
  /** Another one of its namespace and host holds: only those with the same `exportTo` add up. */
  | 'hidden-by-other-export'
  | 'not-exported'
  | 'other-namespace'
  | 'workload-not-selected';

export interface ConsideredDestinationRule {
  ref: ObjectRef;
  outcome: DestinationRuleOutcome;
}

/** The DestinationRule that holds for a host, and why the others for that host do not. */
export function effectiveDestinationRule(
  snapshot: MeshSnapshot,
  proxy: MeshProxy,
  host: string,
  serviceNamespace: string,
): {rule?: EffectiveDestinationRule; considered: readonly ConsideredDestinationRule[]} {
  const found = rulesFor(snapshot, proxy.namespace, host, serviceNamespace);
  const chosen = found && selected(found.rules, proxy);
  const choice = {host, serviceNamespace, chosen, level: found?.level};
  return {
    ...(chosen ? {rule: effective(chosen)} : {}),
    // Only explanations ask for it, and it looks at every rule.
    get considered() {
      return consider(snapshot, proxy, choice);
    },
  };
}

function effective({from, subsets, trafficPolicy}: ConsolidatedRule): EffectiveDestinationRule {
  return {rules: from.map(refOf), subsets, ...(trafficPolicy ? {trafficPolicy} : {})};
}

interface Found {
  level: string;
  rules: readonly ConsolidatedRule[];
}

/**
 * Looks first in the client's namespace, then in the service's, then in the root namespace; the first that has a
 * visible one wins whole, and within each the most specific host is the only one looked at (Istio: `destinationRule`).
 */
function rulesFor(
  snapshot: MeshSnapshot,
  client: string,
  host: string,
  serviceNamespace: string,
): Found | undefined {
  const index = destinationRuleIndex(snapshot);
  const root = snapshot.meshConfig.rootNamespace;
  // What the root namespace has is meant for everybody, and must not hide the services' own from its gateways.
  const local = client === root ? index.rootPrivate : index.local.get(client);
  const own = local?.mostSpecific(host);
  if (own) return {level: client, rules: own};
  for (const level of serviceNamespace ? [serviceNamespace, root] : [root]) {
    const rules = visible(index.exported.get(level), host, client);
    if (rules.length > 0) return {level, rules};
  }
  return undefined;
}

function visible(rules: RulesByHost | undefined, host: string, client: string): ConsolidatedRule[] {
  return (rules?.mostSpecific(host) ?? []).filter(
    ({exportTo}) => exportTo.size === 0 || exportTo.has('*') || exportTo.has(client),
  );
}

/** The first whose workload selector fits, else the last without one (Istio: `SidecarScope.DestinationRule`). */
function selected(rules: readonly ConsolidatedRule[], proxy: MeshProxy): ConsolidatedRule | undefined {
  return (
    rules.find(
      ({namespace, selector}) =>
        selector && namespace === proxy.namespace && labelsMatch(selector, proxy.labels),
    ) ?? rules.findLast(({selector}) => !selector)
  );
}

function consider(
  snapshot: MeshSnapshot,
  proxy: MeshProxy,
  choice: {host: string; serviceNamespace: string; chosen?: ConsolidatedRule; level?: string},
): ConsideredDestinationRule[] {
  const {host, serviceNamespace, chosen, level} = choice;
  const levels = [...new Set([proxy.namespace, serviceNamespace, snapshot.meshConfig.rootNamespace])];
  const outcomeOf = (rule: DestinationRule): DestinationRuleOutcome => {
    const {namespace = ''} = rule.metadata;
    const {exportTo, workloadSelector} = rule.spec ?? {};
    if (chosen?.from.includes(rule)) return 'used';
    if (!levels.includes(namespace)) return 'other-namespace';
    if (
      workloadSelector &&
      !(namespace === proxy.namespace && labelsMatch(workloadSelector.matchLabels, proxy.labels))
    ) {
      return 'workload-not-selected';
    }
    if (!exported(exportTo, namespace, proxy.namespace)) return 'not-exported';
    if (namespace !== level) return 'hidden-by-nearer-namespace';
    return isWildcard(hostOf(rule)) ? 'hidden-by-exact-host' : 'hidden-by-other-export';
  };
  return configOf<DestinationRule>(snapshot, 'DestinationRule')
    .filter(rule => covers(hostOf(rule), host))
    .map(rule => ({ref: refOf(rule), outcome: outcomeOf(rule)}));
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
