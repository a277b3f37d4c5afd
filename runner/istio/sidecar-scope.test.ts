import {describe, expect, it} from 'vitest';
import {type Asked, answers, client, type WorldOptions} from './testing/bookinfo-world.ts';
import {allSubsets, reviewsHost, sidecar, toSubset, virtualService} from './testing/manifests.ts';

const any = 'v1 v2 v3';
const toV2 = virtualService(`{${toSubset('v2')}}`);
const elsewhere = virtualService(`{${toSubset('v2')}}`, {namespace: 'default', hosts: reviewsHost});
const registryOnly = 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}';
const fromOther: Asked = {from: client, authority: 'reviews.bookinfo:9080'};

describe('a Sidecar resource', () => {
  it.each<[string, string, Asked, string]>([
    [
      'resets what no visible service has the port of',
      sidecar('"./*"', {namespace: 'other', more: registryOnly}),
      fromOther,
      'reset',
    ],
    [
      'resets what it hides',
      sidecar('"istio-system/*"', {namespace: 'other', more: registryOnly}),
      fromOther,
      'reset',
    ],
    [
      'passes port 80 on unread where no visible service has it',
      sidecar('"./*"') + virtualService('{redirect: {uri: /x}}', {hosts: 'foo.example'}),
      {authority: 'foo.example', port: 80},
      'passthrough',
    ],
    ['imports VirtualServices of its namespaces only', allSubsets + sidecar('"./*"') + elsewhere, {}, any],
    ['imports those of others by name', allSubsets + sidecar('"./*", "default/*"') + elsewhere, {}, 'v2'],
    [
      'blocks by an empty outboundTrafficPolicy',
      sidecar('"./*"', {more: 'outboundTrafficPolicy: {}'}),
      {authority: 'nowhere.example'},
      '502',
    ],
    ['hides everything by ~/*', allSubsets + sidecar('"./*", "~/*"') + toV2, {}, 'passthrough'],
    [
      'of the root namespace means that of the workload by a dot',
      allSubsets + sidecar('"./*"', {namespace: 'istio-system'}) + toV2,
      {},
      'v2',
    ],
    ['passes on what it hides', allSubsets + sidecar('"istio-system/*"') + toV2, {}, 'passthrough'],
    [
      'brings in the destinations of the VirtualServices that it imports',
      sidecar('"*/*.bookinfo.svc.cluster.local"') +
        virtualService('{route: [{destination: {host: notes.default.svc.cluster.local}}]}'),
      {},
      'notes',
    ],
    [
      'brings in those that are named by their short names',
      sidecar('"./reviews.bookinfo.svc.cluster.local"') +
        virtualService('{route: [{destination: {host: ratings}}]}'),
      {},
      'ratings',
    ],
  ])('%s', (_name, config, asked, expected) => {
    expect(answers({config}, asked)).toBe(expected);
  });
});

describe('an egress entry with a port', () => {
  const entry = (port: string) => sidecar('"*/*"').replace('egress: [{', `egress: [{port: {${port}}, `);

  it.each<[string, string, string]>([
    ['that does not say its protocol looks at first bytes', 'number: 9080, name: http', '404 NR'],
    ['of HTTP serves as HTTP', 'number: 9080, name: http, protocol: HTTP', 'passthrough'],
    ['of TCP passes bytes to the service', 'number: 9080, name: tcp, protocol: TCP', 'tcp v1 tcp v2 tcp v3'],
  ])('%s, whatever the port of the service is', (_name, port, expected) => {
    const options = {config: entry(port), reviewsPort: {port: 9080, name: 'https'}};
    expect(answers(options, {authority: 'reviews.bookinfo'})).toBe(expected);
  });
});

describe('a port', () => {
  const blocked: WorldOptions = {meshConfig: {outboundTrafficPolicy: 'REGISTRY_ONLY'}};

  it.each<[string, WorldOptions, Asked, string]>([
    ['that a service has is blocked by HTTP', blocked, {port: 9080}, '502'],
    ['that none has is blocked by TCP', blocked, {port: 8080}, 'reset'],
    ['that none has is passed on by TCP', {}, {port: 8080}, 'passthrough'],
  ])('%s', (_name, options, asked, expected) => {
    expect(answers(options, {authority: 'nowhere.example', ...asked})).toBe(expected);
  });
});
