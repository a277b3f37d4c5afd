import {describe, expect, it} from 'vitest';
import {
  type Asked,
  answers,
  client,
  decisionOf,
  objects,
  productpage,
  shares,
  type WorldOptions,
} from './testing/bookinfo-world.ts';
import type {IstioObject} from './types.ts';
import {validateConfig} from './validate/validate-config.ts';

const rules = `
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
  - {name: v3, labels: {version: v3}}
---
`;

const fqdn = 'reviews.bookinfo.svc.cluster.local';
const any = 'v1 v2 v3';

/** A VirtualService; the rules are written as YAML flow. */
function vs(http: string, options: {name?: string; ns?: string; hosts?: string; more?: string} = {}): string {
  const {name = 'reviews', ns = 'bookinfo', hosts = 'reviews', more = ''} = options;
  return `
kind: VirtualService
metadata: {name: ${name}, namespace: ${ns}}
spec:
  hosts: [${hosts}]
  ${more}
  http: ${http}
---
`;
}

const to = (subset: string, weight?: number) =>
  `{destination: {host: ${fqdn}, subset: ${subset}}${weight === undefined ? '' : `, weight: ${weight}`}}`;
const rule = (subset: string, match?: string) =>
  `{${match ? `match: [${match}], ` : ''}route: [${to(subset)}]}`;
const jason = '{headers: {end-user: {exact: jason}}}';
const as = (user: string): Asked => ({headers: {'end-user': user}});
/** The match decides between v2 and v1. */
const either = (match: string) => rules + vs(`[${rule('v2', match)}, ${rule('v1')}]`);
/** The match decides between v2 and no route. */
const only = (match: string) => rules + vs(`[${rule('v2', match)}]`);
const abort = (status: number) => `fault: {abort: {httpStatus: ${status}, percentage: {value: 100}}}`;
const forbid = (match: string) =>
  rules + vs(`[{match: [${match}], ${abort(403)}, route: [${to('v1')}]}, ${rule('v1')}]`);

type Case = [number, string, WorldOptions | string, Asked, string];

