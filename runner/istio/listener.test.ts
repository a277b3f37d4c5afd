import {describe, expect, it} from 'vitest';
import {buildRoutes} from './build-routes.ts';
import {outboundListener} from './listener.ts';
import {productpage, type WorldOptions, world} from './testing/bookinfo-world.ts';
import {allSubsets} from './testing/manifests.ts';

interface Opened {
  /** By default that of reviews. */
  ip?: string;
  port?: number;
  serverName?: string;
}

/** What becomes of a connection whose first bytes are not HTTP. */
function opened(options: WorldOptions, {ip = '10.96.0.4', port = 9080, serverName}: Opened = {}): string {
  const destination = {ip, port, ...(serverName ? {serverName} : {})};
  const listener = outboundListener(buildRoutes(world(options), productpage), destination);
  const target = listener.kind === 'http' ? listener.tcp : listener;
  return target.kind === 'tcp' ? target.cluster.name.replace('.bookinfo.svc.cluster.local', '') : target.kind;
}

function l4(rules: string, host = 'reviews'): string {
  return `
kind: VirtualService
metadata: {name: l4}
spec:
  hosts: [${host}]
  ${rules}
---
`;
}

const to = (subset: string) => `route: [{destination: {host: reviews, subset: ${subset}}}]`;
const reviewsPort = (name: string) => ({reviewsPort: {port: 9080, name}});

const entry = (more: string) => `
kind: ServiceEntry
metadata: {name: db}
spec:
  hosts: [db.example.com]
  ${more}
---
`;
const onRange = 'addresses: [198.51.100.0/24], resolution: NONE';
const tcpPort = 'ports: [{number: 3306, name: tcp, protocol: TCP}]';
const tlsPort = 'ports: [{number: 443, name: tls, protocol: TLS}]';

describe('a connection that is not HTTP', () => {
  it.each<[string, WorldOptions, Opened, string]>([
    ['to an HTTP port is passed on', {}, {}, 'tcp-passthrough'],
    ['to a TCP port goes to the service', reviewsPort('tcp'), {}, 'outbound|9080||reviews'],
    [
      'follows a tcp rule',
      {...reviewsPort('tcp'), config: allSubsets + l4(`tcp: [{${to('v1')}}]`)},
      {},
      'outbound|9080|v1|reviews',
    ],
    [
      'follows a tcp rule of a port that does not say what it is',
      {...reviewsPort('web'), config: allSubsets + l4(`tcp: [{${to('v1')}}]`)},
      {},
      'outbound|9080|v1|reviews',
    ],
    [
      'leaves out a rule for other callers',
      {
        ...reviewsPort('tcp'),
        config: allSubsets + l4(`tcp: [{match: [{sourceLabels: {app: x}}], ${to('v1')}}, {${to('v2')}}]`),
      },
      {},
      'outbound|9080|v2|reviews',
    ],
    [
      'goes by the name that a TLS client asks for',
      {
        ...reviewsPort('tls'),
        config:
          allSubsets +
          l4(`tls: [{match: [{sniHosts: [a.example.com]}], ${to('v1')}}]`, 'reviews, a.example.com'),
      },
      {serverName: 'a.example.com'},
      'outbound|9080|v1|reviews',
    ],
    [
      'is passed on where no rule has the name',
      {
        ...reviewsPort('tls'),
        config:
          allSubsets +
          l4(`tls: [{match: [{sniHosts: [a.example.com]}], ${to('v1')}}]`, 'reviews, a.example.com'),
      },
      {serverName: 'b.example.com'},
      'tcp-passthrough',
    ],
    [
      'goes to a ServiceEntry by its range of addresses',
      {config: entry(`${onRange.replace(', ', '\n  ')}\n  ${tcpPort}`)},
      {ip: '198.51.100.7', port: 3306},
      'outbound|3306||db.example.com',
    ],
    [
      'goes to a ServiceEntry without an address by its name',
      {config: entry(`resolution: NONE\n  ${tlsPort}`)},
      {ip: '203.0.113.9', port: 443, serverName: 'db.example.com'},
      'outbound|443||db.example.com',
    ],
    [
      'is blocked elsewhere by REGISTRY_ONLY',
      {config: entry(`resolution: NONE\n  ${tlsPort}`), meshConfig: {outboundTrafficPolicy: 'REGISTRY_ONLY'}},
      {ip: '203.0.113.9', port: 443, serverName: 'other.example.com'},
      'tcp-blocked',
    ],
  ])('%s', (_name, options, connection, expected) => {
    expect(opened(options, connection)).toBe(expected);
  });
});
