import {describe, expect, it} from 'vitest';
import {applyDefaults} from '../defaults/defaults.ts';
import {validateObject} from './validate.ts';

const endpoints = 'endpoints';
const slices = 'endpointslices.discovery.k8s.io';
const policies = 'networkpolicies.networking.k8s.io';
const ingresses = 'ingresses.networking.k8s.io';

/** `field: message` of every error. */
function errorsOf(resource: string, content: object, old?: object): string[] {
  const made = (fields: object): any => {
    const object = {apiVersion: 'v1', kind: 'K', metadata: {name: 'x', namespace: 'n'}, ...fields};
    const copy = structuredClone(object);
    applyDefaults(resource, copy);
    return copy;
  };
  return validateObject(resource, made(content), old && made(old)).map(
    ({field, message}) => `${field}: ${message}`,
  );
}

const port = {port: 80};
const address = (ip?: string) => ({subsets: [{addresses: [ip === undefined ? {} : {ip}], ports: [port]}]});
const endpoint = (text: string, addressType = 'IPv4') => ({
  addressType,
  endpoints: [{addresses: [text]}],
  ports: [{name: 'http', port: 80}],
});
const peer = (...from: object[]) => ({spec: {podSelector: {}, ingress: [{from}]}});
const policyPort = (...ports: object[]) => ({spec: {podSelector: {}, ingress: [{ports}]}});
const service = {name: 's', port: {number: 80}};
const path = (fields: object) => ({
  spec: {rules: [{http: {paths: [{path: '/', pathType: 'Prefix', backend: {service}, ...fields}]}}]},
});
const backend = (fields: object) => path({backend: fields});

describe('what is sound', () => {
  it.each<[resource: string, content: object]>([
    [endpoints, {}],
    [endpoints, address('10.0.0.1')],
    [endpoints, address('2001:db8::1')],
    [slices, endpoint('10.0.0.1')],
    [slices, endpoint('fd00::1', 'IPv6')],
    [slices, endpoint('db.example.com.', 'FQDN')],
    [slices, {addressType: 'IPv4', endpoints: [], ports: []}],
    [policies, {spec: {}}],
    [policies, peer({podSelector: {}}, {namespaceSelector: {}}, {ipBlock: {cidr: '10.0.0.0/8'}})],
    [policies, peer({ipBlock: {cidr: '10.0.0.0/8', except: ['10.1.0.0/16']}})],
    [policies, policyPort({port: 'http'}, {port: 80, endPort: 90}, {})],
    [ingresses, path({})],
    [ingresses, {spec: {defaultBackend: {service}}}],
    [ingresses, {spec: {rules: [{host: '*.example.com'}], ingressClassName: 'istio'}}],
    [ingresses, backend({resource: {kind: 'Bucket', name: 'b'}})],
  ])('%s %j', (resource, content) => {
    expect(errorsOf(resource, content)).toEqual([]);
  });
});

describe('what is not', () => {
  const notIp = 'must be a valid IP address';
  const between = 'must be between 1 and 65535, inclusive';
  it.each<[resource: string, content: object, ...errors: string[]]>([
    [
      endpoints,
      address(),
      `subsets[0].addresses[0].ip: Invalid value: "": ${notIp}, (e.g. 10.9.8.7 or 2001:db8::ffff)`,
      `subsets[0].addresses[0].ip: Invalid value: "": ${notIp}`,
    ],
    [
      endpoints,
      address('127.0.0.1'),
      'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
    [
      endpoints,
      address('fe80::1'),
      'subsets[0].addresses[0].ip: Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ],
    [
      endpoints,
      {subsets: [{ports: [port, {name: 'b', port: 0, protocol: 'HTTP'}]}]},
      'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`',
      'subsets[0].ports[0].name: Required value',
      'subsets[0].ports[1].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
      `subsets[0].ports[1].port: Invalid value: 0: ${between}`,
    ],
    [
      slices,
      endpoint('10.0.0.1', 'IPv5'),
      'addressType: Unsupported value: "IPv5": supported values: "FQDN", "IPv4", "IPv6"',
    ],
    [
      slices,
      endpoint('::2'),
      'endpoints[0].addresses[0]: Invalid value: "::2": must be a valid IPv4 address',
    ],
    [
      slices,
      endpoint('localhost', 'FQDN'),
      'endpoints[0].addresses[0]: Invalid value: "localhost": should be a domain with at least two segments separated by dots',
    ],
    [
      slices,
      {addressType: 'IPv4', endpoints: Array.from({length: 1001}, () => ({addresses: ['10.0.0.1']}))},
      'endpoints: Too many: 1001: must have at most 1000 items',
    ],
    [
      slices,
      {addressType: 'IPv4', ports: [{port: 70_000}, {port: 1}]},
      `ports[0].port: Invalid value: 70000: ${between}`,
      'ports[1].name: Duplicate value: ""',
    ],
    [policies, peer({}), 'spec.ingress[0].from[0]: Required value: must specify a peer'],
    [
      policies,
      peer({podSelector: {}, ipBlock: {cidr: '10.0.0.0/8'}}),
      'spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer',
    ],
    [
      policies,
      peer({ipBlock: {cidr: '10.0.0.0/33'}}),
      'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
    [
      policies,
      peer({ipBlock: {cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.0.0.0/8']}}),
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
      'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    ],
    [
      policies,
      policyPort({port: 80, endPort: 70}, {endPort: 5}, {port: 'http', endPort: 5}),
      'spec.ingress[0].ports[0].endPort: Invalid value: 70: must be greater than or equal to `port`',
      'spec.ingress[0].ports[1].endPort: Invalid value: 5: may not be specified when `port` is not specified',
      'spec.ingress[0].ports[2].endPort: Invalid value: 5: may not be specified when `port` is non-numeric',
    ],
    [
      policies,
      {spec: {podSelector: {}, policyTypes: ['In']}},
      'spec.policyTypes[0]: Unsupported value: "In": supported values: "Ingress", "Egress"',
    ],
    [
      ingresses,
      {spec: {}},
      'spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified',
    ],
    [
      ingresses,
      path({path: 'a//b/..', pathType: 'Exact'}),
      'spec.rules[0].http.paths[0].path: Invalid value: "a//b/..": must be an absolute path',
      `spec.rules[0].http.paths[0].path: Invalid value: "a//b/..": must not contain '//'`,
      `spec.rules[0].http.paths[0].path: Invalid value: "a//b/..": cannot end with '/..'`,
    ],
    [
      ingresses,
      path({pathType: 'Regex'}),
      'spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"',
    ],
    [
      ingresses,
      backend({}),
      'spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
    ],
    [
      ingresses,
      backend({service: {name: 's'}}),
      'spec.rules[0].http.paths[0].backend: Required value: port name or number is required',
    ],
    [
      ingresses,
      {spec: {rules: [{host: '10.0.0.1'}]}},
      'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ],
  ])('%s %j', (resource, content, ...errors) => {
    expect(errorsOf(resource, content)).toEqual(errors);
  });

  it('may stay as it is where an older version let it in, but gets no worse', () => {
    expect(errorsOf(endpoints, address(), address())).toEqual([]);
    expect(errorsOf(endpoints, address('127.0.0.1'), address())).toHaveLength(1);
    expect(errorsOf(endpoints, address(), {subsets: 'odd'})).toHaveLength(2);
    expect(errorsOf(slices, endpoint('fd00::1', 'IPv6'), endpoint('10.0.0.1'))).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ]);
  });
});