const cases: Case[] = [
  [1, 'nothing configured', '', {}, any],
  [2, 'a DestinationRule alone', rules, {}, any],
  [4, 'one subset', rules + vs(`[${rule('v1')}]`), {}, 'v1'],
  ...['reviews', 'reviews.bookinfo', 'reviews.bookinfo.svc', fqdn, 'reviews:80', '10.96.0.4'].map(
    (authority): Case => [5, `called ${authority}`, rules + vs(`[${rule('v1')}]`), {authority}, 'v1'],
  ),
  [6, 'the wrong namespace', rules + vs(`[${rule('v1')}]`, {ns: 'default'}), {}, any],
  [7, 'another namespace by FQDN', rules + vs(`[${rule('v1')}]`, {ns: 'default', hosts: fqdn}), {}, 'v1'],
  [
    8,
    'not exported',
    rules + vs(`[${rule('v1')}]`, {ns: 'default', hosts: fqdn, more: 'exportTo: ["."]'}),
    {},
    any,
  ],
  [9, 'a dotted host that is no FQDN', rules + vs(`[${rule('v1')}]`, {hosts: 'reviews.bookinfo'}), {}, any],
  [
    10,
    'two for a host: the older',
    rules + vs(`[${rule('v1')}]`) + vs(`[${rule('v3')}]`, {name: 'b'}),
    {},
    'v1',
  ],
  [
    11,
    'the older of another namespace',
    rules + vs(`[${rule('v3')}]`, {ns: 'other', hosts: fqdn}) + vs(`[${rule('v1')}]`),
    {},
    'v3',
  ],
  [
    13,
    'an exact host beats an older wildcard',
    rules +
      vs('[{route: [{destination: {host: ratings}}]}]', {
        name: 'w',
        hosts: '"*.bookinfo.svc.cluster.local"',
      }) +
      vs(`[${rule('v1')}]`),
    {},
    'v1',
  ],
  [
    13,
    'the wildcard takes the others',
    vs('[{route: [{destination: {host: ratings}}]}]', {name: 'w', hosts: '"*.bookinfo.svc.cluster.local"'}),
    {authority: 'details:9080'},
    'ratings',
  ],
  [14, 'two hosts', rules + vs(`[${rule('v1')}]`, {hosts: 'reviews, ratings'}), {authority: 'ratings'}, 'v1'],
  [15, 'a gateway only', rules + vs(`[${rule('v1')}]`, {more: 'gateways: [gw]'}), {}, any],
  [16, 'mesh and a gateway', rules + vs(`[${rule('v1')}]`, {more: 'gateways: [mesh, gw]'}), {}, 'v1'],
  [
    17,
    'a caller elsewhere',
    rules + vs(`[${rule('v1')}]`),
    {from: client, authority: 'reviews.bookinfo'},
    'v1',
  ],
  [
    18,
    'an unknown host on 80',
    vs('[{route: [{destination: {host: ratings, port: {number: 9080}}}]}]', {hosts: 'foo'}),
    {authority: 'foo.bookinfo.svc.cluster.local', port: 80},
    'ratings',
  ],
  [
    18,
    'an unknown host elsewhere',
    vs('[{route: [{destination: {host: ratings}}]}]', {hosts: 'foo'}),
    {authority: 'foo.bookinfo.svc.cluster.local', port: 8080},
    'passthrough',
  ],
  [19, 'jason', either(jason), as('jason'), 'v2'],
  [20, 'Jason', either(jason), as('Jason'), 'v1'],
  [21, 'nobody', either(jason), {}, 'v1'],
  [22, 'prefix', either('{headers: {end-user: {prefix: ja}}}'), as('jane'), 'v2'],
  [22, 'prefix', either('{headers: {end-user: {prefix: ja}}}'), as('bob'), 'v1'],
  [23, 'regex', either('{headers: {end-user: {regex: "ja.*"}}}'), as('jason'), 'v2'],
  [23, 'regex, whole value', either('{headers: {end-user: {regex: "ja.*"}}}'), as('xjason'), 'v1'],
  [24, 'regex, no part', either('{headers: {end-user: {regex: son}}}'), as('jason'), 'v1'],
  [25, 'present', either('{headers: {end-user: {}}}'), as(''), 'v2'],
  [25, 'absent', either('{headers: {end-user: {}}}'), {}, 'v1'],
  [27, 'withoutHeaders', forbid('{withoutHeaders: {end-user: {exact: jason}}}'), as('jason'), 'v1'],
  [27, 'withoutHeaders, other', forbid('{withoutHeaders: {end-user: {exact: jason}}}'), as('x'), 'abort 403'],
  [27, 'withoutHeaders, none', forbid('{withoutHeaders: {end-user: {exact: jason}}}'), {}, 'abort 403'],
  [28, 'withoutHeaders *, value', forbid('{withoutHeaders: {end-user: {regex: "*"}}}'), as('x'), 'v1'],
  [28, 'withoutHeaders *, empty', forbid('{withoutHeaders: {end-user: {regex: "*"}}}'), as(''), 'v1'],
  [28, 'withoutHeaders *, none', forbid('{withoutHeaders: {end-user: {regex: "*"}}}'), {}, 'abort 403'],
  [29, 'withoutHeaders .*, none', forbid('{withoutHeaders: {end-user: {regex: ".*"}}}'), {}, 'v1'],
  [30, 'AND', either('{headers: {end-user: {exact: jason}}, uri: {prefix: /x}}'), as('jason'), 'v1'],
  [31, 'OR', either(`${jason}, {headers: {end-user: {exact: tester}}}`), as('tester'), 'v2'],
  [32, 'exact without query', only('{uri: {exact: /reviews/0}}'), {path: '/reviews/0?x=1'}, 'v2'],
  [33, 'exact, slash', only('{uri: {exact: /reviews/0}}'), {path: '/reviews/0/'}, '404 NR'],
  [34, 'prefix of a word', only('{uri: {prefix: /reviews}}'), {path: '/reviews-x'}, 'v2'],
  [35, 'uri regex', only('{uri: {regex: "/reviews/\\\\d+"}}'), {}, 'v2'],
  [35, 'uri regex, whole path', only('{uri: {regex: "/reviews/\\\\d+"}}'), {path: '/reviews/0/x'}, '404 NR'],
  [36, 'ignoreUriCase', only('{uri: {exact: /Reviews/0}, ignoreUriCase: true}'), {}, 'v2'],
  [37, 'method', only('{method: {exact: GET}}'), {method: 'POST'}, '404 NR'],
  [38, 'query', either('{queryParams: {ver: {exact: "2"}}}'), {path: '/?ver=2'}, 'v2'],
  [38, 'query, other', either('{queryParams: {ver: {exact: "2"}}}'), {path: '/?ver=3'}, 'v1'],
  [38, 'query, none', either('{queryParams: {ver: {exact: "2"}}}'), {}, 'v1'],
  [39, 'empty query value', either('{queryParams: {debug: {exact: ""}}}'), {path: '/?debug'}, 'v2'],
  [40, 'authority has its port', either('{authority: {exact: reviews}}'), {}, 'v1'],
  [41, 'port', either('{port: 9080}'), {}, 'v2'],
  [42, 'another port', only('{port: 80}'), {}, any],
  [43, 'sourceLabels', either('{sourceLabels: {app: productpage}}'), {}, 'v2'],
  [
    43,
    'sourceLabels, other',
    either('{sourceLabels: {app: productpage}}'),
    {from: {...productpage, labels: {app: 'ratings'}}},
    'v1',
  ],
  [44, 'sourceLabels of nobody', only('{sourceLabels: {app: nobody}}'), {}, any],
  [45, 'sourceNamespace', either('{sourceNamespace: other}'), {}, 'v1'],
  [
    46,
    'match.gateways',
    rules + vs(`[${rule('v2', '{gateways: [gw]}')}, ${rule('v1')}]`, {more: 'gateways: [mesh, gw]'}),
    {},
    'v1',
  ],
  [47, 'after a catch-all', rules + vs(`[${rule('v1')}, ${rule('v2', jason)}]`), as('jason'), 'v1'],
  [
    48,
    'after prefix /',
    rules + vs(`[${rule('v1', '{uri: {prefix: /}}')}, ${rule('v2', jason)}]`),
    as('jason'),
    'v1',
  ],
  [
    49,
    'after regex .*',
    rules + vs(`[{match: [{uri: {regex: ".*"}}], ${abort(418)}, route: [${to('v1')}]}, ${rule('v2')}]`),
    {},
    'abort 418',
  ],
  [50, 'nothing matches', only(jason), {}, '404 NR'],
  [51, 'unknown subset', rules + vs(`[${rule('v9')}]`), {}, '503 NC'],
  [52, 'no DestinationRule', vs(`[${rule('v1')}]`), {}, '503 NC'],
  [
    53,
    'labels of no pod',
    `${rules.replace('{version: v1}', '{version: v8}')}${vs(`[${rule('v1')}]`)}`,
    {},
    '503 UH',
  ],
  [54, 'scaled to 0', {config: rules + vs(`[${rule('v2')}]`), without: ['reviews-v2']}, {}, '503 UH'],
  [55, 'misspelt host', vs('[{route: [{destination: {host: reviewz}}]}]'), {}, '503 NC'],
  [
    56,
    'subset without labels',
    rules.replace(', labels: {version: v1}', '') + vs(`[${rule('v1')}]`),
    {},
    any,
  ],
  [60, 'weight 0', rules + vs(`[{route: [${to('v1', 100)}, ${to('v2', 0)}]}]`), {}, 'v1'],
  [61, 'one destination of weight 0', rules + vs(`[{route: [${to('v1', 0)}]}]`), {}, 'v1'],
  [
    64,
    'the caller namespace has its own rule',
    `${rules}kind: DestinationRule\nmetadata: {name: own, namespace: other}\nspec: {host: ${fqdn}, subsets: [{name: v1, labels: {version: v1}}]}\n---\n${vs(`[${rule('v2')}]`)}`,
    {from: client, authority: 'reviews.bookinfo'},
    '503 NC',
  ],
  [
    65,
    'two rules of a host add up',
    `kind: DestinationRule\nmetadata: {name: a}\nspec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}\n---\nkind: DestinationRule\nmetadata: {name: b}\nspec: {host: reviews, subsets: [{name: v2, labels: {version: v2}}]}\n---\n${vs(`[${rule('v2')}]`)}`,
    {},
    'v2',
  ],
  [
    66,
    'an exact host hides the wildcard',
    `kind: DestinationRule\nmetadata: {name: w}\nspec: {host: "*.bookinfo.svc.cluster.local", subsets: [{name: v2, labels: {version: v2}}]}\n---\nkind: DestinationRule\nmetadata: {name: r}\nspec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}\n---\n${vs(`[${rule('v2')}]`)}`,
    {},
    '503 NC',
  ],
  [
    67,
    'a rule that is not exported',
    rules.replace('host: reviews', 'host: reviews\n  exportTo: ["."]') + vs(`[${rule('v1')}]`),
    {from: client, authority: 'reviews.bookinfo'},
    '503 NC',
  ],
  [
    90,
    'redirect',
    vs('[{match: [{uri: {exact: /foo}}], redirect: {uri: /new}}]'),
    {path: '/foo?key=v'},
    '301 http://reviews:9080/new?key=v',
  ],
  [
    91,
    'redirect with the request port',
    vs('[{redirect: {scheme: https, derivePort: FROM_REQUEST_PORT}}]', {hosts: 'foo.com'}),
    {authority: 'foo.com', path: '/foo', port: 80},
    '301 https://foo.com:80/foo',
  ],
  [95, 'directResponse', vs('[{directResponse: {status: 418, body: {string: hi}}}]'), {}, '418 hi'],
  [
    102,
    'a delegate that is missing',
    rules + vs(`[{match: [${jason}], delegate: {name: nope}}, ${rule('v1')}]`),
    as('jason'),
    'v1',
  ],
  [115, 'an unknown host', '', {authority: 'example.com', port: 80}, 'passthrough'],
  [
    115,
    'an unknown host, blocked',
    {meshConfig: {outboundTrafficPolicy: 'REGISTRY_ONLY'}},
    {authority: 'example.com', port: 80},
    '502',
  ],
  [
    116,
    'a ServiceEntry',
    {
      meshConfig: {outboundTrafficPolicy: 'REGISTRY_ONLY'},
      config:
        'kind: ServiceEntry\nmetadata: {name: e}\nspec: {hosts: [example.com], resolution: DNS, location: MESH_EXTERNAL, ports: [{number: 80, name: http, protocol: HTTP}]}',
    },
    {authority: 'example.com', port: 80},
    'example.com',
  ],
  [
    117,
    'a Sidecar that imports its own namespace',
    {
      meshConfig: {outboundTrafficPolicy: 'REGISTRY_ONLY'},
      config: 'kind: Sidecar\nmetadata: {name: s, namespace: other}\nspec: {egress: [{hosts: ["./*"]}]}',
    },
    {from: client, authority: 'reviews.bookinfo'},
    'reset',
  ],
  [
    129,
    'a port without a name',
    {config: rules + vs(`[${rule('v1')}]`), reviewsPort: {port: 9080}},
    {destinationIp: '10.96.0.4', authority: 'anything'},
    'v1',
  ],
];

