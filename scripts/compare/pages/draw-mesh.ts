import type {IstioObject} from '../../../runner/istio/types.ts';
import {drawDestinationRule, drawSidecar, drawVirtualService} from '../cases/draw-objects.ts';
import {type Choices, choices} from '../cases/random.ts';

const networking = 'networking.istio.io/v1';
const security = 'security.istio.io/v1';
const versions = ['v1', 'v2', 'v3'];
const apps = ['productpage', 'details', 'reviews', 'ratings'];

function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: unknown,
  namespace = 'bookinfo',
): IstioObject {
  return {apiVersion, kind, metadata: {name, namespace}, spec};
}

/** What nearly every mesh has, so that subsets mean something. */
const subsets = (host: string, own: readonly string[], trafficPolicy?: unknown) =>
  object(networking, 'DestinationRule', host, {
    host,
    subsets: own.map(name => ({name, labels: {version: name}})),
    ...(trafficPolicy ? {trafficPolicy} : {}),
  });

/** A mesh of a seed: routes of any kind, and whatever else decides over a page. */
export function drawMesh(seed: number, number: number): IstioObject[] {
  const drawn = choices(Math.imul(seed, 104_729) + number);
  const {chance, one} = drawn;
  const objects: IstioObject[] = [
    ...(chance(0.85)
      ? [
          subsets(
            'reviews',
            versions,
            chance(0.25) ? {tls: {mode: one(['DISABLE', 'ISTIO_MUTUAL'])}} : undefined,
          ),
        ]
      : []),
    ...(chance(0.3) ? [drawDestinationRule(drawn, 0)] : []),
    ...(chance(0.7) ? [plainRoute(drawn)] : [drawVirtualService(drawn, 0)]),
    ...(chance(0.3) ? [drawVirtualService(drawn, 1)] : []),
    ...(chance(0.35) ? [behind(drawn)] : []),
    ...(chance(0.25) ? [peers(drawn)] : []),
    ...(chance(0.3) ? [policy(drawn, 0)] : []),
    ...(chance(0.1) ? [policy(drawn, 1)] : []),
    ...(chance(0.12) ? [drawSidecar(drawn, 0)] : []),
    ...front(drawn),
  ];
  const known = new Set<string>();
  return objects.filter(({kind, metadata}) => {
    const key = `${kind} ${metadata.namespace}/${metadata.name}`;
    if (known.has(key) || metadata.namespace === 'other') return false;
    known.add(key);
    return true;
  });
}

/** A VirtualService for reviews as learners write them, with their mistakes. */
function plainRoute(drawn: Choices): IstioObject {
  const {chance, one, upTo} = drawn;
  const to = () => ({
    destination: {
      host: chance(0.05) ? one(['reviews.bookinfo', 'review', 'ratings']) : 'reviews',
      ...(chance(0.92) ? {subset: chance(0.05) ? 'v9' : one(versions)} : {}),
    },
  });
  const match = () => ({
    ...(chance(0.85)
      ? {
          headers: {
            [one(['end-user', 'end-user', 'end-user', 'End-User', 'user'])]: one([
              {exact: 'jason'},
              {exact: 'john'},
              {exact: 'Jason'},
              {prefix: 'j'},
              {prefix: 'jas*'},
              {regex: 'ja.*'},
              {regex: 'jas'},
              {},
            ]),
          },
        }
      : {}),
    ...(chance(0.2) ? {uri: one([{prefix: '/reviews'}, {exact: '/reviews/0'}, {prefix: '/api'}])} : {}),
    ...(chance(0.08) ? {port: one([9080, 80])} : {}),
    ...(chance(0.08) ? {sourceLabels: {app: one(['productpage', 'frontend'])}} : {}),
    ...(chance(0.05) ? {withoutHeaders: {'end-user': {exact: 'john'}}} : {}),
  });
  const rule = (last: boolean) => ({
    ...(last && chance(0.85) ? {} : {match: Array.from({length: one([1, 1, 1, 2])}, match)}),
    route: chance(0.25)
      ? [
          {...to(), weight: 50},
          {...to(), weight: 50},
        ]
      : [to()],
    ...faultOf(drawn, 0.15),
    ...(chance(0.12) ? {timeout: one(['0.3s', '2s'])} : {}),
    ...(chance(0.1) ? {retries: {attempts: upTo(3), perTryTimeout: '0.5s', retryOn: '5xx'}} : {}),
  });
  const count = one([1, 2, 2, 3]);
  return object(networking, 'VirtualService', 'reviews', {
    hosts: [one(['reviews', 'reviews', 'reviews', 'reviews.bookinfo.svc.cluster.local', 'reviews.bookinfo'])],
    ...(chance(0.1) ? {gateways: one([['front'], ['mesh', 'front'], ['nowhere']])} : {}),
    ...(chance(0.08) ? {exportTo: ['.']} : {}),
    http: Array.from({length: count}, (_, index) => rule(index === count - 1)),
  });
}

