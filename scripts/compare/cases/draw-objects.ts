import type {DestinationRule, Sidecar, Subset, VirtualService} from '../../../runner/istio/types.ts';
import {drawExportTo, drawHost, drawMeta, drawWildcard} from './draw-hosts.ts';
import {drawPlainHost, drawTcpRule, drawTlsRule} from './draw-l4-rules.ts';
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
      ...maybe(0.03, () => ({trafficPolicy: {loadBalancer: {simple: 'PASSTHROUGH'}}})),
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

/** One that routes bytes: TCP, or TLS by the name that the client asks for. */
export function drawL4VirtualService(choices: Choices, index: number): VirtualService {
  const {one} = choices;
  const kind = one(['tcp', 'tls', 'both']);
  const metadata = drawMeta(choices, `l4-${index}`, 0.3);
  const host = drawPlainHost(choices);
  const several = <T>(draw: () => T): T[] => Array.from({length: one([1, 1, 2])}, draw);
  return {
    apiVersion,
    kind: 'VirtualService',
    metadata,
    spec: {
      hosts: [host],
      ...(kind !== 'tls' ? {tcp: several(() => drawTcpRule(choices, metadata.namespace))} : {}),
      ...(kind !== 'tcp' ? {tls: several(() => drawTlsRule(choices, metadata.namespace, host))} : {}),
      ...drawExportTo(choices, 0.1),
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
  ...[`*/*.bookinfo.${domain}`, '*/api.example.com', `bookinfo/*.${domain}`, '*/*.example.com'],
  ...['~other/*', `~*/ratings.bookinfo.${domain}`, `~bookinfo/*.bookinfo.${domain}`],
];

export function drawSidecar({one, some, chance, maybe}: Choices, index: number): Sidecar {
  const hosts = () => some(importedHosts, 1, 3);
  const port = {
    number: one([9080, 9080, 80, 9100, 9143]),
    name: 'own',
    protocol: one(['HTTP', 'HTTP', 'HTTP2', 'TCP', 'TLS', 'HTTPS']),
  };
  return {
    apiVersion,
    kind: 'Sidecar',
    metadata: {
      name: `sidecar-${index}`,
      namespace: one(['bookinfo', 'bookinfo', 'other', 'istio-system']),
    },
    spec: {
      ...maybe(0.2, () => ({workloadSelector: {labels: {app: one(['productpage', 'client'])}}})),
      egress: [...(chance(0.3) ? [{port, hosts: hosts()}] : []), {hosts: hosts()}],
      ...maybe(0.3, () => ({outboundTrafficPolicy: {mode: one(['REGISTRY_ONLY', 'ALLOW_ANY'])}})),
    },
  };
}
