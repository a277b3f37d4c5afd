import {familyOf, validateBlock} from './addresses.ts';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from './field-error.ts';
import {checkPortName, checkServiceName, checkSubdomain, checkWildcardSubdomain} from './names.ts';
import {isPort, validateProtocol} from './pods.ts';

const between = 'must be between 1 and 65535, inclusive';

/** By Kubernetes' `ValidateNetworkPolicySpec`. */
export function validateNetworkPolicy({spec}: any): FieldError[] {
  const errors: FieldError[] = [];
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of (spec?.[direction] ?? []).entries()) {
      const at = `spec.${direction}[${index}]`;
      for (const [position, port] of (rule.ports ?? []).entries()) {
        errors.push(...validatePolicyPort(port, `${at}.ports[${position}]`));
      }
      for (const [position, peer] of (rule[peers] ?? []).entries()) {
        errors.push(...validatePeer(peer, `${at}.${peers}[${position}]`));
      }
    }
  }
  const types = ['Ingress', 'Egress'];
  for (const [index, type] of (spec?.policyTypes ?? []).entries()) {
    if (!types.includes(type)) errors.push(unsupportedValue(`spec.policyTypes[${index}]`, type, types));
  }
  return errors;
}

function validatePolicyPort({protocol, port, endPort}: any, at: string): FieldError[] {
  const errors = protocol === undefined ? [] : validateProtocol(protocol, `${at}.protocol`);
  const wrongEnd = (problem: string) => errors.push(invalidValue(`${at}.endPort`, endPort, problem));
  if (typeof port === 'number') {
    if (!isPort(port)) errors.push(invalidValue(`${at}.port`, port, between));
    if (endPort === undefined) return errors;
    if (endPort < port) wrongEnd('must be greater than or equal to `port`');
    if (!isPort(endPort)) wrongEnd(between);
    return errors;
  }
  if (endPort !== undefined) {
    wrongEnd(`may not be specified when \`port\` is ${port === undefined ? 'not specified' : 'non-numeric'}`);
  }
  if (port === undefined) return errors;
  for (const problem of checkPortName(String(port))) errors.push(invalidValue(`${at}.port`, port, problem));
  return errors;
}

function validatePeer({podSelector, namespaceSelector, ipBlock}: any, at: string): FieldError[] {
  if (!ipBlock) return podSelector || namespaceSelector ? [] : [requiredValue(at, 'must specify a peer')];
  const errors = validateBlock(ipBlock, `${at}.ipBlock`);
  if (podSelector || namespaceSelector) {
    errors.push(forbiddenValue(at, 'may not specify both ipBlock and another peer'));
  }
  return errors;
}

/** By Kubernetes' `ValidateIngressSpec`. */
export function validateIngress({spec}: any): FieldError[] {
  const {rules = [], defaultBackend, ingressClassName} = spec ?? {};
  const errors: FieldError[] = [];
  if (rules.length === 0 && !defaultBackend) {
    // Kubernetes prints the list here, in the form of Go.
    const message =
      'Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified';
    errors.push({reason: 'FieldValueInvalid', field: 'spec', message});
  }
  if (defaultBackend) errors.push(...validateBackend(defaultBackend, 'spec.defaultBackend'));
  for (const problem of ingressClassName === undefined ? [] : checkSubdomain(ingressClassName)) {
    errors.push(invalidValue('spec.ingressClassName', ingressClassName, problem));
  }
  for (const [index, {host, http}] of rules.entries()) {
    const at = `spec.rules[${index}]`;
    if (host) errors.push(...validateHost(host, `${at}.host`));
    for (const [position, path] of (http?.paths ?? []).entries()) {
      errors.push(...validatePath(path, `${at}.http.paths[${position}]`));
    }
  }
  return errors;
}

function validateHost(host: string, field: string): FieldError[] {
  const errors = familyOf(host) ? [invalidValue(field, host, 'must be a DNS name, not an IP address')] : [];
  const check = host.includes('*') ? checkWildcardSubdomain : checkSubdomain;
  return [...errors, ...check(host).map(problem => invalidValue(field, host, problem))];
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

function validatePath({path = '', pathType, backend = {}}: any, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (problem: string) => errors.push(invalidValue(`${at}.path`, path, problem));
  // That there is no type is said elsewhere.
  if (pathType && !pathTypes.includes(pathType)) {
    errors.push(unsupportedValue(`${at}.pathType`, pathType, pathTypes));
  } else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) wrong('must be an absolute path');
  } else if (pathType) {
    if (!path.startsWith('/')) wrong('must be an absolute path');
    for (const part of ['//', '/./', '/../', '%2f', '%2F']) {
      if (path.includes(part)) wrong(`must not contain '${part}'`);
    }
    for (const end of ['/..', '/.']) if (path.endsWith(end)) wrong(`cannot end with '${end}'`);
  }
  return [...errors, ...validateBackend(backend, `${at}.backend`)];
}

function validateBackend({resource, service}: any, at: string): FieldError[] {
  if (resource) return service ? [invalidValue(at, '', 'cannot set both resource and service backends')] : [];
  if (!service) return [invalidValue(at, '', 'resource or service backend is required')];
  const errors: FieldError[] = [];
  const {name, port = {}} = service;
  for (const problem of name ? checkServiceName(name) : []) {
    errors.push(invalidValue(`${at}.service.name`, name, problem));
  }
  if (port.name && port.number) errors.push(invalidValue(at, '', 'cannot set both port name & port number'));
  else if (port.name) {
    for (const problem of checkPortName(port.name))
      errors.push(invalidValue(`${at}.service.port.name`, port.name, problem));
  } else if (port.number) {
    if (!isPort(port.number)) errors.push(invalidValue(`${at}.service.port.number`, port.number, between));
  } else errors.push(requiredValue(at, 'port name or number is required'));
  return errors;
}
