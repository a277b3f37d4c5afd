import type {AuthorizationPolicy, PeerAuthentication} from '../types.ts';
import type {Collector} from './findings.ts';

const httpOperations = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const httpSources = ['requestPrincipals', 'notRequestPrincipals', 'remoteIpBlocks', 'notRemoteIpBlocks'];

/** Istio: `ValidateAuthorizationPolicy`. */
export function validateAuthorizationPolicy(policy: AuthorizationPolicy, found: Collector): void {
  const {action = 'ALLOW', rules, provider, selector, targetRefs} = policy.spec ?? {};
  const prefix = `invalid policy ${policy.metadata.name}.${policy.metadata.namespace ?? ''}:`;
  const fail = (text: string) => found.error(`${prefix} ${text}`);
  if (selector && targetRefs?.length) fail('only one of targetRefs or workloadSelector can be set');
  if (action === 'DENY' && !rules?.length) {
    return fail(
      'DENY action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request',
    );
  }
  if (action === 'CUSTOM') {
    if (!rules?.length) {
      return fail(
        'CUSTOM action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request',
      );
    }
    if (!provider?.name) return fail('`provider.name` must not be empty');
  } else if (provider) return fail('`provider` must not be with non CUSTOM action');
  let onlyHttp = false;
  for (const [index, rule] of (rules ?? []).entries()) {
    if (rule.from && rule.from.length === 0) fail(`\`from\` cannot be empty, found at rule ${index}`);
    for (const entry of rule.from ?? []) {
      if (!entry.source || isEmpty(entry.source))
        fail(`\`from.source\` must not be empty, found at rule ${index}`);
    }
    if (rule.to && rule.to.length === 0) fail(`\`to\` cannot be empty, found at rule ${index}`);
    for (const entry of rule.to ?? []) {
      if (!entry.operation || isEmpty(entry.operation)) {
        fail(`\`to.operation\` must not be empty, found at rule ${index}`);
      }
      onlyHttp ||= has(entry.operation, httpOperations) && !entry.operation?.ports?.length;
    }
    onlyHttp ||=
      (rule.from ?? []).some(entry => has(entry.source, httpSources)) &&
      !(rule.to ?? []).some(entry => entry.operation?.ports?.length);
    for (const condition of rule.when ?? []) {
      if (!condition.key) fail('`key` must not be empty');
      else if (!condition.values?.length && !condition.notValues?.length) {
        fail(`at least one of \`values\` or \`not_values\` must be set for key ${condition.key}`);
      }
    }
  }
  if (action === 'DENY' && onlyHttp) {
    found.warn(
      'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule; it is recommended to explicitly specify the port',
    );
  }
}

function isEmpty(fields: object): boolean {
  return Object.values(fields).every(value => !Array.isArray(value) || value.length === 0);
}

function has(fields: object | undefined, names: readonly string[]): boolean {
  return names.some(name => ((fields as Record<string, unknown[]> | undefined)?.[name]?.length ?? 0) > 0);
}

/** Istio: `ValidatePeerAuthentication`. */
export function validatePeerAuthentication(policy: PeerAuthentication, found: Collector): void {
  const {selector, portLevelMtls} = policy.spec ?? {};
  if (portLevelMtls === undefined) return;
  const selecting = Object.keys(selector?.matchLabels ?? {}).length > 0;
  if (!selecting) found.error('mesh/namespace peer authentication cannot have port level mTLS');
  if (Object.keys(portLevelMtls).length === 0)
    found.error('port level mTLS, if defined, must have at least one element');
}
