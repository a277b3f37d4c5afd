import {parseAllDocuments} from 'yaml';
import {buildRoutes} from '../build-routes.ts';
import {buildSnapshot} from '../build-snapshot.ts';
import {decide, type RouteDecision} from '../decide.ts';
import {withoutPort} from '../hosts.ts';
import {outboundListener} from '../listener.ts';
import type {RouteRequest} from '../match.ts';
import type {Endpoint, MeshConfig, MeshProxy, MeshSnapshot} from '../snapshot.ts';
import type {IstioObject} from '../types.ts';

/** A generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Objects of a YAML stream, each a second younger than the one before, in `bookinfo` unless they say otherwise. */
export function objects(yaml: string): IstioObject[] {
  return parseAllDocuments(yaml)
    .map(document => document.toJS() as IstioObject | null)
    .filter(object => object !== null)
    .map((object, index) => ({
      ...object,
      apiVersion: object.apiVersion ?? 'networking.istio.io/v1',
      metadata: {
        namespace: 'bookinfo',
        creationTimestamp: new Date(1_700_000_000_000 + index * 1000).toISOString(),
        ...object.metadata,
      },
    }));
}

export interface WorldOptions {
  config?: string;
  meshConfig?: Partial<MeshConfig>;
  /** Pods that are not there. */
  without?: readonly string[];
  /** Changes the ports of the Service reviews. */
  reviewsPort?: {port: number; name?: string};
}

const apps = [
  {name: 'productpage', namespace: 'bookinfo', versions: ['v1']},
  {name: 'details', namespace: 'bookinfo', versions: ['v1']},
  {name: 'ratings', namespace: 'bookinfo', versions: ['v1']},
  {name: 'reviews', namespace: 'bookinfo', versions: ['v1', 'v2', 'v3']},
  {name: 'notes', namespace: 'default', versions: ['v1']},
];

/** Bookinfo with its Services and pods, as one snapshot. */
export function world({config = '', meshConfig, without = [], reviewsPort}: WorldOptions) {
  const port = {port: 9080, name: 'http', targetPort: 9080};
  const services = apps.map(({name, namespace}, index) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name, namespace},
    spec: {
      clusterIP: `10.96.0.${index + 1}`,
      selector: {app: name},
      ports: [name === 'reviews' && reviewsPort ? {targetPort: 9080, ...reviewsPort} : port],
    },
  }));
  const pods = apps
    .flatMap(({name: app, namespace, versions}) =>
      versions.map(version => ({app, namespace, version, name: `${app}-${version}`})),
    )
    .filter(({name}) => !without.includes(name))
    .map(({app, namespace, version, name}, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name, namespace, labels: {app, version, 'security.istio.io/tlsMode': 'istio'}},
      spec: {serviceAccountName: `bookinfo-${app}`},
      status: {
        phase: 'Running',
        podIP: `10.244.0.${index + 1}`,
        conditions: [{type: 'Ready', status: 'True'}],
      },
    }));
  const gateway = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'istio-ingress', namespace: 'istio-ingress'},
    spec: {
      clusterIP: '10.96.1.1',
      selector: {istio: 'ingress'},
      ports: [{port: 80, name: 'http2', targetPort: 80}],
    },
  };
  return buildSnapshot({
    services: [...services, gateway],
    pods,
    config: objects(config),
    ...(meshConfig ? {meshConfig} : {}),
  });
}

export const productpage: MeshProxy = {
  kind: 'sidecar',
  name: 'productpage-v1',
  namespace: 'bookinfo',
  ip: '10.244.0.1',
  labels: {app: 'productpage', version: 'v1'},
  serviceAccount: 'bookinfo-productpage',
};

/** A caller in another namespace. */
export const client: MeshProxy = {
  ...productpage,
  namespace: 'other',
  name: 'client',
  labels: {app: 'client'},
};

export const ingress: MeshProxy = {
  kind: 'gateway',
  name: 'istio-ingress',
  namespace: 'istio-ingress',
  ip: '10.244.0.99',
  labels: {app: 'istio-ingress', istio: 'ingress'},
  serviceAccount: 'istio-ingress',
};

export interface Asked extends Partial<RouteRequest> {
  from?: MeshProxy;
}

function versionOf(endpoints: readonly Endpoint[], random: () => number): string {
  const endpoint = endpoints[Math.floor(random() * endpoints.length)];
  const {app, version} = endpoint?.labels ?? {};
  return app === 'reviews' ? `${version}` : `${app ?? endpoint?.ip}`;
}

function answer(decision: RouteDecision, random: () => number): string {
  switch (decision.kind) {
    case 'forward':
      return versionOf(decision.endpoints, random);
    case 'no-route':
      return '404 NR';
    case 'unknown-cluster':
      return '503 NC';
    case 'no-endpoints':
      return '503 UH';
    case 'block-all':
      return '502';
    case 'redirect':
      return `${decision.status} ${decision.location}`;
    case 'direct-response':
      return `${decision.status} ${decision.body}`;
    case 'passthrough':
      return 'passthrough';
  }
}

const request: RouteRequest = {
  method: 'GET',
  authority: 'reviews:9080',
  path: '/reviews/0',
  scheme: 'http',
  headers: {},
  port: 9080,
};

/** What the client's DNS would say; everything outside is at one address. */
function addressOf({services}: MeshSnapshot, authority: string, namespace: string): string {
  const name = withoutPort(authority).replace(/\.$/, '').toLowerCase();
  const found = services.find(service => {
    const {hostname, addresses, source} = service;
    const inCluster = `${service.name}.${service.namespace}`;
    const short = service.namespace === namespace ? [service.name] : [];
    const names = source === 'kubernetes' ? [inCluster, `${inCluster}.svc`, ...short] : [];
    return [hostname, ...addresses, ...names].includes(name);
  });
  return found?.addresses[0] ?? '203.0.113.1';
}

/** How often each answer came out of many requests; an abort that always hits counts as the answer. */
export function shares(options: WorldOptions, asked: Asked = {}, times = 1000): Record<string, number> {
  const {from = productpage, ...overrides} = asked;
  const random = seeded(7);
  const snapshot = world(options);
  const routes = buildRoutes(snapshot, from);
  const whole = {...request, ...overrides};
  const ip = whole.destinationIp ?? addressOf(snapshot, whole.authority, from.namespace);

  function once(): string {
    if (from.kind === 'sidecar') {
      const listener = outboundListener(routes, {ip, port: whole.port}, random);
      if (listener.kind === 'tcp-passthrough') return 'passthrough';
      if (listener.kind === 'tcp') return `tcp ${versionOf(listener.cluster.endpoints, random)}`;
      if (listener.kind !== 'http') return 'reset';
    }
    const decision = decide(routes, {...whole, destinationIp: ip}, random);
    const abort = decision.fault?.abort;
    return abort && abort.percentage >= 100 ? `abort ${abort.httpStatus}` : answer(decision, random);
  }

  const counts: Record<string, number> = {};
  for (let index = 0; index < times; index += 1) {
    const key = once();
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The answers that come out, in order and joined: `v1`, `v1 v2 v3`, `404 NR`, ... */
export function answers(options: WorldOptions, asked?: Asked): string {
  return Object.keys(shares(options, asked, 60))
    .sort()
    .join(' ');
}

/** One decision, for what an answer does not show. */
export function decisionOf(options: WorldOptions, asked: Asked = {}): RouteDecision {
  const {from = productpage, ...overrides} = asked;
  return decide(buildRoutes(world(options), from), {...request, ...overrides}, seeded(7));
}
