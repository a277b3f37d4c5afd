import {parseAllDocuments} from 'yaml';
import type {CauseCode} from '../../../runner/istio/causes/codes.ts';
import type {IstioObject} from '../../../runner/istio/types.ts';

/** A mistake as somebody else would write it, and the cause that is told first; none where it only looks wrong. */
export interface Variation {
  name: string;
  objects: readonly IstioObject[];
  /** The version of reviews that jason and the others should see. */
  wanted: readonly [jason: string, others: string];
  via?: 'gateway';
  cause?: CauseCode;
}

const versions = (names: readonly string[], host = 'reviews', more = '') =>
  `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: ${host.split('.')[0]}-versions}, spec: {host: ${host}, ${more} subsets: [${names
    .map(name => `{name: ${name}, labels: {version: ${name}}}`)
    .join(', ')}]}}`;
const all = versions(['v1', 'v2', 'v3']);
const vs = (name: string, spec: string, namespace = 'bookinfo') =>
  `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`;
const of = (kind: string, name: string, spec: string, namespace = 'bookinfo') =>
  `{apiVersion: ${/Policy|Peer/.test(kind) ? 'security' : 'networking'}.istio.io/v1, kind: ${kind}, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`;
const to = (subset: string, host = 'reviews') => `route: [{destination: {host: ${host}, subset: ${subset}}}]`;
const full = 'reviews.bookinfo.svc.cluster.local';
const door = (name: string, selector = 'istio: ingressgateway', namespace = 'bookinfo', hosts = "['*']") =>
  of(
    'Gateway',
    name,
    `{selector: {${selector}}, servers: [{port: {number: 80, name: web, protocol: HTTP}, hosts: ${hosts}}]}`,
    namespace,
  );
const toPage = (host = 'productpage') => `route: [{destination: {host: ${host}, port: {number: 9080}}}]`;

