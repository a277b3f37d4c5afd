import type {DestinationRule, IstioObject, VirtualService} from '../../../runner/istio/types.ts';
import {entryAddress} from '../world/addresses.ts';
import {worldServices} from '../world/services.ts';
import type {CaseRequest, CompareCase} from './case.ts';
import {
  drawDelegate,
  drawDestinationRule,
  drawL4VirtualService,
  drawSidecar,
  drawVirtualService,
} from './draw-objects.ts';
import {origins} from './draw-rules.ts';
import {drawOddServiceEntry, drawServiceEntry} from './draw-service-entries.ts';
import {type Choices, choices} from './random.ts';
import {domain, paths, users, values} from './words.ts';

/** `count` cases of a seed, from the one of that number on: case N of a seed is always the same. */
export function* generated(seed: number, count: number, first = 0): Generator<CompareCase> {
  for (let number = first; number < first + count; number += 1) yield generate(seed, number);
}

/** What most cases have, so that v1 to v3 exist; the rest is what the case is about. */
const common: DestinationRule = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: {name: 'reviews', namespace: 'bookinfo'},
  spec: {
    host: 'reviews',
    subsets: ['v1', 'v2', 'v3'].map(name => ({name, labels: {version: name}})),
  },
};

/** A random but valid configuration over Bookinfo, with requests that hit and miss it. */
export function generate(seed: number, number: number): CompareCase {
  const drawn = choices(Math.imul(seed, 7919) + number);
  const {one, some, chance, maybe} = drawn;
  const several = <T>(counts: readonly number[], draw: (choices: Choices, index: number) => T): T[] =>
    Array.from({length: one(counts)}, (_, index) => draw(drawn, index));
  const virtualServices = several([1, 1, 2, 2, 3], drawVirtualService);
  const l4 = chance(0.15) ? several([1, 1, 2], drawL4VirtualService) : [];
  const objects: IstioObject[] = [
    ...(chance(0.7) ? [common] : []),
    ...several([0, 0, 1, 1, 2], drawDestinationRule),
    ...virtualServices,
    ...(chance(0.18) ? several([1, 1, 1, 1, 2], drawSidecar) : []),
    ...(chance(0.2) ? several([1, 1, 2], drawServiceEntry) : []),
    ...l4,
    ...(chance(0.08) ? [drawOddServiceEntry(drawn)] : []),
    ...virtualServices.flatMap((root, index) => (chance(0.15) ? [drawDelegate(drawn, root, index)] : [])),
  ];
  const hosts = [
    ...virtualServices.flatMap(hostsToAsk),
    ...objects.flatMap(({kind, metadata, spec}) =>
      kind === 'ServiceEntry' ? hostsToAsk({metadata, spec}) : [],
    ),
  ];
  return {
    id: `seed ${seed} #${number}`,
    objects,
    requests: Array.from({length: 6}, () =>
      chance(l4.length > 0 ? 0.6 : 0.08) ? drawPlainRequest(drawn, l4) : drawRequest(drawn, hosts),
    ),
    options: {
      wide: true,
      times: 24,
      sameSecond: chance(0.2),
      ...maybe(0.08, () => ({
        reviewsPort: {port: 9080, ...one([{}, {name: 'web'}, {name: 'tcp'}, {name: 'https'}])},
      })),
      ...maybe(0.15, () => ({without: some(['reviews-v1', 'reviews-v2', 'reviews-v3', 'ratings-v1'], 1, 2)})),
    },
  };
}

/** The hosts of a VirtualService in full, one that fits instead of a wildcard. */
function hostsToAsk({metadata, spec}: Pick<VirtualService, 'metadata' | 'spec'>): string[] {
  return (spec?.hosts ?? []).map(host =>
    (host.includes('.') ? host : `${host}.${metadata.namespace}.${domain}`).replace('*', 'details'),
  );
}

function drawRequest({one, chance, maybe}: Choices, hosts: readonly string[]): CaseRequest {
  const caller = chance(0.75) ? 'productpage' : 'client';
  const full = chance(0.8) ? one(hosts) : one(worldServices({wide: true})).host;
  return {
    caller,
    host: one(formsOf(full, caller)),
    path: one(paths),
    headers: {
      ...maybe(0.15, () => ({
        origin: one(origins),
        ...maybe(0.5, () => ({'access-control-request-method': one(['GET', 'PUT'])})),
      })),
      ...maybe(0.6, () => ({'end-user': one(users)})),
      ...maybe(0.4, () => ({'x-a': one(values)})),
    } as Record<string, string>,
    ...maybe(0.12, () => ({method: one(['POST', 'PUT', 'OPTIONS', 'OPTIONS'])})),
    ...maybe(0.12, () => ({port: one([80, 80, 80, 8080])})),
    ...(/example.com$/.test(full) && chance(0.3) ? {ip: entryAddress} : {}),
  };
}

/** Bytes for the ports that are not HTTP, and HTTP for them too. */
function drawPlainRequest({one, chance}: Choices, l4: readonly VirtualService[]): CaseRequest {
  const named = l4.flatMap(hostsToAsk).map(host => host.replace('details', 'journal'));
  const host = one([
    ...named,
    `journal.bookinfo.${domain}`,
    `archive.other.${domain}`,
    `reviews.bookinfo.${domain}`,
  ]);
  return {
    caller: chance(0.7) ? 'productpage' : 'client',
    host,
    port: one([9100, 9143, 9143, 9180, 9080]),
    speak: one(['bytes', 'tls', 'tls', 'http']),
    ...(/example.com$/.test(host) && chance(0.6) ? {ip: entryAddress} : {}),
  };
}

/** The ways in which a client may write a host. */
function formsOf(full: string, caller: 'productpage' | 'client'): string[] {
  const forms = [full, full, `${full}:9080`];
  if (!full.endsWith(`bookinfo.${domain}`)) return forms;
  const short = full.split('.')[0] ?? '';
  forms.push(`${short}.bookinfo`, `${short}.bookinfo.svc`, `${short}.bookinfo:9080`);
  if (caller === 'client') forms.push(short);
  else forms.push(short, short, `${short}:9080`, `${short}:9080`, `${short}:80`);
  return [...forms, `${full}.`, `${short}.bookinfo`.toUpperCase()];
}
