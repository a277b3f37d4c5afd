import {describe, expect, it} from 'vitest';
import {bookinfoWith} from '../../testing/reported-cases.ts';
import type {IstioObject} from '../types.ts';
import {type CauseCode, causeCodes} from './codes.ts';
import {explainPages} from './explain-pages.ts';
import type {Wanted, WantedPage} from './page-rightness.ts';

type Versions = Readonly<Record<string, string | Readonly<Record<string, number>>>>;

interface Mistake {
  /** What somebody wrote. */
  yaml: string;
  /** By visitor the version that was wanted; `{}` is a whole page of any. @default v2 for all */
  wanted?: Versions;
  via?: 'productpage' | 'gateway';
  /** The cause, and its object. */
  cause: [code: CauseCode, object: string];
  /** What of the cluster is another one, as the API returns it. */
  pods?: (pods: IstioObject[]) => IstioObject[];
  deployments?: (deployments: IstioObject[]) => IstioObject[];
  /** Labels of the namespace of the labs. */
  labels?: Record<string, string>;
  without?: readonly (readonly [kind: string, name: string])[];
  calls?: readonly Wanted[];
  registryOnly?: boolean;
}

const all = (version: string): Versions => ({anonymous: version, jason: version, john: version});
const jason = (version: string, others: string): Versions => ({...all(others), jason: version});
const whole: Versions = {anonymous: {}, jason: {}, john: {}};

