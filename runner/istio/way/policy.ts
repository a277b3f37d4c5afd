import {type AuthorizationRequest, connectionRule, judgeRule, policiesFor} from '../authorization.ts';
import type {MeshSnapshot, Workload} from '../snapshot.ts';
import {type AuthorizationPolicy, type AuthorizationRule, refOf} from '../types.ts';
import type {Place, PolicyFact} from './way.ts';

type Other = PolicyFact['others'][number];

/**
 * Whether the proxy of a pod lets a request in, and which rule decides: DENY before ALLOW, and without an ALLOW policy
 * everything is allowed. CUSTOM and AUDIT decide nothing here.
 */
export function policyFact(
  snapshot: MeshSnapshot,
  to: Pick<Workload, 'namespace' | 'labels'>,
  request: AuthorizationRequest,
  spoken: 'http' | 'tcp' = 'http',
): PolicyFact | undefined {
  const policies = policiesFor(snapshot, to);
  if (policies.length === 0) return undefined;
  const identity = request.principal?.replace(/^spiffe:\/\//, '');
  const who = identity === undefined ? {} : {principal: identity};
  const matching = (policy: AuthorizationPolicy) =>
    (policy.spec?.rules ?? []).findIndex(rule => {
      const read = spoken === 'http' ? rule : connectionRule(rule, policy.spec?.action);
      return read !== undefined && judgeRule(read, request, snapshot).matches;
    });
  const place = (policy: AuthorizationPolicy, rule: number): Place => ({
    object: refOf(policy),
    path: `spec.rules[${rule}]`,
  });
  for (const policy of policies.filter(({spec}) => spec?.action === 'DENY')) {
    const rule = matching(policy);
    if (rule >= 0) return {allowed: false, by: place(policy, rule), ...who, others: []};
  }
  const allow = policies.filter(({spec}) => (spec?.action ?? 'ALLOW') === 'ALLOW');
  if (allow.length === 0) return {allowed: true, ...who, others: []};
  for (const policy of allow) {
    const rule = matching(policy);
    if (rule >= 0) return {allowed: true, by: place(policy, rule), ...who, others: []};
  }
  return {
    allowed: false,
    ...who,
    others: allow.flatMap(policy => notLetIn(policy, request, snapshot, spoken)),
  };
}

function notLetIn(
  policy: AuthorizationPolicy,
  request: AuthorizationRequest,
  snapshot: MeshSnapshot,
  spoken: 'http' | 'tcp',
): readonly Other[] {
  const object = refOf(policy);
  const rules = policy.spec?.rules ?? [];
  if (rules.length === 0) return [{object, because: 'has no rule, so it allows nobody'}];
  return rules.map((rule, index) => ({
    object,
    path: `spec.rules[${index}]`,
    because:
      spoken === 'tcp' && connectionRule(rule, policy.spec?.action) === undefined
        ? 'asks about HTTP, and the port is not HTTP, so the rule lets nobody in'
        : mismatch(rule, request, snapshot),
  }));
}

/** Which of a rule's parts the request does not fit. */
function mismatch(rule: AuthorizationRule, request: AuthorizationRequest, snapshot: MeshSnapshot): string {
  const {from, to} = judgeRule(rule, request, snapshot);
  if (!from) return `allows ${sourcesText(rule)}`;
  if (!to) return `allows ${operationsText(rule)}, and this is ${request.method} ${request.path}`;
  return `asks for ${(rule.when ?? []).map(({key}) => key).join(', ')}, which this call does not have`;
}

/** The sources of a rule in a few words: `only cluster.local/ns/bookinfo/sa/a`. */
export function sourcesText(rule: AuthorizationRule): string {
  const sources = (rule.from ?? []).flatMap(({source = {}}) => {
    const not: string[] = [];
    const wanted = Object.entries(source).flatMap(([field, values]) => {
      const list = (values as string[]).join(', ');
      if (!field.startsWith('not')) return [...(values as string[])];
      not.push(list);
      return [];
    });
    return [...wanted, ...(not.length > 0 ? [`all but ${not.join(', ')}`] : [])];
  });
  return sources.length === 0 ? 'everybody' : `only ${sources.join(', ')}`;
}

function operationsText(rule: AuthorizationRule): string {
  const parts = (rule.to ?? []).map(({operation = {}}) =>
    Object.entries(operation)
      .map(([field, values]) => `${field} ${(values as string[]).join(', ')}`)
      .join(' and '),
  );
  return `only ${parts.join('; or ')}`;
}
