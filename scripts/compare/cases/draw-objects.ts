import type {
  DestinationRule,
  IstioObject,
  ServiceEntry,
  Sidecar,
  Subset,
  VirtualService,
} from '../../../runner/istio/types.ts';
import {outside} from '../world/addresses.ts';
import {drawExportTo, drawHost, drawMeta, drawWildcard} from './draw-hosts.ts';
import {drawMatch} from './draw-matches.ts';
import {drawHeaders, drawRule} from './draw-rules.ts';
import type {Choices} from './random.ts';
import {domain, namespaces, serviceNames} from './words.ts';

const apiVersion = 'networking.istio.io/v1';

export function drawDestinationRule(choices: Choices, index: number): DestinationRule {
  const {one, some, chance, maybe} = choices;
  const metadata = drawMeta(choices, `rule-${index}`, 0.5);
  const subset = (name: string): Subset => {
    if (chance(0.08)) return {name};
    if (chance(0.08)) return {name, labels: {version: 'v9'}};
    if (chance(0.08)) return {name, labels: {app: one(serviceNames)}};
    return {name, labels: {version: name}};
  };
  return {
    apiVersion,
    kind: 'DestinationRule',
    metadata,
    spec: {
      host: chance(0.15) ? drawWildcard(choices) : drawHost(choices, metadata.namespace),
      subsets: some(['v1', 'v2', 'v3'], 1, 3).sort().map(subset),
      ...drawExportTo(choices, 0.15),
      ...maybe(0.06, () => ({workloadSelector: {matchLabels: {app: one(['productpage', 'client'])}}})),
    },
  };
}

export function drawVirtualService(choices: Choices, index: number): VirtualService {
  const {upTo, one, chance, maybe} = choices;
  const metadata = drawMeta(choices, `vs-${String.fromCharCode(97 + upTo(26))}${index}`, 0.4);
  const hosts = Array.from({length: one([1, 1, 1, 2])}, () =>
    chance(0.1) ? drawWildcard(choices) : drawHost(choices, metadata.namespace),
  );
  return {
    apiVersion,
    kind: 'VirtualService',
    metadata,
    spec: {
      hosts: [...new Set(hosts)],
      ...maybe(0.15, () => ({
        gateways: one([['mesh'], ['gw'], ['mesh', 'gw'], ['gw', 'bookinfo/gw', 'mesh']]),
      })),
      ...drawExportTo(choices, 0.15),
      http: Array.from({length: one([1, 2, 2, 3, 4])}, (_, own) =>
        drawRule(choices, metadata.namespace, own),
      ),
    },
  };
}

/** Puts a rule in front that another VirtualService, without hosts, goes on with. @returns that one. */
export function drawDelegate(choices: Choices, root: VirtualService, index: number): VirtualService {
  const {one, chance, maybe} = choices;
  const {namespace = ''} = root.metadata;
  const own = chance(0.6) ? namespace : one(namespaces);
  const name = `delegate-${index}`;
  const http = Array.from({length: one([1, 2])}, (_, inner) => drawRule(choices, own, inner));
  for (const entry of http.flatMap(({match = []}) => match)) {
    for (const key of ['gateways', 'sourceLabels', 'sourceNamespace'] as const) delete entry[key];
    if (Object.keys(entry).length === 0) entry.method = {exact: 'GET'};
  }
  root.spec?.http?.unshift({
    ...(chance(0.7) ? {match: [drawMatch(choices)]} : {}),
    delegate: {name: chance(0.9) ? name : 'nobody', ...(own === namespace ? {} : {namespace: own})},
    ...drawHeaders(choices, 0.2),
    ...maybe(0.2, () => ({rewrite: {uri: '/outer'}})),
  });
  const spec = {http, ...drawExportTo(choices, 0.2)};
  return {apiVersion, kind: 'VirtualService', metadata: {name, namespace: own}, spec};
}

const importedHosts = [
  ...['./*', './*', 'istio-system/*', '*/*', 'bookinfo/*', 'other/*', '~/*', 'default/*'],
  ...[`./reviews.bookinfo.${domain}`, `*/reviews.bookinfo.${domain}`, `bookinfo/ratings.bookinfo.${domain}`],
  ...[`*/*.bookinfo.${domain}`, '*/api.example.com', `bookinfo/*.${domain}`],
];

export function drawSidecar({one, some, maybe}: Choices, index: number): Sidecar {
  return {
    apiVersion,
    kind: 'Sidecar',
    metadata: {
      name: `sidecar-${index}`,
      namespace: one(['bookinfo', 'bookinfo', 'other', 'istio-system']),
    },
    spec: {
      ...maybe(0.2, () => ({workloadSelector: {labels: {app: one(['productpage', 'client'])}}})),
      egress: [{hosts: some(importedHosts, 1, 3)}],
      ...maybe(0.3, () => ({outboundTrafficPolicy: {mode: one(['REGISTRY_ONLY', 'ALLOW_ANY'])}})),
    },
  };
}

export function drawServiceEntry(choices: Choices): ServiceEntry {
  const ports = [{number: 9080, name: 'http', protocol: 'HTTP'}];
  if (choices.chance(0.4)) ports.push({number: 80, name: 'http-80', protocol: 'HTTP'});
  return {
    apiVersion,
    kind: 'ServiceEntry',
    metadata: drawMeta(choices, 'api', 0.5),
    spec: {
      hosts: ['api.example.com'],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports,
      endpoints: [{address: outside, labels: {version: 'v1'}}],
      ...drawExportTo(choices, 0.3),
    },
  };
}

/** A wildcard without addresses, or a second owner of a Service's name. */
export function drawOddServiceEntry(choices: Choices): ServiceEntry {
  const {one} = choices;
  const ports = [{number: 9080, name: 'http', protocol: 'HTTP'}];
  const wild: IstioObject = {
    apiVersion,
    kind: 'ServiceEntry',
    metadata: drawMeta(choices, 'wild', 0.5),
    spec: {hosts: ['*.example.com'], location: 'MESH_EXTERNAL', resolution: 'NONE', ports},
  };
  const double: IstioObject = {
    apiVersion,
    kind: 'ServiceEntry',
    metadata: {name: 'double', namespace: one(['other', 'bookinfo', 'default'])},
    spec: {
      hosts: [`reviews.bookinfo.${domain}`],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      ports,
      endpoints: [{address: outside, labels: {version: 'v1'}}],
      ...drawExportTo(choices, 0.4),
    },
  };
  return one([wild, double]);
}
