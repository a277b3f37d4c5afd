import {describe, expect, it} from 'vitest';
import {type Asked, answers} from './testing/bookinfo-world.ts';
import {allSubsets, toSubset, virtualService} from './testing/manifests.ts';

const redirect = (name: string, options: {hosts?: string; exportTo?: string} = {}) =>
  virtualService(`{redirect: {uri: /${name}}}`, {name, ...options});

const wildcard = '"*.default.svc.cluster.local"';
const twoWildcards =
  redirect('a', {hosts: `${wildcard}, reviews`}) + redirect('b', {hosts: `${wildcard}, ratings`});

describe('VirtualServices', () => {
  it.each<[string, string, Asked, string]>([
    [
      'exported to their own namespace by its name are as private as by a dot',
      redirect('a', {exportTo: 'bookinfo'}) + redirect('b', {exportTo: '"."'}),
      {},
      '301 http://reviews:9080/a',
    ],
    [
      'of a wildcard that covers a service mean no other host',
      twoWildcards,
      {authority: 'details.default.svc.cluster.local'},
      'passthrough',
    ],
    [
      'of a wildcard are won by the older',
      twoWildcards,
      {authority: 'notes.default.svc.cluster.local'},
      '301 http://notes.default.svc.cluster.local/a',
    ],
    ['of a wildcard keep their other hosts', twoWildcards, {authority: 'ratings'}, '301 http://ratings/b'],
    [
      'send to the port of the listener where the destination has none',
      allSubsets + virtualService(`{${toSubset('v1')}}`, {hosts: 'my-api.example'}),
      {authority: 'my-api.example', port: 80},
      '503 NC',
    ],
    [
      'never to the only port of the destination',
      virtualService('{route: [{destination: {host: istio-ingress.istio-ingress.svc.cluster.local}}]}'),
      {},
      '503 NC',
    ],
  ])('%s', (_name, config, asked, expected) => {
    expect(answers({config}, asked)).toBe(expected);
  });
});

describe('a ServiceEntry that doubles a Service of its namespace', () => {
  it('adds its endpoints', () => {
    const config = `
kind: ServiceEntry
metadata: {name: double}
spec:
  hosts: [reviews.bookinfo.svc.cluster.local]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: 9080, name: http, protocol: HTTP}]
  endpoints: [{address: 203.0.113.7, labels: {version: v1}}]
`;
    expect(answers({config})).toBe('203.0.113.7 v1 v2 v3');
  });
});
