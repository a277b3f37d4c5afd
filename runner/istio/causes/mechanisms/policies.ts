import {distance} from '../../../nearest.ts';
import type {AuthorizationPolicy, AuthorizationRule} from '../../types.ts';
import {objectIn, placed} from '../../way/objects.ts';
import type {PolicyFact} from '../../way/way.ts';
import type {Candidate} from '../cause.ts';
import {change, objectName, showCommand} from '../cause.ts';
import {withChanged, without} from '../mend.ts';
import {calleeOf, type Mechanism, type Suspect} from './mechanism.ts';

/** Policies that refuse a call: one that denies it, or all those that allow somebody else. */
export const policies: Mechanism = suspect => {
  const facts = [suspect.hop.gatePolicy, ...suspect.hop.branches.map(({policy}) => policy)];
  return facts.flatMap(fact => (fact && !fact.allowed ? ofRefusal(suspect, fact) : []));
};

function ofRefusal(suspect: Suspect, fact: PolicyFact): readonly Candidate[] {
  if (fact.by) return [denied(suspect, fact, fact.by)];
  return fact.others.flatMap(other =>
    other.path === undefined
      ? allowsNobody(suspect, fact, other)
      : allowsOthers(suspect, fact, {...other, path: other.path}),
  );
}

function callText({hop}: Suspect): string {
  return `the call of ${hop.from.app} to ${calleeOf(hop)}`;
}

function denied(
  suspect: Suspect,
  _fact: PolicyFact,
  {object, path}: NonNullable<PolicyFact['by']>,
): Candidate {
  const index = placed(path);
  return {
    code: 'policy-denies',
    sentence: `${objectName(object)} denies ${callText(suspect)}.`,
    look: 'DENY is asked before ALLOW, and one rule that fits is enough: the answer is 403, RBAC: access denied.',
    object: objectName(object),
    fix: `${path}: take it away, or name fewer in it`,
    command: showCommand(object),
    mended: withChanged<AuthorizationPolicy>(suspect.snapshot, object, copy => {
      copy.spec?.rules?.splice(index, 1);
    }),
  };
}

type Other = PolicyFact['others'][number];

/** An ALLOW policy without rules: everything that no other policy allows is refused. */
function allowsNobody(suspect: Suspect, fact: PolicyFact, {object}: Other): readonly Candidate[] {
  const alone = fact.others.every(other => other.path === undefined);
  const {principal} = fact;
  const base = {
    code: 'policy-allows-nobody' as const,
    sentence: `${objectName(object)} has no rule, so it allows nobody, and ${callText(suspect)} is refused.`,
    look: 'As soon as one ALLOW policy is for a workload, only what such policies name gets in.',
    object: objectName(object),
  };
  const emptied: Candidate = {
    ...base,
    fix: 'spec.rules: say who may call what, or delete the policy',
    command: `kubectl delete authorizationpolicy ${object.name} -n ${object.namespace}`,
    mended: without(suspect.snapshot, object),
  };
  if (alone || principal === undefined) return [emptied];
  return [];
}

/** A rule that lets in others. */
function allowsOthers(
  suspect: Suspect,
  fact: PolicyFact,
  other: Other & {path: string},
): readonly Candidate[] {
  const {object, path} = other;
  const index = placed(path);
  const rule = objectIn<AuthorizationPolicy>(suspect.snapshot, object)?.spec?.rules?.[index];
  if (!rule) return [];
  const edited = (edit: (copy: AuthorizationRule) => void) =>
    withChanged<AuthorizationPolicy>(suspect.snapshot, object, copy => {
      const found = copy.spec?.rules?.[index];
      if (found) edit(found);
    });
  const base = {object: objectName(object), command: showCommand(object)};
  if (/asks about HTTP/.test(other.because)) {
    return [
      {
        ...base,
        code: 'policy-http-on-tcp',
        sentence: `A rule of ${objectName(object)} asks about HTTP, and the port of ${calleeOf(suspect.hop)} is not HTTP by its name.`,
        look: 'On such a port only who calls, and from where, is known: a rule that asks for more lets nobody in.',
        fix: `${path}: take out methods, paths and hosts, or name the port http`,
        mended: edited(copy => {
          delete copy.to;
          copy.when = [];
        }),
      },
    ];
  }
  const {principal} = fact;
  if (principal === undefined) return [];
  const [, namespace = ''] = /\/ns\/([^/]+)\//.exec(principal) ?? [];
  const found: Candidate[] = [];
  for (const [entry, {source}] of (rule.from ?? []).entries()) {
    for (const field of ['principals', 'namespaces'] as const) {
      const wanted = field === 'principals' ? principal : namespace;
      for (const [position, written] of (source?.[field] ?? []).entries()) {
        if (written === wanted || !isClose(written, wanted, field)) continue;
        found.push({
          ...base,
          code: 'policy-principal',
          sentence: `${objectName(object)} lets in "${written}", and ${suspect.hop.from.app} is ${wanted}.`,
          look: 'A principal is <trust domain>/ns/<namespace>/sa/<service account>, letter by letter.',
          fix: change(`${path}.from[${entry}].source.${field}[${position}]`, written, wanted),
          mended: edited(copy => {
            const list = copy.from?.[entry]?.source?.[field];
            if (list) list[position] = wanted;
          }),
        });
      }
    }
  }
  const named = (rule.from ?? []).findIndex(({source}) => source?.principals);
  const place =
    named < 0
      ? `${path}.from: add {source: {principals: ["${principal}"]}}`
      : `${path}.from[${named}].source.principals: add "${principal}"`;
  found.push({
    ...base,
    code: 'policy-allows-others',
    sentence: `${objectName(object)} ${other.because}, so ${callText(suspect)} is refused.`,
    look: `The caller is ${principal}; what no ALLOW policy names is refused with 403.`,
    fix: (rule.from ?? []).length === 0 ? `${path}: let it fit GET ${suspect.hop.request.path}` : place,
    mended: edited(copy => {
      const sources = copy.from?.[named]?.source?.principals;
      if (sources) sources.push(principal);
      else if ((copy.from ?? []).length > 0) copy.from?.push({source: {principals: [principal]}});
      else delete copy.to;
    }),
  });
  return found;
}

/** A principal that misses by a letter, a namespace, or the trust domain left out. */
function isClose(written: string, wanted: string, field: 'principals' | 'namespaces'): boolean {
  if (field === 'principals') {
    const bare = (text: string) => text.replace(/^spiffe:\/\//, '').replace(/\/ns\/[^/]+\//, '/ns/*/');
    if (bare(written) === bare(wanted) || wanted.endsWith(`/${written}`)) return true;
  }
  return distance(written, wanted) <= 3;
}
