import {BlockList, isIP} from 'node:net';
import {withoutPort} from './hosts.ts';
import {fullMatch, quote} from './re2.ts';
import {configOf, labelsMatch, type MeshSnapshot} from './snapshot.ts';
import type {
  AuthorizationOperation,
  AuthorizationPolicy,
  AuthorizationRule,
  AuthorizationSource,
  ObjectRef,
} from './types.ts';
import {refOf} from './types.ts';

/** A request as the server's proxy judges it. */
export interface AuthorizationRequest {
  /** SPIFFE identity of the caller, with mutual TLS only. */
  principal?: string;
  sourceIp: string;
  /** The address at the start of `x-forwarded-for`, else the source's. */
  remoteIp?: string;
  method: string;
  authority: string;
  path: string;
  port: number;
  headers: Readonly<Record<string, string | undefined>>;
  /** Claims of a valid token, with `iss` and `sub`. */
  claims?: Readonly<Record<string, unknown>>;
}

export type AuthorizationVerdict =
  | {allowed: true; policy?: ObjectRef}
  | {
      allowed: false;
      /** The DENY policy, or none where no ALLOW policy matched. */
      policy?: ObjectRef;
      rule?: number;
      /** For the access log: `rbac_access_denied_matched_policy[none]`. */
      details: string;
    };

interface Target {
  namespace: string;
  labels: Record<string, string>;
}

/** DENY before ALLOW; without an ALLOW policy all is allowed, with one only what it names. CUSTOM is not asked. */
export function authorize(
  snapshot: MeshSnapshot,
  target: Target,
  request: AuthorizationRequest,
): AuthorizationVerdict {
  return verdictBy(snapshot, target, rule => ruleMatches(rule, request, snapshot));
}

/** The same for a connection that is not HTTP, of which only its two ends are known. */
export function authorizeConnection(
  snapshot: MeshSnapshot,
  target: Target,
  connection: Pick<AuthorizationRequest, 'principal' | 'sourceIp' | 'port'>,
): AuthorizationVerdict {
  const request = {...connection, method: '', authority: '', path: '', headers: {}};
  return verdictBy(snapshot, target, (rule, action) => {
    const read = connectionRule(rule, action);
    return read !== undefined && ruleMatches(read, request, snapshot);
  });
}

function verdictBy(
  snapshot: MeshSnapshot,
  target: Target,
  fits: (rule: AuthorizationRule, action: string | undefined) => boolean,
): AuthorizationVerdict {
  const policies = policiesFor(snapshot, target);
  for (const policy of policies.filter(({spec}) => spec?.action === 'DENY')) {
    const rule = (policy.spec?.rules ?? []).findIndex(candidate => fits(candidate, 'DENY'));
    if (rule >= 0) {
      const {namespace, name} = refOf(policy);
      return {
        allowed: false,
        policy: refOf(policy),
        rule,
        details: `rbac_access_denied_matched_policy[ns[${namespace}]-policy[${name}]-rule[${rule}]]`,
      };
    }
  }
  const allow = policies.filter(({spec}) => (spec?.action ?? 'ALLOW') === 'ALLOW');
  if (allow.length === 0) return {allowed: true};
  const granting = allow.find(policy => (policy.spec?.rules ?? []).some(rule => fits(rule, 'ALLOW')));
  if (granting) return {allowed: true, policy: refOf(granting)};
  return {allowed: false, details: 'rbac_access_denied_matched_policy[none]'};
}

/** The policies that hold for a workload: the mesh's, then its namespace's. */
export function policiesFor(snapshot: MeshSnapshot, target: Target): AuthorizationPolicy[] {
  return configOf<AuthorizationPolicy>(snapshot, 'AuthorizationPolicy').filter(({metadata, spec}) => {
    if (spec?.targetRefs?.length) return false;
    const {rootNamespace} = snapshot.meshConfig;
    if (metadata.namespace !== rootNamespace && metadata.namespace !== target.namespace) return false;
    return labelsMatch(spec?.selector?.matchLabels, target.labels);
  });
}

function ruleMatches(
  rule: AuthorizationRule,
  request: AuthorizationRequest,
  snapshot: MeshSnapshot,
): boolean {
  return judgeRule(rule, request, snapshot).matches;
}