describe('routing conformance', () => {
  it.each(cases)('#%i %s', (_number, _name, given, asked, expected) => {
    expect(answers(typeof given === 'string' ? {config: given} : given, asked)).toBe(expected);
  });

  it.each([
    [57, [90, 10], 'v2', 0.1],
    [58, [50, 50], 'v2', 0.5],
    [59, [1, 3], 'v2', 0.75],
  ] as const)('#%i weights %j', (_number, [first, second], subset, share) => {
    const config = rules + vs(`[{route: [${to('v1', first)}, ${to('v2', second)}]}]`);
    const seen = shares({config}, {}, 5000)[subset] ?? 0;
    expect(seen / 5000).toBeCloseTo(share, 1);
  });

  it('#26 refuses * as the regex of a header', () => {
    const [object] = objects(vs(`[${rule('v2', '{headers: {end-user: {regex: "*"}}}')}]`));
    const errors = validateConfig(object as IstioObject).errors.join(' ');
    expect(errors).toContain('missing argument to repetition operator: `*`');
  });

  it('#63 half of it to a missing subset', () => {
    const seen = shares({config: rules + vs(`[{route: [${to('v1', 50)}, ${to('v9', 50)}]}]`)});
    expect((seen['503 NC'] ?? 0) / 1000).toBeCloseTo(0.5, 1);
    expect(Object.keys(seen).sort()).toEqual(['503 NC', 'v1']);
  });

  it.each([
    [92, '{uri: {exact: /foo}}', '/new/path', '/foo?key=value', '/new/path?key=value'],
    [93, '{uri: {prefix: /a}}', '/b', '/a/x?q=1', '/b/x?q=1'],
    [93, '{uri: {prefix: /a}}', '/', '/a/b', '//b'],
  ])('#%i rewrites %s to %s', (_number, match, uri, path, expected) => {
    const config = rules + vs(`[{match: [${match}], rewrite: {uri: ${uri}}, route: [${to('v1')}]}]`);
    expect(decisionOf({config}, {path})).toMatchObject({kind: 'forward', path: expected});
  });

  it('#94 rewrites the authority', () => {
    const config = rules + vs(`[{rewrite: {authority: new-host}, route: [${to('v1')}]}]`);
    expect(decisionOf({config})).toMatchObject({authority: 'new-host'});
  });

  it('#97 lets the Host of the rule win over that of the destination', () => {
    const own = `{destination: {host: ${fqdn}, subset: v1}, headers: {request: {set: {Host: of-destination}}}}`;
    const set = (more: string) => rules + vs(`[{${more} route: [${own}]}]`);
    expect(decisionOf({config: set('')})).toMatchObject({authority: 'of-destination'});
    expect(decisionOf({config: set('headers: {request: {set: {Host: of-rule}}},')})).toMatchObject({
      authority: 'of-rule',
    });
  });

  it('#69 takes the subset policy over that of the rule', () => {
    const config = `${rules
      .replace(
        '{name: v1, labels: {version: v1}}',
        '{name: v1, labels: {version: v1}, trafficPolicy: {loadBalancer: {simple: RANDOM}}}',
      )
      .replace('  subsets:', '  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}\n  subsets:')}`;
    const algorithm = (subset: string) => {
      const decision = decisionOf({config: config + vs(`[${rule(subset)}]`)});
      return decision.kind === 'forward' ? decision.cluster.settings.loadBalancing.algorithm : decision.kind;
    };
    expect(algorithm('v1')).toBe('random');
    expect(algorithm('v2')).toBe('round-robin');
  });

  it('names the rule that matched', () => {
    expect(decisionOf({config: either(jason)}, as('jason'))).toMatchObject({
      origin: {
        virtualService: {kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews'},
        rule: 0,
        match: 0,
      },
      clusterName: `outbound|9080|v2|${fqdn}`,
    });
  });
});
