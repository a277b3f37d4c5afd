import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
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
      'domain name "My_gw" invalid (label "My_gw" invalid)',
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
      'VirtualService',
      virtualService(`{match: [{headers: {a: {regex: "*"}}}], ${route}}`),
      '"headers": error parsing regexp: missing argument to repetition operator: `*`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
    ],
    [
      'VirtualService',
      virtualService(`{match: [{withoutHeaders: {a: {prefix: ""}}}], ${route}}`),
      '"withoutHeaders": prefix string match should not be empty',
    ],
    [
      'VirtualService',
      virtualService('{fault: {abort: {httpStatus: 500}}, directResponse: {status: 200}}'),
      'HTTP route cannot contain both fault and direct_response',
    ],
    ['VirtualService', virtualService('{directResponse: {}}'), 'HTTP status 0 is not in range 200-599'],
    [
      'VirtualService',
      virtualService(`{mirrors: [{destination: {host: a}, percentage: {value: 101}}], ${route}}`),
      'mirror percentage must have a max value of 100 (it has 101.000000)',
    ],
    [
      'VirtualService',
      virtualService(`{rewrite: {uriRegexRewrite: {match: a}}, ${route}}`),
      'UriRegexRewrite has errors\nUriRegexRewrite requires both Rewrite and Match fields to be specified',
    ],
    [
      'VirtualService',
      virtualService(`{rewrite: {uri: /a, uriRegexRewrite: {match: a, rewrite: b}}, ${route}}`),
      'rewrite may only contain one of URI or UriRegexRewrite',
    ],
    [
      'VirtualService',
      virtualService(`{fault: {abort: {grpcStatus: NOPE}}, ${route}}`),
      'gRPC status "NOPE" is not supported. See https://github.com/grpc/grpc/blob/master/doc/statuscodes.md for a list of supported codes, for example \'NOT_FOUND\'',
    ],
    [
      'VirtualService',
      virtualService(`{corsPolicy: {maxAge: 1500ms}, ${route}}`),
      'max_age duration is accurate only to seconds precision',
    ],
    [
      'VirtualService',
      virtualService(`{headers: {request: {set: {":path": /x}}}, ${route}}`),
      'invalid header ":path": header cannot have ":" prefix',
    ],
    [
      'VirtualService',
      virtualService(`{headers: {response: {add: {Host: x}}}, ${route}}`),
      'invalid header "Host": cannot set Host header',
    ],
    [
      'VirtualService',
      virtualService(`{${route}}`, ', exportTo: ["~"]'),
      'exportTo ~ (none) is not allowed for Istio configuration objects',
    ],
    [
      'VirtualService',
      virtualService(`{name: outer, delegate: {name: a}, ${route}}`),
      'root HTTP route outer must not specify route',
    ],
    ['DestinationRule', subsets('{name: v1, labels: {"a b": c}}'), 'invalid tag key: "a b"'],
    ['DestinationRule', subsets('{name: v1, labels: {a: "b c"}}'), 'invalid tag value: "b c"'],
    [
      'DestinationRule',
      '{host: a, exportTo: [., other], workloadSelector: {matchLabels: {app: a}}}',
      'destination rule with workload selector cannot have multiple entries in exportTo',
    ],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {tls: {mode: MUTUAL, privateKey: /k}}}',
      'client certificate required for mutual tls',
    ],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {portLevelSettings: [{port: {number: 80}}]}}',
      'port traffic policy must have at least one field',
    ],
    [
      'DestinationRule',
      '{host: "10.0.0.1"}',
      'domain name "0.0.1" invalid (top level domain "1" cannot be all-numeric)',
    ],
    [
      'ServiceEntry',
      '{hosts: [a.b], resolution: DNS, ports: [{number: 80, name: a_b, protocol: HTTP}]}',
      'invalid port name: a_b',
    ],
    [
      'ServiceEntry',
      '{hosts: [a.b], resolution: DNS, ports: [{number: 80, name: a, protocol: NOPE}]}',
      'unsupported protocol: NOPE',
    ],
    [
      'Sidecar',
      '{egress: [{hosts: ["./*"]}, {port: {number: 80}, hosts: ["./*"]}]}',
      'sidecar: the egress listener with empty port should be the last listener in the list',
    ],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {connectionPool: {}}}',
      'connection pool must have at least one field',
    ],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: ""}}}}}',
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
      server(
        '{port: {number: 80, name: h, protocol: HTTP}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: a}}',
      ),
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
      'VirtualService',
      virtualService('{route: [{destination: {host: a}, weight: 1}, {destination: {host: b}, weight: 3}]}'),
    ],
    ['VirtualService', virtualService(`{fault: {abort: {httpStatus: 600}}, ${route}}`)],
    ['VirtualService', virtualService('{route: [{destination: {host: nope, subset: v9}}]}')],
    ['VirtualService', virtualService('{route: [{destination: {host: a, subset: V1}}]}')],
    ['VirtualService', virtualService(`{match: [{uri: {prefix: ""}}], ${route}}`)],
    ['VirtualService', virtualService(`{fault: {delay: {percent: 101, fixedDelay: 1s}}, ${route}}`)],
    ['VirtualService', virtualService(`{fault: {abort: {percentage: {value: 1}}}, ${route}}`)],
    ['DestinationRule', subsets('{name: Version-1}')],
  ])('lets pass %s %s', (kind, spec) => {
    expect(check(kind, spec)).toEqual({errors: [], warnings: []});
  });

  it('says several errors as a list, and some kinds as a list of one', () => {
    expect(
      check('VirtualService', virtualService('{redirect: {}, route: [{destination: {host: "*"}}]}')).refusal,
    ).toBe(
      'configuration is invalid: 3 errors occurred:\n\t* HTTP route cannot contain both route and redirect\n\t* redirect must specify URI, authority, scheme, or port\n\t* invalid destination host *\n\n',
    );
    expect(check('VirtualService', virtualService(`{fault: {}, ${route}}`)).refusal).toBe(
      'configuration is invalid: 1 error occurred:\n\t* HTTP fault injection must have an abort and/or a delay\n\n',
    );
    expect(check('VirtualService', '{hosts: [reviews]}').refusal).toBe(
      'configuration is invalid: http, tcp or tls must be provided in virtual service',
    );
  });

  it('says what it cannot even read', () => {
    expect(
      check('VirtualService', virtualService('{route: [{destination: {host: a}, weight: 3000000000}]}'))
        .refusal,
    ).toBe(
      'error decoding configuration: json: cannot unmarshal number 3000000000 into Go value of type int32',
    );
  });

  it.each([
    [
      `{${route}}, {match: [{uri: {prefix: /x}}], ${route}}`,
      'virtualService rule #1 not used (route without matches defined before)',
    ],
    [`{${route}}, {${route}}`, 'virtualService rule #1 not used (only the last rule can have no matches)'],
    [
      `{mirror: {host: a}, mirrorPercent: 10, ${route}}`,
      'using deprecated setting "mirrorPercent", use "mirrorPercentage" instead',
    ],
    [
      `{${route}}, {name: late, match: [{uri: {exact: /x}}, {uri: {exact: /y}}], ${route}}`,
      'virtualService rule "late" not used (route without matches defined before)',
      'virtualService rule "late" not used (route without matches defined before)',
    ],
    [
      `{match: [{uri: {prefix: /}}], ${route}}, {match: [{name: more, uri: {prefix: /x}}], ${route}}`,
      'virtualService rule #1 match "more" of prefix /x is not used (duplicate/overlapping match in rule #0 of prefix / on #0)',
    ],
  ])('warns of %s', (http, ...texts) => {
    expect(check('VirtualService', virtualService(http)).warnings).toEqual(texts);
  });

  it.each([
    ['Sidecar', '{egress: [{hosts: ["./*", ns/a.b]}]}', 'duplicated egress host: ns/a.b'],
    [
      'Sidecar',
      '{workloadSelector: {}, egress: [{hosts: ["./*"]}]}',
      'sidecar: workload selector specified without labels, will be applied to all services in namespace',
    ],
    ['Telemetry', '{selector: {}}', 'workload selector specified without labels'],
  ])('warns of %s %s', (kind, spec, text) => {
    expect(check(kind, spec).warnings).toEqual([text]);
  });

  it('finds a match that an earlier rule has taken', () => {
    const http = `{match: [{uri: {exact: /x}}], ${route}}, {match: [{uri: {exact: /x}}, {uri: {exact: /y}}], ${route}}`;
    expect(check('VirtualService', virtualService(http)).warnings).toEqual([
      'virtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0)',
    ]);
  });
});