/** Short, since real requests wait for it. */
function faultOf({chance, one}: Choices, share: number) {
  if (!chance(share)) return {};
  const value = one([100, 100, 50]);
  return {
    fault: chance(0.5)
      ? {abort: {httpStatus: one([500, 503, 418]), percentage: {value}}}
      : {delay: {fixedDelay: one(['0.2s', '0.6s']), percentage: {value: 100}}},
  };
}

/** A route to a service behind reviews or beside it. */
function behind(drawn: Choices): IstioObject {
  const host = drawn.one(['ratings', 'ratings', 'details', 'productpage']);
  return object(networking, 'VirtualService', host, {
    hosts: [host],
    http: [
      {
        ...(drawn.chance(0.3) ? {match: [{headers: {'end-user': {exact: 'jason'}}}]} : {}),
        ...faultOf(drawn, 0.7),
        route: [{destination: {host, ...(drawn.chance(0.1) ? {subset: 'v2'} : {})}}],
      },
    ],
  });
}

function peers({one, chance}: Choices): IstioObject {
  const mode = one(['STRICT', 'STRICT', 'PERMISSIVE', 'DISABLE']);
  const app = one(apps);
  return object(security, 'PeerAuthentication', 'drawn', {
    ...(chance(0.5)
      ? {
          selector: {matchLabels: {app}},
          ...(chance(0.3) ? {portLevelMtls: {9080: {mode: one(['STRICT', 'DISABLE'])}}} : {}),
        }
      : {}),
    mtls: {mode},
  });
}

function policy({one, chance}: Choices, index: number): IstioObject {
  const account = (app: string) => `cluster.local/ns/bookinfo/sa/bookinfo-${app}`;
  const source = () =>
    one([
      {principals: [account(one(apps))]},
      {namespaces: [one(['bookinfo', 'default', 'istio-ingress'])]},
      {notPrincipals: [account(one(apps))]},
    ]);
  const operation = () =>
    one([{methods: ['GET']}, {methods: ['POST']}, {paths: ['/ratings/*', '/reviews/*']}]);
  return object(security, 'AuthorizationPolicy', `drawn-${index}`, {
    ...(chance(0.8) ? {selector: {matchLabels: {app: one(apps)}}} : {}),
    ...(chance(0.25) ? {action: 'DENY'} : {}),
    ...(chance(0.12)
      ? {}
      : {
          rules: [
            {
              ...(chance(0.75) ? {from: [{source: source()}]} : {}),
              ...(chance(0.4) ? {to: [{operation: operation()}]} : {}),
            },
          ],
        }),
  });
}

/** The way in through the gateway, mostly as it should be. */
function front(drawn: Choices): IstioObject[] {
  const {chance, one} = drawn;
  return [
    object(networking, 'Gateway', 'front', {
      selector: {istio: 'ingressgateway'},
      servers: [
        {
          port: {number: 80, name: 'http', protocol: 'HTTP'},
          hosts: [one(['*', '*', '*', 'shop.example.com'])],
        },
      ],
    }),
    ...(chance(0.9)
      ? [
          object(networking, 'VirtualService', 'front', {
            hosts: [one(['*', '*', '*', 'shop.example.com'])],
            gateways: [one(['front', 'front', 'front', 'front', 'bookinfo/front', 'frontt'])],
            http: [
              {
                ...(chance(0.5)
                  ? {
                      match: [
                        {uri: one([{exact: '/productpage'}, {prefix: '/product'}, {prefix: '/product*'}])},
                      ],
                    }
                  : {}),
                ...faultOf(drawn, 0.08),
                route: [{destination: {host: 'productpage', port: {number: 9080}}}],
              },
            ],
          }),
        ]
      : []),
  ];
}