const connectionSources = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'ipBlocks',
  'notIpBlocks',
];

/**
 * What a rule is for a connection that is not HTTP. One that asks about HTTP is left out of a policy that allows, and
 * loses those questions in one that denies (Istio: `pilot/pkg/security/authz/model`, `generate` for TCP).
 * @returns undefined where the rule is left out.
 */
export function connectionRule(
  rule: AuthorizationRule,
  action: string | undefined,
): AuthorizationRule | undefined {
  const kept = <T extends object>(fields: T, known: readonly string[]): T =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => known.includes(field))) as T;
  const from = (rule.from ?? []).map(({source = {}}) => ({source: kept(source, connectionSources)}));
  const to = (rule.to ?? []).map(({operation = {}}) => ({operation: kept(operation, ['ports', 'notPorts'])}));
  const when = (rule.when ?? []).filter(({key}) => !/^(request\.|remote\.ip)/.test(key));
  const stripped = {...rule, from, to, when};
  if (action === 'DENY') return stripped;
  const size = (value: unknown) => JSON.stringify(value).length;
  const whole = {...rule, from: rule.from ?? [], to: rule.to ?? [], when: rule.when ?? []};
  return size(stripped) === size(whole) ? stripped : undefined;
}

/** Which parts of a rule fit a request; it matches where all of them do. */
export function judgeRule(
  rule: AuthorizationRule,
  request: AuthorizationRequest,
  snapshot: MeshSnapshot,
): {matches: boolean; from: boolean; to: boolean; when: boolean} {
  const sources = rule.from ?? [];
  const operations = rule.to ?? [];
  const from =
    sources.length === 0 || sources.some(entry => sourceMatches(entry.source ?? {}, request, snapshot));
  const to =
    operations.length === 0 || operations.some(entry => operationMatches(entry.operation ?? {}, request));
  const when = (rule.when ?? []).every(condition => conditionMatches(condition, request));
  return {matches: from && to && when, from, to, when};
}

/** `*` means "not empty"; `x*` and `*x` match by start and end. */
export function valueMatches(pattern: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (pattern === '*') return value !== '';
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  return value === pattern;
}

type Matcher = (pattern: string) => boolean;

function listed(values: string[] | undefined, notValues: string[] | undefined, matcher: Matcher): boolean {
  if (values?.length && !values.some(matcher)) return false;
  return !notValues?.some(matcher);
}

