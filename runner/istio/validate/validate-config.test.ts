import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {unsupportedFields} from '../unsupported.ts';
import {validateConfig} from './validate-config.ts';

function check(kind: string, spec: string) {
  return validateConfig({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: {name: 'x', namespace: 'ns'},
    spec: parse(spec),
  });
}

const route = 'route: [{destination: {host: reviews}}]';
const virtualService = (http: string, more = '') => `{hosts: [reviews], http: [${http}]${more}}`;
const subsets = (list: string) => `{host: reviews, subsets: [${list}]}`;
const server = (more: string) => `{servers: [${more}]}`;

describe('what the webhook refuses', () => {
  it.each([
    ['VirtualService', '{hosts: [reviews]}', 'http, tcp or tls must be provided in virtual service'],
    ['VirtualService', virtualService('{}'), 'HTTP route, redirect or direct_response is required'],
    [
      'VirtualService',
      virtualService(`{${route}, redirect: {uri: /x}}`),
      'HTTP route cannot contain both route and redirect',
    ],
    [
      'VirtualService',
      virtualService('{route: [{destination: {host: a}}, {destination: {host: b}}]}'),
      'total destination weight = 0',
    ],
    ['VirtualService', virtualService('{route: [{destination: {host: a}, weight: -10}]}'), 'weight -10 < 0'],
    [
      'VirtualService',
      `{hosts: ["*"], http: [{${route}}]}`,
      'wildcard host * is not allowed for virtual services bound to the mesh gateway',
    ],
    [
      'VirtualService',
      `{hosts: ["*.foo.com", a.foo.com], http: [{${route}}]}`,
      'duplicate hosts in virtual service: *.foo.com & a.foo.com',
    ],
    [
      'VirtualService',
      `{hosts: [reviews_v1], http: [{${route}}]}`,
      'domain name "reviews_v1" invalid (label "reviews_v1" invalid)',
    ],
    [
      'VirtualService',
      virtualService('{route: [{destination: {host: ""}}]}'),
      'empty domain name not allowed',
    ],
    ['VirtualService', virtualService('{route: [{destination: {host: "*"}}]}'), 'invalid destination host *'],
    [
      'VirtualService',
      virtualService('{route: [{destination: {host: a, subset: V1}}]}'),
      'subset name is invalid: V1',
    ],
    [
      'VirtualService',
      virtualService(`{fault: {}, ${route}}`),
      'HTTP fault injection must have an abort and/or a delay',
    ],
    [
      'VirtualService',
      virtualService(`{fault: {abort: {httpStatus: 1000}}, ${route}}`),
      'HTTP status 1000 is not in range 200-599',
    ],
    [
      'VirtualService',
      virtualService(`{fault: {delay: {fixedDelay: 1s, percentage: {value: 150}}}, ${route}}`),
      'percentage 150 is neither 0.0, nor in range [0.0001, 100.0]',
    ],
    [
      'VirtualService',
      virtualService(`{retries: {attempts: 0, retryOn: 5xx}, ${route}}`),
      'http retry policy configured when attempts are set to 0 (disabled)',
    ],
    [
      'VirtualService',
      virtualService(`{retries: {attempts: 1, retryOn: "5xxx"}, ${route}}`),
      '"5xxx" is not a valid retryOn policy',
    ],
    [
      'VirtualService',
      virtualService(`{retries: {attempts: 1, retryOn: "5xx, reset"}, ${route}}`),
      '" reset" is not a valid retryOn policy',
    ],
    ['VirtualService', virtualService(`{timeout: 0s, ${route}}`), 'duration must be greater than 1ms'],
    [
      'VirtualService',
      virtualService(`{timeout: 1500us, ${route}}`),
      'only durations to ms precision are supported',
    ],
    [
      'VirtualService',
      virtualService('{redirect: {}}'),
      'redirect must specify URI, authority, scheme, or port',
    ],
    [
      'VirtualService',
      virtualService('{redirect: {uri: /x, redirectCode: 200}}'),
      '200 is not a valid redirect code, must be 3xx',
    ],
    [
      'VirtualService',
      virtualService(`{match: [{headers: {a: {prefix: ""}}}], ${route}}`),
      '"headers": prefix string match should not be empty',
    ],
    [
      'VirtualService',
      virtualService(`{match: [{uri: {regex: ""}}], ${route}}`),
      '"uri": regex string match should not be empty',
    ],
    [
      'VirtualService',
      virtualService(`{match: [{uri: {regex: "(a"}}], ${route}}`),
      '"uri": error parsing regexp: missing closing ): `(a`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
    ],
    [
      'VirtualService',
      virtualService(`{match: [{uri: {regex: "(?!a)"}}], ${route}}`),
      '"uri": error parsing regexp: invalid or unsupported Perl syntax: `(?!`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
    ],
    [
      'VirtualService',
      virtualService(`{match: [{headers: {"end user": {exact: a}}}], ${route}}`),
      'header name end user is not a valid header name',
    ],
    [
      'VirtualService',
      virtualService(`{mirror: {host: a}, mirrors: [{destination: {host: b}}], ${route}}`),
      'HTTP route cannot contain both mirror and mirrors',
    ],
    [
      'VirtualService',
      virtualService(`{mirror: {host: a}, mirrorPercentage: {value: 150}, ${route}}`),
      'mirror_percentage must have a max value of 100 (it has 150.000000)',
    ],
    [
      'VirtualService',
      virtualService(`{${route}}`, ', gateways: [My_gw]'),
      'invalid value for gateway name: "My_gw"',
    ],
    [
      'VirtualService',
      virtualService(`{${route}}`, ', gateways: [ns/]'),
      'config namespace and gateway name cannot be empty',
    ],
    [
      'VirtualService',
      virtualService(`{match: [{headers: {"@request.auth.claims.group": {exact: a}}}], ${route}}`),
      'JWT claim based routing (key: @request.auth.claims.group) is only supported for gateway, found no gateways: []',
    ],
    [
      'VirtualService',
      virtualService(`{${route}}`, ', exportTo: ["*", "."]'),
      'cannot have both public (*) and non-public exportTo values for a resource',
    ],
    ['DestinationRule', subsets('{name: V1_x}'), 'subset name is invalid: V1_x'],
    ['DestinationRule', subsets('{name: v1}, {name: v1}'), 'duplicate subset names: v1'],
    ['DestinationRule', '{host: a, trafficPolicy: {}}', 'traffic policy must have at least one field'],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {connectionPool: {}}}',
      'connection pool must have at least one field',
    ],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {}}}}}',
      'name required for HttpCookie',
    ],
    ['Gateway', '{}', 'gateway must have at least one server'],
    [
      'Gateway',
      server('{port: {number: 80, name: h, protocol: HTTP}}'),
      'server config must contain at least one host',
    ],
    [
      'Gateway',
      server('{port: {number: 80, name: h, protocol: HTTP}, hosts: [bookinfo]}'),
      'short names (non FQDN) are not allowed',
    ],
    [
      'Gateway',
      server('{port: {number: 80, name: h, protocol: HTP}, hosts: ["*"]}'),
      'invalid protocol "HTP", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP',
    ],
    [
      'Gateway',
      server('{port: {number: 443, name: h, protocol: HTTPS}, hosts: ["*"]}'),
      'server must have TLS settings for HTTPS/TLS protocols',
    ],
    [
      'Gateway',
      server('{port: {number: 80, name: h, protocol: HTTP}, hosts: ["*"], tls: {mode: SIMPLE}}'),
      'server cannot have TLS settings for plain text HTTP ports',
    ],
    [
      'AuthorizationPolicy',
      '{action: DENY}',
      'invalid policy x.ns: DENY action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request',
    ],
    [
      'AuthorizationPolicy',
      '{rules: [{from: [{source: {}}]}]}',
      'invalid policy x.ns: `from.source` must not be empty, found at rule 0',
    ],
    [
      'PeerAuthentication',
      '{portLevelMtls: {9080: {mode: STRICT}}}',
      'mesh/namespace peer authentication cannot have port level mTLS',
    ],
    ['ServiceEntry', '{ports: []}', 'service entry must have at least one host'],
    ['Sidecar', '{egress: [{hosts: [reviews]}]}', 'host must be of form namespace/dnsName'],
    ['Sidecar', '{}', 'sidecar: empty configuration provided'],
  ])('%s %s', (kind, spec, text) => {
    expect(check(kind, spec).errors).toEqual([text]);
  });

  it.each([
    [
      'weights that do not sum to 100',
      virtualService('{route: [{destination: {host: a}, weight: 1}, {destination: {host: b}, weight: 3}]}'),
    ],
    ['an abort with status 600', virtualService(`{fault: {abort: {httpStatus: 600}}, ${route}}`)],
    [
      'httpsRedirect is for gateways, unknown hosts are for nobody',
      virtualService('{route: [{destination: {host: nope, subset: v9}}]}'),
    ],
  ])('lets pass %s', (_name, spec) => {
    expect(check('VirtualService', spec)).toEqual({errors: [], warnings: []});
  });

  it.each([
    [
      `{${route}}, {match: [{uri: {prefix: /x}}], ${route}}`,
      'virtualService rule #1 not used (route without matches defined before)',
    ],
    [`{${route}}, {${route}}`, 'virtualService rule #1 not used (only the last rule can have no matches)'],
    [`{fault: {abort: {percentage: {value: 1}}}, ${route}}`, 'abort configured, but error type not set'],
    [
      `{mirror: {host: a}, mirrorPercent: 10, ${route}}`,
      'using deprecated setting "mirrorPercent", use "mirrorPercentage" instead',
    ],
  ])('warns of %s', (http, text) => {
    expect(check('VirtualService', virtualService(http)).warnings).toEqual([text]);
  });

  it('finds a match that an earlier rule has taken', () => {
    const http = `{match: [{uri: {exact: /x}}], ${route}}, {match: [{uri: {exact: /x}}, {uri: {exact: /y}}], ${route}}`;
    expect(check('VirtualService', virtualService(http)).warnings).toEqual([
      'virtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0)',
    ]);
  });

  it('names what the sandbox does not simulate', () => {
    const object = (kind: string, spec: unknown) => ({apiVersion: 'x/v1', kind, metadata: {name: 'x'}, spec});
    expect(unsupportedFields(object('EnvoyFilter', {}))).toEqual(['EnvoyFilter']);
    expect(unsupportedFields(object('VirtualService', {http: [{match: [{statPrefix: 'a'}]}]}))).toEqual([
      'spec.http[0].match[0].statPrefix',
    ]);
    expect(unsupportedFields(object('VirtualService', parse(virtualService(`{${route}}`))))).toEqual([]);
  });
});
