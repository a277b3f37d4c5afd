import type {Gateway, VirtualService} from '../../../runner/istio/types.ts';
import type {CaseRequest, CompareCase} from './case.ts';
import {generate} from './generated.ts';
import {type Choices, choices} from './random.ts';

// `*/*` stands alone: beside other hosts it makes istiod panic.
const hosts = ['shop.example.com', 'api.example.com', '*.example.com', '*', 'other.test'];
const askedHosts = [
  ...['shop.example.com', 'api.example.com', 'x.example.com', 'other.test', 'nowhere.test'],
  ...['shop.example.com:80', 'API.example.com:8080'],
];

/** Cases at the ingress gateway: Gateways, and VirtualServices bound to them. */
export function* generatedGateways(seed: number, count: number, first = 0): Generator<CompareCase> {
  for (let number = first; number < first + count; number += 1) yield generateGateways(seed, number);
}

export function generateGateways(seed: number, number: number): CompareCase {
  const each = generate(seed, number);
  const drawn = choices(seed * 31 + number);
  const {one, upTo} = drawn;
  const gateways = Array.from({length: one([1, 1, 2, 3])}, (_, index) => drawGateway(drawn, index));
  const objects = each.objects.filter(({kind}) => kind !== 'Sidecar');
  for (const object of objects) {
    if (object.kind === 'VirtualService' && object.spec.hosts) bind(drawn, object, one(gateways));
  }
  const requests = each.requests.map(
    ({path = '/', method = 'GET', headers = {}}): CaseRequest => ({
      path,
      method,
      headers,
      caller: 'ingress',
      host: one(askedHosts),
      port: upTo(8) ? 80 : 8080,
    }),
  );
  return {...each, id: `gateways ${each.id}`, objects: [...gateways, ...objects], requests};
}

function drawGateway({one, chance, some}: Choices, index: number): Gateway {
  const limited = ['bookinfo/*', './*', 'other/*.example.com', '*/shop.example.com'];
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: {
      name: ['gw', 'second', 'third'][index] ?? 'gw',
      namespace: one(['bookinfo', 'bookinfo', 'istio-ingress', 'other']),
    },
    spec: {
      selector: chance(0.95) ? {istio: 'ingressgateway'} : {istio: 'nobody'},
      servers: Array.from({length: one([1, 1, 2, 3])}, (_, server) => ({
        port: {
          number: server ? one([80, 8080, 8080]) : one([80, 80, 80, 8080]),
          name: `http-${server}`,
          protocol: one(['HTTP', 'HTTP', 'HTTP', 'HTTP2', 'GRPC']),
        },
        hosts: chance(0.04) ? ['*/*'] : some(chance(0.2) ? limited : hosts, 1, 2),
        ...(chance(0.06) ? {tls: {httpsRedirect: true}} : {}),
      })),
    },
  };
}

/** Makes a VirtualService of the mesh one of the gateway, perhaps of both. */
function bind({some, chance}: Choices, {spec = {}}: VirtualService, {metadata}: Gateway): void {
  const {name, namespace} = metadata;
  spec.hosts = some(hosts, 1, 2);
  spec.gateways = [chance(0.8) ? `${namespace}/${name}` : name];
  if (chance(0.15) && !spec.hosts.includes('*')) spec.gateways.push('mesh');
  for (const match of (spec.http ?? []).flatMap(rule => rule.match ?? [])) {
    for (const key of ['gateways', 'sourceLabels', 'sourceNamespace'] as const) delete match[key];
    if (match.port && chance(0.5)) match.port = 80;
    if (Object.keys(match).length === 0) match.uri = {prefix: '/'};
  }
}