const rule = (http: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec: {hosts: [reviews], http: [${http}]${more}}
---
`;
const to = (subset: string, more = '') =>
  `{route: [{destination: {host: reviews, subset: ${subset}}}]${more}}`;
const forWhom = (match: string, subset: string) =>
  `{match: [${match}], route: [{destination: {host: reviews, subset: ${subset}}}]}`;
const subsets = `
apiVersion: networking.istio.io/v1
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
const other = (kind: string, name: string, spec: string, namespace?: string) => `
apiVersion: ${/Policy|Authentication/.test(kind) ? 'security' : 'networking'}.istio.io/v1
kind: ${kind}
metadata: {name: ${name}${namespace ? `, namespace: ${namespace}` : ''}}
spec: ${spec}
---
`;
const v2 = subsets + rule(to('v2'));
const reviews = 'VirtualService bookinfo/reviews';
const gateway = other(
  'Gateway',
  'front',
  "{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}",
);
const entry = (spec: string) => other('VirtualService', 'page', spec);
const toPage = 'route: [{destination: {host: productpage, port: {number: 9080}}}]';

const bare = (app: string) => (pods: IstioObject[]) =>
  pods.map(pod => {
    if (pod.metadata.labels?.['app'] !== app) return pod;
    const {'security.istio.io/tlsMode': _, ...labels} = pod.metadata.labels;
    return {...pod, metadata: {...pod.metadata, labels}};
  });

/** A pod that waits for something, in place of those of a workload. */
const waiting = (workload: string, status: object) => (pods: IstioObject[]) =>
  pods.map(pod => (pod.metadata.name.startsWith(`${workload}-`) ? {...pod, status} : pod));

/** Every mistake that has a cause, at least once; the first cause is the one that is meant. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'no VirtualService': {yaml: subsets, cause: ['virtual-service-missing', reviews]},
  'no DestinationRule': {
    yaml: rule(to('v2')),
    cause: ['destination-rule-missing', 'DestinationRule bookinfo/reviews'],
  },
  'a subset that nobody names': {
    yaml: subsets + rule(to('v22')),
    cause: ['subset-missing', reviews],
  },
  'labels that no pod has': {
    yaml: subsets.replace('labels: {version: v2}', 'labels: {version: v22}') + rule(to('v2')),
    cause: ['subset-selects-no-pod', 'DestinationRule bookinfo/reviews'],
  },
  'a subset without labels': {
    yaml: subsets.replace('{name: v2, labels: {version: v2}}', '{name: v2}') + rule(to('v2')),
    cause: ['subset-without-labels', 'DestinationRule bookinfo/reviews'],
  },
  'labels of other pods': {
    yaml:
      subsets.replace('{name: v2, labels: {version: v2}}', '{name: v2, labels: {version: v3}}') +
      rule(to('v2')),
    cause: ['subset-selects-other-pods', 'DestinationRule bookinfo/reviews'],
  },
  'another version': {yaml: subsets + rule(to('v3')), cause: ['wrong-destination', reviews]},
  'other shares': {
    yaml:
      subsets +
      rule(
        '{route: [{destination: {host: reviews, subset: v1}, weight: 50}, {destination: {host: reviews, subset: v2}, weight: 50}]}',
      ),
    wanted: {anonymous: {v1: 0.9, v2: 0.1}},
    cause: ['weights', reviews],
  },
  'a rule for all in front': {
    yaml: subsets + rule(`${to('v3')}, ${forWhom('{headers: {end-user: {exact: jason}}}', 'v2')}`),
    wanted: jason('v2', 'v3'),
    cause: ['rule-order', reviews],
  },
  'no rule for the rest': {
    yaml: subsets + rule(forWhom('{headers: {end-user: {exact: jason}}}', 'v2')),
    cause: ['no-rule-matches', reviews],
  },
  'an older rule for the same host': {
    yaml:
      subsets + other('VirtualService', 'older', `{hosts: [reviews], http: [${to('v1')}]}`) + rule(to('v2')),
    cause: ['older-virtual-service-wins', 'VirtualService bookinfo/older'],
  },
  'a capital in the value': {
    yaml: subsets + rule(`${forWhom('{headers: {end-user: {exact: Jason}}}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
    cause: ['header-value', reviews],
  },
  'another header': {
    yaml: subsets + rule(`${forWhom('{headers: {user: {exact: jason}}}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
    cause: ['header-name', reviews],
  },
  'a star in a prefix of a header': {
    yaml: subsets + rule(`${forWhom('{headers: {end-user: {prefix: "jas*"}}}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
    cause: ['star-taken-literally', reviews],
  },
  'a star in an exact path': {
    yaml: subsets + rule(`${forWhom('{uri: {exact: "/reviews/*"}}', 'v2')}, ${to('v3')}`),
    cause: ['star-taken-literally', reviews],
  },
  'a star in a prefix of a path at the gateway': {
    yaml:
      gateway +
      entry(
        `{hosts: ['*'], gateways: [front], http: [{match: [{uri: {prefix: '/static/*'}}, {uri: {prefix: '/product*'}}], ${toPage}}]}`,
      ),
    wanted: whole,
    via: 'gateway',
    cause: ['star-taken-literally', 'VirtualService bookinfo/page'],
  },
  'a path among the headers': {
    yaml: subsets + rule(`${forWhom('{headers: {uri: {prefix: /reviews}}}', 'v2')}, ${to('v3')}`),
    cause: ['condition-misplaced', reviews],
  },
  'a method among the headers': {
    yaml: subsets + rule(`${forWhom('{headers: {method: {exact: GET}}}', 'v2')}, ${to('v3')}`),
    cause: ['condition-misplaced', reviews],
  },
  'a header among the query': {
    yaml: subsets + rule(`${forWhom('{queryParams: {end-user: {exact: jason}}}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
    cause: ['condition-misplaced', reviews],
  },
  'an entry of match that has a name alone': {
    yaml: subsets + rule(`${forWhom('{name: jason}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
    cause: ['condition-misplaced', reviews],
  },
  'entries of match that were meant together': {
    yaml:
      subsets +
      rule(
        `${forWhom('{headers: {end-user: {exact: jason}}}, {uri: {prefix: /reviews}}', 'v2')}, ${to('v3')}`,
      ),
    wanted: jason('v2', 'v3'),
    cause: ['match-means-or', reviews],
  },
  'a regex for a part of the value': {
    yaml: subsets + rule(`${forWhom('{headers: {end-user: {regex: jas}}}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
    cause: ['regex-whole-value', reviews],
  },
  'another port': {
    yaml: subsets + rule(`${forWhom('{port: 80}', 'v2')}`),
    cause: ['rule-for-other-port', reviews],
  },
  'another caller': {
    yaml: subsets + rule(`${forWhom('{sourceLabels: {app: frontend}}', 'v2')}`),
    cause: ['rule-for-other-caller', reviews],
  },
  'another namespace of the caller': {
    yaml: subsets + rule(`${forWhom('{sourceNamespace: default}', 'v2')}`),
    cause: ['rule-for-other-caller', reviews],
  },
  'the rule of the caller': {
    yaml: subsets + other('VirtualService', 'page', `{hosts: [productpage], http: [${to('v2')}]}`),
    cause: ['host-of-the-caller', 'VirtualService bookinfo/page'],
  },
  'a letter off in the host': {
    yaml: subsets + other('VirtualService', 'reviews', `{hosts: [review], http: [${to('v2')}]}`),
    cause: ['host-misspelt', reviews],
  },
  'half a name': {
    yaml: subsets + other('VirtualService', 'reviews', `{hosts: [reviews.bookinfo], http: [${to('v2')}]}`),
    cause: ['host-misspelt', reviews],
  },
  'half a name in the destination': {
    yaml: subsets + rule('{route: [{destination: {host: reviews.bookinfo, subset: v2}}]}'),
    cause: ['host-misspelt', reviews],
  },
  'a short name in another namespace': {
    yaml: subsets + other('VirtualService', 'reviews', `{hosts: [reviews], http: [${to('v2')}]}`, 'default'),
    cause: ['wrong-namespace', 'VirtualService default/reviews'],
  },
  'kept to its own namespace': {
    yaml:
      subsets +
      other(
        'VirtualService',
        'reviews',
        `{hosts: [reviews.bookinfo.svc.cluster.local], exportTo: ['.'], http: [{route: [{destination: {host: reviews.bookinfo.svc.cluster.local, subset: v2}}]}]}`,
        'default',
      ),
    cause: ['not-exported', 'VirtualService default/reviews'],
  },
  'bound to a gateway alone': {
    yaml: gateway + subsets + rule(to('v2'), ', gateways: [front]'),
    cause: ['gateway-not-matching', reviews],
  },
  'an unknown gateway': {
    yaml: gateway + entry(`{hosts: ['*'], gateways: [frontt], http: [{${toPage}}]}`),
    wanted: whole,
    via: 'gateway',
    cause: ['gateway-not-matching', 'VirtualService bookinfo/page'],
  },
  'a gateway of another namespace': {
    yaml:
      other(
        'Gateway',
        'front',
        "{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}",
        'istio-ingress',
      ) + entry(`{hosts: ['*'], gateways: [front], http: [{${toPage}}]}`),
    wanted: whole,
    via: 'gateway',
    cause: ['gateway-not-matching', 'VirtualService bookinfo/page'],
  },
  'a gateway that selects no pod': {
    yaml:
      gateway.replace('ingressgateway', 'ingress') +
      entry(`{hosts: ['*'], gateways: [front], http: [{${toPage}}]}`),
    wanted: whole,
    via: 'gateway',
    cause: ['gateway-not-matching', 'Gateway bookinfo/front'],
  },
  'a host that the gateway does not serve': {
    yaml: gateway + entry(`{hosts: [shop.example.com], gateways: [front], http: [{${toPage}}]}`),
    wanted: whole,
    via: 'gateway',
    cause: ['gateway-not-matching', 'VirtualService bookinfo/page'],
  },
  'a page that leads to another program': {
    yaml:
      gateway + entry(`{hosts: ['*'], gateways: [front], http: [{route: [{destination: {host: details}}]}]}`),
    wanted: whole,
    via: 'gateway',
    cause: ['wrong-destination', 'VirtualService bookinfo/page'],
  },
  'no rule for the style sheet': {
    yaml:
      gateway +
      entry(`{hosts: ['*'], gateways: [front], http: [{match: [{uri: {exact: /productpage}}], ${toPage}}]}`),
    wanted: whole,
    via: 'gateway',
    cause: ['static-files-not-routed', 'VirtualService bookinfo/page'],
  },
  'a port that is not HTTP': {
    yaml: `${v2}
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: tcp-web, port: 9080, targetPort: 9080}]}
`,
    cause: ['port-not-http', 'Service bookinfo/reviews'],
  },
  'no Service': {
    yaml: v2,
    without: [['service', 'reviews']],
    wanted: whole,
    cause: ['service-missing', 'Service bookinfo/reviews'],
  },
  'a Service at another port': {
    yaml: `
apiVersion: v1
kind: Service
metadata: {name: details}
spec: {selector: {app: details}, ports: [{name: http, port: 80, targetPort: 9080}]}
`,
    wanted: whole,
    cause: ['port-missing', 'Service bookinfo/details'],
  },
  'a Service that selects no pod': {
    yaml: `
apiVersion: v1
kind: Service
metadata: {name: details}
spec: {selector: {app: detail}, ports: [{name: http, port: 9080, targetPort: 9080}]}
`,
    wanted: whole,
    cause: ['service-without-endpoints', 'Service bookinfo/details'],
  },
  'a Service of reviews that selects no pod of any version': {
    yaml: `${v2}
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: review}, ports: [{name: http, port: 9080, targetPort: 9080}]}
`,
    cause: ['service-without-endpoints', 'Service bookinfo/reviews'],
  },
  'a Sidecar that hides the host': {
    yaml: v2 + other('Sidecar', 'default', "{egress: [{hosts: ['istio-system/*']}]}"),
    cause: ['sidecar-hides-host', 'Sidecar bookinfo/default'],
  },
  'a host that is not in the registry': {
    yaml: '',
    wanted: {},
    registryOnly: true,
    calls: [
      {
        visitor: 'productpage',
        from: {namespace: 'bookinfo', workload: 'productpage-v1'},
        call: {host: 'www.example.org', port: 80, path: '/', headers: {}},
        statuses: [200],
      },
    ],
    cause: ['host-not-in-registry', 'ConfigMap istio-system/istio'],
  },
  'an abort for everybody': {
    yaml:
      v2 +
      other(
        'VirtualService',
        'ratings',
        '{hosts: [ratings], http: [{fault: {abort: {httpStatus: 500, percentage: {value: 100}}}, route: [{destination: {host: ratings}}]}]}',
      ),
    cause: ['fault-injected', 'VirtualService bookinfo/ratings'],
  },
  'an abort for one visitor': {
    yaml:
      subsets +
      rule(
        `{match: [{headers: {end-user: {exact: jason}}}], fault: {abort: {httpStatus: 503, percentage: {value: 100}}}, route: [{destination: {host: reviews, subset: v2}}]}, ${to('v2')}`,
      ),
    cause: ['fault-injected', reviews],
  },
  'a delay that the page does not wait for': {
    yaml: subsets + rule(to('v2', ', fault: {delay: {fixedDelay: 5s, percentage: {value: 100}}}')),
    cause: ['delay-too-long', reviews],
  },
  'a timeout that is shorter than the work': {
    yaml:
      subsets +
      rule(to('v2', ', timeout: 0.5s')) +
      other(
        'VirtualService',
        'ratings',
        '{hosts: [ratings], http: [{fault: {delay: {fixedDelay: 2s, percentage: {value: 100}}}, route: [{destination: {host: ratings}}]}]}',
      ),
    cause: ['timeout-too-short', reviews],
  },
  'retries that add up to more than the caller waits': {
    yaml:
      subsets +
      rule(to('v2', ', retries: {attempts: 3, perTryTimeout: 1s, retryOn: 5xx}')) +
      other(
        'VirtualService',
        'ratings',
        '{hosts: [ratings], http: [{fault: {delay: {fixedDelay: 2s, percentage: {value: 100}}}, route: [{destination: {host: ratings}}]}]}',
      ),
    cause: ['retries-multiply', reviews],
  },
  'plain text to STRICT': {
    yaml:
      v2.replace('host: reviews\n', 'host: reviews\n  trafficPolicy: {tls: {mode: DISABLE}}\n') +
      other('PeerAuthentication', 'default', '{mtls: {mode: STRICT}}'),
    cause: ['mutual-tls-switched-off', 'DestinationRule bookinfo/reviews'],
  },
  'mutual TLS to DISABLE': {
    yaml:
      v2.replace('host: reviews\n', 'host: reviews\n  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}\n') +
      other('PeerAuthentication', 'default', '{mtls: {mode: DISABLE}}'),
    cause: ['mutual-tls-refused', 'DestinationRule bookinfo/reviews'],
  },
  'mutual TLS refused at one port': {
    yaml:
      v2.replace('host: reviews\n', 'host: reviews\n  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}\n') +
      other(
        'PeerAuthentication',
        'reviews',
        '{selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}, portLevelMtls: {9080: {mode: DISABLE}}}',
      ),
    cause: ['mutual-tls-refused', 'DestinationRule bookinfo/reviews'],
  },
  'mutual TLS to a pod without a sidecar': {
    yaml: v2.replace('host: reviews\n', 'host: reviews\n  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}\n'),
    pods: bare('reviews'),
    cause: ['mutual-tls-without-sidecar', 'DestinationRule bookinfo/reviews'],
  },
  'STRICT for a caller without a sidecar': {
    yaml: other('PeerAuthentication', 'default', '{mtls: {mode: STRICT}}'),
    wanted: whole,
    pods: bare('productpage'),
    cause: ['pods-older-than-label', 'Pod bookinfo/productpage-v1-5d8f7c9b6d-abcde'],
  },
  'STRICT by intent, and a caller that never has a sidecar': {
    yaml: other('PeerAuthentication', 'default', '{mtls: {mode: STRICT}}'),
    wanted: {},
    calls: [
      {
        visitor: 'client',
        from: {namespace: 'outside', workload: 'client'},
        call: {host: 'details.bookinfo', port: 9080, path: '/details/0', headers: {}},
        statuses: [200],
      },
    ],
    pods: pods => [...pods, clientPod],
    cause: ['mutual-tls-strict', 'PeerAuthentication bookinfo/default'],
  },
  'a policy that denies': {
    yaml: other(
      'AuthorizationPolicy',
      'deny',
      '{action: DENY, selector: {matchLabels: {app: reviews}}, rules: [{to: [{operation: {methods: [GET]}}]}]}',
    ),
    wanted: whole,
    cause: ['policy-denies', 'AuthorizationPolicy bookinfo/deny'],
  },
  'a policy that allows nobody': {
    yaml: other('AuthorizationPolicy', 'nothing', '{}'),
    wanted: whole,
    cause: ['policy-allows-nobody', 'AuthorizationPolicy bookinfo/nothing'],
  },
  'a policy that allows somebody else': {
    yaml: other(
      'AuthorizationPolicy',
      'reviews',
      "{selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: ['cluster.local/ns/bookinfo/sa/bookinfo-ratings']}}]}]}",
    ),
    wanted: whole,
    cause: ['policy-allows-others', 'AuthorizationPolicy bookinfo/reviews'],
  },
  'a principal of another namespace': {
    yaml: other(
      'AuthorizationPolicy',
      'reviews',
      "{selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: ['cluster.local/ns/default/sa/bookinfo-productpage']}}]}]}",
    ),
    wanted: whole,
    cause: ['policy-principal', 'AuthorizationPolicy bookinfo/reviews'],
  },
  'a namespace that is misspelt in a policy': {
    yaml: other(
      'AuthorizationPolicy',
      'reviews',
      '{selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {namespaces: [bookinfoo]}}]}]}',
    ),
    wanted: whole,
    cause: ['policy-principal', 'AuthorizationPolicy bookinfo/reviews'],
  },
  'a rule about HTTP at a TCP port': {
    yaml: `
apiVersion: v1
kind: Service
metadata: {name: details}
spec: {selector: {app: details}, ports: [{name: tcp, port: 9080, targetPort: 9080}]}
---
${other('AuthorizationPolicy', 'details', '{selector: {matchLabels: {app: details}}, rules: [{to: [{operation: {methods: [GET]}}]}]}')}`,
    wanted: whole,
    cause: ['policy-http-on-tcp', 'AuthorizationPolicy bookinfo/details'],
  },
  'a namespace without the label': {
    yaml: v2,
    pods: bare('productpage'),
    labels: {},
    cause: ['namespace-not-labelled', 'Namespace bookinfo'],
  },
  'a revision that nobody serves': {
    yaml: v2,
    pods: bare('productpage'),
    labels: {'istio.io/rev': '1-20'},
    cause: ['revision-unknown', 'Namespace bookinfo'],
  },
  'both labels for injection': {
    yaml: v2,
    pods: bare('productpage'),
    labels: {'istio.io/rev': 'default', 'istio-injection': 'disabled'},
    cause: ['injection-labels-conflict', 'Namespace bookinfo'],
  },
  'pods that are exempt from injection': {
    yaml: v2,
    pods: pods =>
      bare('productpage')(pods).map(pod =>
        pod.metadata.labels?.['app'] === 'productpage'
          ? {
              ...pod,
              metadata: {
                ...pod.metadata,
                labels: {...pod.metadata.labels, 'sidecar.istio.io/inject': 'false'},
              },
            }
          : pod,
      ),
    cause: ['caller-without-sidecar', 'Deployment bookinfo/productpage-v1'],
  },
  'ratings that fail by themselves': {
    yaml: v2 + deploymentOf('ratings', 'docker.io/istio/examples-bookinfo-ratings-v-faulty:1.20.3'),
    cause: ['program-faulty', 'Deployment bookinfo/ratings-v1'],
  },
  'ratings that are late by themselves': {
    yaml:
      subsets +
      rule(to('v3')) +
      deploymentOf('ratings', 'docker.io/istio/examples-bookinfo-ratings-v1:1.20.3', 'v-delayed'),
    wanted: all('v3'),
    cause: ['program-faulty', 'Deployment bookinfo/ratings-v1'],
  },
  'a workload that was told to have no pod': {
    yaml: `${v2}
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2}
spec:
  replicas: 0
  template: {metadata: {labels: {app: reviews, version: v2}}, spec: {containers: []}}
`,
    cause: ['scaled-to-zero', 'Deployment bookinfo/reviews-v2'],
  },
  'a webhook that nobody answers': {
    yaml: v2,
    pods: pods => pods.filter(({metadata}) => !metadata.name.startsWith('reviews-v2-')),
    deployments: all =>
      all.map(deployment =>
        deployment.metadata.name === 'reviews-v2'
          ? {
              ...deployment,
              status: {
                conditions: [
                  {
                    type: 'ReplicaFailure',
                    status: 'True',
                    message:
                      'failed calling webhook "namespace.sidecar-injector.istio.io": service "istiod" not found',
                  },
                ],
              },
            }
          : deployment,
      ),
    cause: ['webhook-without-istiod', 'MutatingWebhookConfiguration istio-sidecar-injector'],
  },
  'a label of the Deployment in place of its pods': {
    yaml: `${v2}
apiVersion: apps/v1
kind: Deployment
metadata: {name: productpage-v1, labels: {sidecar.istio.io/inject: 'true'}}
spec:
  template:
    metadata: {labels: {app: productpage, version: v1}}
    spec: {serviceAccountName: bookinfo-productpage, containers: []}
`,
    pods: bare('productpage'),
    labels: {},
    cause: ['label-not-on-pods', 'Deployment bookinfo/productpage-v1'],
  },
  'an image that is not there': {
    yaml: v2,
    pods: waiting('reviews-v2', {
      phase: 'Pending',
      containerStatuses: [{name: 'reviews', state: {waiting: {reason: 'ImagePullBackOff'}}}],
    }),
    cause: ['image-not-there', 'Deployment bookinfo/reviews-v2'],
  },
  'an image called auto': {
    yaml: v2,
    pods: pods =>
      waiting('reviews-v2', {
        phase: 'Pending',
        containerStatuses: [{name: 'reviews', state: {waiting: {reason: 'ImagePullBackOff'}}}],
      })(pods).map(pod =>
        pod.metadata.name.startsWith('reviews-v2-')
          ? {...pod, spec: {containers: [{name: 'reviews', image: 'auto'}]}}
          : pod,
      ),
    cause: ['image-auto', 'Pod bookinfo/reviews-v2-5d8f7c9b6d-abcde'],
  },
  'a container that crashes': {
    yaml: v2,
    pods: waiting('reviews-v2', {
      phase: 'Running',
      containerStatuses: [{name: 'reviews', state: {waiting: {reason: 'CrashLoopBackOff'}}}],
    }),
    cause: ['container-crashes', 'Pod bookinfo/reviews-v2-5d8f7c9b6d-abcde'],
  },
  'a node without room': {
    yaml: v2,
    pods: waiting('reviews-v2', {
      phase: 'Pending',
      conditions: [
        {type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient memory.'},
      ],
    }),
    cause: ['node-too-small', 'Deployment bookinfo/reviews-v2'],
  },
  'a pod that is not ready': {
    yaml: v2,
    pods: waiting('reviews-v2', {phase: 'Running', conditions: [{type: 'Ready', status: 'False'}]}),
    cause: ['pods-not-ready', 'Pod bookinfo/reviews-v2-5d8f7c9b6d-abcde'],
  },
  'no istiod': {
    yaml: v2,
    pods: pods => pods.filter(({metadata}) => !metadata.name.startsWith('istiod')),
    cause: ['istiod-not-ready', 'Deployment istio-system/istiod'],
  },
};

const clientPod: IstioObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'client', namespace: 'outside', labels: {app: 'client'}},
  status: {phase: 'Running', podIP: '10.0.9.9', conditions: [{type: 'Ready', status: 'True'}]},
};

function deploymentOf(app: string, image: string, version?: string): string {
  const env = version ? `, env: [{name: SERVICE_VERSION, value: ${version}}]` : '';
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}-v1}
spec:
  template:
    metadata: {labels: {app: ${app}, version: v1}}
    spec: {serviceAccountName: bookinfo-${app}, containers: [{name: ${app}, image: '${image}'${env}}]}
---
`;
}

function explained({
  yaml,
  wanted = all('v2'),
  via = 'productpage',
  pods = own => own,
  deployments: changed = own => own,
  labels,
  without = [],
  calls = [],
  registryOnly,
}: Omit<Mistake, 'cause'>) {
  const mesh = bookinfoWith(yaml);
  for (const [kind, name] of without) mesh.delete(kind, name, 'bookinfo');
  const all = pods([...mesh.pods()]);
  const made = mesh.snapshot(() => all);
  const snapshot = {
    ...made,
    ...(labels ? {namespaces: [{name: 'bookinfo', labels}]} : {}),
    ...(registryOnly
      ? {meshConfig: {...made.meshConfig, outboundTrafficPolicy: 'REGISTRY_ONLY' as const}}
      : {}),
  };
  const pages: readonly WantedPage[] = Object.entries(wanted).map(([visitor, expected]) => ({
    visitor,
    via,
    ...(visitor === 'anonymous' ? {} : {signedInAs: visitor}),
    expected: typeof expected === 'string' ? {[expected]: 1} : expected,
  }));
  const deployments = changed(mesh.items().filter(({kind}) => kind === 'Deployment'));
  return explainPages({snapshot, pods: all, deployments, wanted: [...pages, ...calls]});
}

/** What looks wrong and works: nothing is blamed. */
const controls: Readonly<Record<string, Omit<Mistake, 'cause'>>> = {
  'everything to v2': {yaml: v2},
  'a header in capitals': {
    yaml: subsets + rule(`${forWhom('{headers: {End-User: {exact: jason}}}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
  },
  'an unknown gateway beside mesh': {yaml: subsets + rule(to('v2'), ', gateways: [nowhere, mesh]')},
  'a regex for the whole value': {
    yaml: subsets + rule(`${forWhom('{headers: {end-user: {regex: "jas.*"}}}', 'v2')}, ${to('v3')}`),
    wanted: jason('v2', 'v3'),
  },
  'entries of match that mean or': {
    yaml:
      subsets +
      rule(
        `${forWhom('{headers: {end-user: {exact: jason}}}, {headers: {end-user: {exact: john}}}', 'v2')}, ${to('v3')}`,
      ),
    wanted: {anonymous: 'v3', jason: 'v2', john: 'v2'},
  },
  'a fault without a percentage': {
    yaml: subsets + rule(to('v2', ', fault: {abort: {httpStatus: 500, percentage: {value: 0}}}')),
  },
  'a delay that everybody waits for': {
    yaml: subsets + rule(to('v2', ', fault: {delay: {fixedDelay: 1s, percentage: {value: 100}}}')),
  },
  'an older rule for another host': {
    yaml:
      subsets +
      other(
        'VirtualService',
        'ratings',
        '{hosts: [ratings], http: [{route: [{destination: {host: ratings}}]}]}',
      ) +
      rule(to('v2')),
  },
  'the full name in another namespace': {
    yaml:
      subsets +
      other(
        'VirtualService',
        'reviews',
        '{hosts: [reviews.bookinfo.svc.cluster.local], http: [{route: [{destination: {host: reviews.bookinfo.svc.cluster.local, subset: v2}}]}]}',
        'default',
      ),
  },
  'STRICT between sidecars': {yaml: v2 + other('PeerAuthentication', 'default', '{mtls: {mode: STRICT}}')},
  'plain text on both sides': {
    yaml:
      v2.replace('host: reviews\n', 'host: reviews\n  trafficPolicy: {tls: {mode: DISABLE}}\n') +
      other('PeerAuthentication', 'default', '{mtls: {mode: DISABLE}}'),
  },
  'a policy that allows who calls': {
    yaml:
      v2 +
      other(
        'AuthorizationPolicy',
        'reviews',
        "{selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: ['cluster.local/ns/bookinfo/sa/bookinfo-productpage']}}]}]}",
      ),
  },
  'a Sidecar that lists its own namespace': {
    yaml: v2 + other('Sidecar', 'default', "{egress: [{hosts: ['./*', 'istio-system/*']}]}"),
  },
  'a host outside that everybody may call': {
    yaml: '',
    wanted: {},
    calls: [
      {
        visitor: 'productpage',
        from: {namespace: 'bookinfo', workload: 'productpage-v1'},
        call: {host: 'www.example.org', port: 80, path: '/', headers: {}},
        statuses: [200],
      },
    ],
  },
  'a page through the gateway': {
    yaml: gateway + entry(`{hosts: ['*'], gateways: [front], http: [{${toPage}}]}`),
    wanted: whole,
    via: 'gateway',
  },
};

describe('every cause', () => {
  it.each(Object.entries(mistakes))('%s', (_name, mistake) => {
    const [first] = explained(mistake);
    expect([first?.code, first?.object], first?.sentence).toEqual(mistake.cause);
    expect(first?.fix).toBeTruthy();
    expect(first?.command).toMatch(/^kubectl /);
    expect(first?.look).toBeTruthy();
  });

  it.each(Object.entries(controls))('blames nothing: %s', (_name, control) => {
    expect(explained(control)).toEqual([]);
    expect(explained({...control, ...(control.calls ? {} : {wanted: whole})})).toEqual([]);
  });

  it('has a mistake of its own', () => {
    const shown = new Set(Object.values(mistakes).map(({cause: [code]}) => code));
    expect(causeCodes.filter(code => !shown.has(code))).toEqual([]);
  });
});
