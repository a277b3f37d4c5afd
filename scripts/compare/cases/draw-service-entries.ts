import type {ServiceEntry} from '../../../runner/istio/types.ts';
import {entryAddress, outside, outsideToo} from '../world/addresses.ts';
import {drawExportTo, drawMeta} from './draw-hosts.ts';
import type {Choices} from './random.ts';
import {domain} from './words.ts';

const apiVersion = 'networking.istio.io/v1';

const endpoints = [
  {address: outside, labels: {version: 'v1'}},
  {address: outsideToo, labels: {version: 'v2'}},
];

const ports = [
  {number: 9080, name: 'http', protocol: 'HTTP'},
  {number: 80, name: 'http-80', protocol: 'HTTP'},
  {number: 9100, name: 'tcp', protocol: 'TCP'},
  {number: 9143, name: 'tls', protocol: 'TLS'},
  {number: 9180, name: 'mongo', protocol: 'MONGO'},
  {number: 9080, name: 'http', protocol: 'HTTP', targetPort: 8080},
];

/** One with each resolution that needs no DNS: names are not compared, since no resolver stands behind the rig. */
export function drawServiceEntry(choices: Choices): ServiceEntry {
  const {one, some, chance} = choices;
  const hosts = [one(['api.example.com', 'api.example.com', 'db.example.com', `books.bookinfo.${domain}`])];
  const resolution = one(['STATIC', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'NONE']);
  const used = some(ports.slice(0, 5), 1, 3);
  if (chance(0.2)) used.splice(0, used.length, ports[5] as (typeof ports)[0]);
  const addresses = chance(0.5) || used.some(({protocol}) => protocol !== 'HTTP');
  return {
    apiVersion,
    kind: 'ServiceEntry',
    metadata: drawMeta(choices, one(['api', 'api', 'db']), 0.5),
    spec: {
      hosts,
      ...(addresses ? {addresses: [drawAddress(choices, resolution)]} : {}),
      location: one(['MESH_EXTERNAL', 'MESH_INTERNAL']),
      resolution,
      ports: used,
      ...(resolution === 'NONE' ? {} : drawEndpoints(choices, resolution)),
      ...drawExportTo(choices, 0.3),
    },
  };
}

/** Ranges are not for names. */
function drawAddress({chance}: Choices, resolution: string): string {
  return !resolution.startsWith('DNS') && chance(0.3) ? '127.1.98.0/24' : entryAddress;
}

function drawEndpoints({some, chance, one}: Choices, resolution: string) {
  if (resolution === 'STATIC' && chance(0.3)) {
    return {workloadSelector: {labels: one([{app: 'reviews'}, {app: 'notes'}, {app: 'nobody'}])}};
  }
  return {endpoints: some(endpoints, 1, resolution === 'DNS_ROUND_ROBIN' ? 1 : 2)};
}

/** A wildcard without addresses, or a second owner of a Service's name. */
export function drawOddServiceEntry(choices: Choices): ServiceEntry {
  const {one, chance} = choices;
  const http = ports.slice(0, 1);
  const wild: ServiceEntry = {
    apiVersion,
    kind: 'ServiceEntry',
    metadata: drawMeta(choices, 'wild', 0.5),
    spec: {
      hosts: [one(['*.example.com', '*.com'])],
      location: 'MESH_EXTERNAL',
      resolution: 'NONE',
      ports: chance(0.7) ? http : ports.slice(3, 4),
    },
  };
  const double: ServiceEntry = {
    apiVersion,
    kind: 'ServiceEntry',
    metadata: {name: 'double', namespace: one(['other', 'bookinfo', 'default'])},
    spec: {
      hosts: [`${one(['reviews', 'ratings'])}.bookinfo.${domain}`],
      location: 'MESH_INTERNAL',
      resolution: one(['STATIC', 'DNS']),
      ports: http,
      endpoints: endpoints.slice(0, 1),
      ...drawExportTo(choices, 0.4),
    },
  };
  return one([wild, double]);
}
