import type {
  AuthorizationOperation,
  AuthorizationPolicy,
  AuthorizationRule,
  AuthorizationSource,
} from '../types.ts';
import {validateConditions} from './authorization-conditions.ts';
import {
  emptyFault,
  pathFault,
  serviceAccountFault,
  trustDomainFault,
  validateIps,
  validatePorts,
} from './authorization-values.ts';
import {type Collector, prefixed} from './findings.ts';
import {report} from './names.ts';
import {validateAttachment} from './selectors.ts';

/** Istio: `ValidateAuthorizationPolicy`. */
export function validateAuthorizationPolicy(policy: AuthorizationPolicy, collected: Collector): void {
  const {name, namespace = ''} = policy.metadata;
  const found = prefixed(collected, `invalid policy ${name}.${namespace}: `);
  const {action = 'ALLOW', rules = [], provider, ...attached} = policy.spec ?? {};
  validateAttachment(attached, found);
  if (action === 'CUSTOM') validateCustom(rules, provider, found);
  else if (provider) found.error(`\`provider\` must not be with non CUSTOM action, found ${action}`);
  if (action === 'DENY' && rules.length === 0) found.error(meaningless(action));
  for (const [index, rule] of rules.entries()) {
    validateRule(rule, ` found at rule ${index}`, found);
    if (action === 'DENY' && deniesTcp(rule)) {
      found.warn(
        'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule; it is recommended to explicitly specify the port',
      );
    }
  }
}

const meaningless = (action: string) =>
  `${action} action without \`rules\` is meaningless as it will never be triggered, add an empty rule \`{}\` if you want it be triggered for every request`;

const customSources = [
  ...[
    'namespaces',
    'notNamespaces',
    'serviceAccounts',
    'notServiceAccounts',
    'trustDomains',
    'notTrustDomains',
  ],
  ...['principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals'],
] as const;
const customKeys = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

/** What an external authorizer is not asked about. */
function validateCustom(
  rules: readonly AuthorizationRule[],
  provider: {name?: string} | undefined,
  found: Collector,
): void {
  if (rules.length === 0) found.error(meaningless('CUSTOM'));
  else if (!provider?.name) found.error('`provider.name` must not be empty');
  const refuse = (name: string) => found.error(`${name} is currently not supported with CUSTOM action`);
  for (const {from = [], when = []} of rules) {
    for (const {source = {}} of from) {
      for (const field of customSources) {
        if (source[field]?.length) refuse(`From.${field[0]?.toUpperCase()}${field.slice(1)}`);
      }
    }
    for (const {key} of when) if (customKeys.includes(key) || key.startsWith('request.auth.')) refuse(key);
  }
}

function validateRule({from = [], to = [], when}: AuthorizationRule, where: string, found: Collector): void {
  for (const {source} of from) {
    if (source) validateSource(source, where, found);
    else found.error(`\`from.source\` must not be nil,${where}`);
  }
  for (const {operation} of to) {
    if (operation) validateOperation(operation, where, found);
    else found.error(`\`to.operation\` must not be nil,${where}`);
  }
  validateConditions(when, found);
}

type Values = readonly string[];

const isEmpty = (fields: object) => Object.values(fields).every((values: Values) => values.length === 0);

function validateSource(source: AuthorizationSource, where: string, found: Collector): void {
  if (isEmpty(source)) found.error(`\`from.source\` must not be empty,${where}`);
  for (const field of ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'] as const) {
    validateIps(source[field], found);
  }
  const checks = [
    [emptyFault, 'principals', 'requestPrincipals', 'namespaces'],
    [serviceAccountFault, 'serviceAccounts'],
    [trustDomainFault, 'trustDomains'],
    [emptyFault, 'ipBlocks', 'remoteIpBlocks', 'notPrincipals', 'notRequestPrincipals', 'notNamespaces'],
    [serviceAccountFault, 'notServiceAccounts'],
    [trustDomainFault, 'notTrustDomains'],
    [emptyFault, 'notIpBlocks', 'notRemoteIpBlocks'],
  ] as const;
  for (const [fault, ...fields] of checks) {
    for (const field of fields) report(fault(goName(field), source[field]), found);
  }
}

function validateOperation(operation: AuthorizationOperation, where: string, found: Collector): void {
  if (isEmpty(operation)) found.error(`\`to.operation\` must not be empty,${where}`);
  validatePorts(operation.ports, found);
  validatePorts(operation.notPorts, found);
  const fields = [
    'ports',
    'methods',
    'paths',
    'hosts',
    'notPorts',
    'notMethods',
    'notPaths',
    'notHosts',
  ] as const;
  for (const field of fields) report(emptyFault(goName(field), operation[field]), found);
  report(pathFault('Paths', operation.paths), found);
  report(pathFault('NotPaths', operation.notPaths), found);
}

/** `ipBlocks` as Istio's code calls it: `IpBlocks`. */
const goName = (field: string) => `${field[0]?.toUpperCase()}${field.slice(1)}`;

const tcpSources = [
  ...['principals', 'notPrincipals', 'ipBlocks', 'notIpBlocks', 'namespaces', 'notNamespaces'],
  ...['remoteIpBlocks', 'notRemoteIpBlocks', 'serviceAccounts', 'notServiceAccounts'],
] as const;

/** Whether a rule looks at HTTP alone: a connection without HTTP then meets none of it, and is denied. */
function deniesTcp({from = [], to = []}: AuthorizationRule): boolean {
  const hasFrom = from.some(({source}) => source);
  const hasTo = to.some(({operation}) => operation);
  const tcpFrom = from.some(({source = {}}) => tcpSources.some(field => source[field]?.length));
  const tcpTo = to.some(({operation}) => operation?.ports?.length || operation?.notPorts?.length);
  return hasTo ? !tcpTo : hasFrom && !tcpFrom;
}