const written: readonly (readonly [
  name: string,
  yaml: readonly string[],
  wanted: readonly [string, string],
  cause?: CauseCode,
  via?: 'gateway',
])[] = [
  [
    'a rule of another name',
    [all, vs('everyone-black', `{hosts: [reviews], http: [{${to('v2')}}]}`)],
    ['v2', 'v2'],
  ],
  [
    'the full name in the namespace of the gateway',
    [all, vs('r', `{hosts: [${full}], http: [{${to('v3', full)}}]}`, 'istio-ingress')],
    ['v3', 'v3'],
  ],
  [
    'kept in the namespace of the gateway',
    [all, vs('r', `{hosts: [${full}], exportTo: ['.'], http: [{${to('v3', full)}}]}`, 'istio-ingress')],
    ['v3', 'v3'],
    'not-exported',
  ],
  [
    'a short name in the namespace of the gateway',
    [all, vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`, 'istio-ingress')],
    ['v2', 'v2'],
    'wrong-namespace',
  ],
  [
    'subsets in the root namespace',
    [
      of(
        'DestinationRule',
        'subsets',
        `{host: ${full}, subsets: [{name: v2, labels: {version: v2}}]}`,
        'istio-system',
      ),
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
    ],
    ['v2', 'v2'],
  ],
  [
    'subsets in a namespace that has no say',
    [
      of(
        'DestinationRule',
        'subsets',
        `{host: ${full}, subsets: [{name: v2, labels: {version: v2}}]}`,
        'istio-ingress',
      ),
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
    ],
    ['v2', 'v2'],
    'wrong-namespace',
  ],
  [
    'subsets of two objects',
    [
      versions(['v1']),
      of('DestinationRule', 'more', '{host: reviews, subsets: [{name: v3, labels: {version: v3}}]}'),
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{headers: {end-user: {prefix: ja}}}], ${to('v3')}}, {${to('v1')}}]}`,
      ),
    ],
    ['v3', 'v1'],
  ],
  [
    'a subset with a capital',
    [
      versions(['v1', 'v2']).replaceAll('name: v2,', 'name: black,'),
      vs('r', `{hosts: [reviews], http: [{${to('Black')}}]}`),
    ],
    ['v2', 'v2'],
    'subset-missing',
  ],
  [
    'a label that is written otherwise',
    [all.replace('version: v3', 'versions: v3'), vs('r', `{hosts: [reviews], http: [{${to('v3')}}]}`)],
    ['v3', 'v3'],
    'subset-selects-no-pod',
  ],
  [
    'john in capitals',
    [
      all,
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{headers: {end-user: {exact: JASON}}}], ${to('v2')}}, {${to('v1')}}]}`,
      ),
    ],
    ['v2', 'v1'],
    'header-value',
  ],
  [
    'a header with an underscore',
    [
      all,
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{headers: {end_user: {exact: jason}}}], ${to('v2')}}, {${to('v1')}}]}`,
      ),
    ],
    ['v2', 'v1'],
    'header-name',
  ],
  [
    'three entries of which one takes all',
    [
      all,
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{headers: {end-user: {exact: jason}}}, {method: {exact: GET}}, {port: 9080}], ${to('v2')}}, {${to('v1')}}]}`,
      ),
    ],
    ['v2', 'v1'],
    'match-means-or',
  ],
  [
    'a regex with an end',
    [
      all,
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{headers: {end-user: {regex: 'son$'}}}], ${to('v2')}}, {${to('v1')}}]}`,
      ),
    ],
    ['v2', 'v1'],
    'regex-whole-value',
  ],
  [
    'a star behind an exact name',
    [
      all,
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{headers: {end-user: {exact: 'j*n'}}}, {headers: {end-user: {exact: 'ja*'}}}], ${to('v2')}}, {${to('v1')}}]}`,
      ),
    ],
    ['v2', 'v1'],
    'star-taken-literally',
  ],
  [
    'an authority among the headers',
    [
      all,
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{headers: {authority: {prefix: reviews}}}], ${to('v2')}}, {${to('v1')}}]}`,
      ),
    ],
    ['v2', 'v2'],
    'condition-misplaced',
  ],
  [
    'a rule for port 8080',
    [
      all,
      vs(
        'r',
        `{hosts: [reviews], http: [{match: [{port: 8080}], ${to('v2')}}, {match: [{port: 9080}], ${to('v1')}}]}`,
      ),
    ],
    ['v1', 'v1'],
  ],
  [
    'a rule for the ratings alone',
    [all, vs('r', `{hosts: [reviews], http: [{match: [{sourceLabels: {app: ratings}}], ${to('v2')}}]}`)],
    ['v2', 'v2'],
    'rule-for-other-caller',
  ],
  [
    'two rules of which the younger has jason',
    [
      all,
      vs('a', `{hosts: [reviews], http: [{${to('v1')}}]}`),
      vs('b', `{hosts: [${full}], http: [{match: [{headers: {end-user: {exact: jason}}}], ${to('v2')}}]}`),
    ],
    ['v2', 'v1'],
    'older-virtual-service-wins',
  ],
  [
    'plain text for one subset alone',
    [
      all.replace('labels: {version: v2}', 'labels: {version: v2}, trafficPolicy: {tls: {mode: DISABLE}}'),
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      of('PeerAuthentication', 'reviews', '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}}'),
    ],
    ['v2', 'v2'],
    'mutual-tls-switched-off',
  ],
  [
    'STRICT for the mesh',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      of('PeerAuthentication', 'default', '{mtls: {mode: STRICT}}', 'istio-system'),
    ],
    ['v2', 'v2'],
  ],
  [
    'ratings that nobody may ask',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v3')}}]}`),
      of('AuthorizationPolicy', 'ratings-nobody', '{selector: {matchLabels: {app: ratings}}}'),
    ],
    ['v3', 'v3'],
    'policy-allows-nobody',
  ],
  [
    'a policy for another path',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v1')}}]}`),
      of(
        'AuthorizationPolicy',
        'paths',
        "{selector: {matchLabels: {app: reviews}}, rules: [{to: [{operation: {paths: ['/review/*']}}]}]}",
      ),
    ],
    ['v1', 'v1'],
    'policy-allows-others',
  ],
  [
    'a Sidecar for the page alone',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      of(
        'Sidecar',
        'page',
        "{workloadSelector: {labels: {app: productpage}}, egress: [{hosts: ['default/*']}]}",
      ),
    ],
    ['v2', 'v2'],
    'sidecar-hides-host',
  ],
  [
    'a fault of ratings for jason',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      vs(
        't',
        '{hosts: [ratings], http: [{match: [{headers: {end-user: {exact: jason}}}], fault: {abort: {httpStatus: 418, percentage: {value: 100}}}, route: [{destination: {host: ratings}}]}, {route: [{destination: {host: ratings}}]}]}',
      ),
    ],
    ['v2', 'v2'],
    'fault-injected',
  ],
  [
    'a door of another name and namespace',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      door('edge', 'istio: ingressgateway', 'istio-ingress'),
      vs('page', `{hosts: ['*'], gateways: [istio-ingress/edge], http: [{${toPage()}}]}`),
    ],
    ['v2', 'v2'],
    undefined,
    'gateway',
  ],
  [
    'a door that is named without its namespace',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      door('edge', 'istio: ingressgateway', 'istio-ingress'),
      vs('page', `{hosts: ['*'], gateways: [edge], http: [{${toPage()}}]}`),
    ],
    ['v2', 'v2'],
    'gateway-not-matching',
    'gateway',
  ],
  [
    'a door for one host',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      door('front', 'istio: ingressgateway', 'bookinfo', '[books.example.com]'),
      vs('page', `{hosts: ['*'], gateways: [front], http: [{${toPage()}}]}`),
    ],
    ['v2', 'v2'],
    'gateway-not-matching',
    'gateway',
  ],
  [
    'a page that leads to the details',
    [
      all,
      vs('r', `{hosts: [reviews], http: [{${to('v2')}}]}`),
      door('front'),
      vs('page', `{hosts: ['*'], gateways: [front], http: [{${toPage('details')}}]}`),
    ],
    ['v2', 'v2'],
    'wrong-destination',
    'gateway',
  ],
];

export const variations: readonly Variation[] = written.map(([name, yaml, wanted, cause, via]) => ({
  name,
  objects: yaml.map(text => {
    const object = parseAllDocuments(text)[0]?.toJS() as IstioObject;
    return {...object, metadata: {namespace: 'bookinfo', ...object.metadata}};
  }),
  wanted,
  ...(cause ? {cause} : {}),
  ...(via ? {via} : {}),
}));