function sourceMatches(
  source: AuthorizationSource,
  request: AuthorizationRequest,
  snapshot: MeshSnapshot,
): boolean {
  const identity = request.principal?.replace(/^spiffe:\/\//, '');
  const namespace = /\/ns\/([^/]+)\//.exec(identity ?? '')?.[1];
  const account = /\/ns\/([^/]+)\/sa\/(.+)$/s.exec(identity ?? '');
  const accountName = account ? `${account[1]}/${account[2]}` : undefined;
  const remote = request.remoteIp ?? request.sourceIp;
  const trustDomain = snapshot.meshConfig.trustDomain;
  const principal: Matcher = pattern =>
    valueMatches(
      pattern.startsWith('cluster.local/')
        ? `${trustDomain}${pattern.slice('cluster.local'.length)}`
        : pattern,
      identity,
    );
  return (
    listed(source.principals, source.notPrincipals, principal) &&
    listed(source.requestPrincipals, source.notRequestPrincipals, pattern =>
      valueMatches(pattern, requestPrincipal(request)),
    ) &&
    listed(source.namespaces, source.notNamespaces, pattern => valueMatches(pattern, namespace)) &&
    listed(source.serviceAccounts, source.notServiceAccounts, pattern => {
      if (accountName === undefined) return false;
      return pattern.includes('/') ? pattern === accountName : accountName.endsWith(`/${pattern}`);
    }) &&
    listed(source.ipBlocks, source.notIpBlocks, block => inBlock(block, request.sourceIp)) &&
    listed(source.remoteIpBlocks, source.notRemoteIpBlocks, block => inBlock(block, remote))
  );
}

function requestPrincipal(request: AuthorizationRequest): string | undefined {
  const {iss, sub} = request.claims ?? {};
  return typeof iss === 'string' && typeof sub === 'string' ? `${iss}/${sub}` : undefined;
}

function operationMatches(operation: AuthorizationOperation, request: AuthorizationRequest): boolean {
  const path = normalizePath(request.path);
  const host = request.authority.toLowerCase();
  return (
    listed(operation.hosts, operation.notHosts, pattern => {
      const wanted = pattern.toLowerCase();
      return valueMatches(wanted, host) || (!wanted.includes(':') && valueMatches(wanted, withoutPort(host)));
    }) &&
    listed(operation.ports, operation.notPorts, pattern => pattern === String(request.port)) &&
    listed(operation.methods, operation.notMethods, pattern => valueMatches(pattern, request.method)) &&
    listed(operation.paths, operation.notPaths, pattern => pathMatches(pattern, path))
  );
}

/** Paths may hold the templates `{*}` (one segment) and `{**}` (any number of them). */
function pathMatches(pattern: string, path: string): boolean {
  if (!pattern.includes('{*}') && !pattern.includes('{**}')) return valueMatches(pattern, path);
  const source = pattern
    .split(/(\{\*\*\}|\{\*\})/)
    .map(part => (part === '{*}' ? '[^/]+' : part === '{**}' ? '.*' : quote(part)))
    .join('');
  return fullMatch(source).test(path);
}

/** Without query and fragment, with `.` and `..` resolved (Istio's BASE normalisation). */
export function normalizePath(path: string): string {
  const bare = path.replace(/[?#].*$/s, '').replaceAll('\\', '/');
  const out: string[] = [];
  for (const segment of bare.split('/')) {
    if (segment === '..') out.pop();
    else if (segment !== '.') out.push(segment);
  }
  const joined = out.join('/');
  return joined.startsWith('/') ? joined : `/${joined}`;
}

function conditionMatches(
  condition: {key: string; values?: string[]; notValues?: string[]},
  request: AuthorizationRequest,
): boolean {
  const found = attribute(condition.key, request);
  const ips = condition.key.endsWith('.ip');
  return listed(condition.values, condition.notValues, pattern =>
    found.some(value => (ips ? inBlock(pattern, value) : valueMatches(pattern, value))),
  );
}

/** `a`, `b` of `request.auth.claims[a][b]`. */
function inBrackets(key: string): string[] {
  const found: string[] = [];
  for (let open = key.indexOf('['); open >= 0; ) {
    const close = key.indexOf(']', open);
    if (close < 0) break;
    if (close > open + 1) found.push(key.slice(open + 1, close));
    open = key.indexOf('[', Math.max(close, open + 1));
  }
  return found;
}

function attribute(key: string, request: AuthorizationRequest): string[] {
  const header = 'request.headers[';
  if (key.startsWith(header) && key.endsWith(']') && key.length > header.length + 1) {
    return present(request.headers[key.slice(header.length, -1).toLowerCase()]);
  }
  if (key.startsWith('request.auth.claims')) {
    let value: unknown = request.claims;
    for (const name of inBrackets(key)) {
      value = (value as Record<string, unknown> | undefined)?.[name];
    }
    if (Array.isArray(value)) return value.map(String);
    return typeof value === 'string' ? value.split(' ') : value === undefined ? [] : [String(value)];
  }
  const identity = request.principal?.replace(/^spiffe:\/\//, '');
  switch (key) {
    case 'source.ip':
      return [request.sourceIp];
    case 'remote.ip':
      return [request.remoteIp ?? request.sourceIp];
    case 'source.principal':
      return present(identity);
    case 'source.namespace':
      return present(/\/ns\/([^/]+)\//.exec(identity ?? '')?.[1]);
    case 'request.auth.principal':
      return present(requestPrincipal(request));
    case 'request.auth.audiences':
      return [request.claims?.['aud'] ?? []].flat().map(String);
    case 'request.auth.presenter':
      return present(request.claims?.['azp'] as string | undefined);
    case 'destination.port':
      return [String(request.port)];
    default:
      return [];
  }
}

function present(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}

/** Whether an IP address, of version 4 or 6, lies in a CIDR block, or is the address. */
export function inBlock(block: string, ip: string): boolean {
  const [base = '', bits] = block.split('/');
  const version = isIP(base);
  if (version === 0 || isIP(ip) === 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  try {
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  } catch {
    // No such prefix: validation tells of it, and nothing lies in it.
    return false;
  }
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}
