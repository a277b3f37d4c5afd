import {describe, expect, it} from 'vitest';
import {gatewayListeners} from './gateway-routes.ts';
import {type Asked, answers, ingress, world} from './testing/bookinfo-world.ts';

interface Server {
  number?: number;
  hosts?: string;
  more?: string;
  ns?: string;
}

const gateway = ({number = 80, hosts = '"*"', more = '', ns = 'bookinfo'}: Server = {}) => `
kind: Gateway
metadata: {name: gw, namespace: ${ns}}
spec:
  selector: {istio: ingress}
  servers:
  - {port: {number: ${number}, name: http, protocol: HTTP}, hosts: [${hosts}]${more}}
---
`;
const virtualService = (name: string, hosts: string, http: string) => `
kind: VirtualService
metadata: {name: ${name}}
spec:
  hosts: [${hosts}]
  gateways: [gw]
  http: [${http}]
---
`;
const to = (host: string) => `route: [{destination: {host: ${host}}}]`;
const at = (authority: string, path = '/', port = 80): Asked => ({from: ingress, authority, path, port});
const productpage = `{match: [{uri: {prefix: /productpage}}], ${to('productpage')}}`;

describe('gateways', () => {
  it.each([
    ['#107 no VirtualService', gateway(), at('x'), '404 NR'],
    [
      '#108 a host that the gateway has not',
      gateway({hosts: 'foo.bar'}) + virtualService('a', '"*"', productpage),
      at('bad.bar', '/productpage'),
      '404 NR',
    ],
    [
      '#108 a path without a route',
      gateway({hosts: 'foo.bar'}) + virtualService('a', '"*"', productpage),
      at('foo.bar', '/x'),
      '404 NR',
    ],
    [
      '#108 host and path',
      gateway({hosts: 'foo.bar'}) + virtualService('a', '"*"', productpage),
      at('foo.bar', '/productpage'),
      'productpage',
    ],
    [
      '#109 a wildcard and a port',
      gateway({hosts: '"*.example.com"'}) + virtualService('a', '"*.example.com"', productpage),
      at('foo.example.com:12345', '/productpage'),
      'productpage',
    ],
    [
      '#110 an older catch-all',
      gateway() +
        virtualService('a', '"*"', `{${to('productpage')}}`) +
        virtualService('b', '"*"', `{match: [{uri: {prefix: /api}}], ${to('details')}}`),
      at('x', '/api'),
      'details',
    ],
    [
      '#111 a gateway of another namespace',
      gateway({ns: 'other'}) + virtualService('a', '"*"', productpage),
      at('x', '/productpage'),
      '404 NR',
    ],
    [
      '#112 httpsRedirect',
      gateway({more: ', tls: {httpsRedirect: true}'}) + virtualService('a', '"*"', productpage),
      at('x', '/productpage'),
      '301 https://x/productpage',
    ],
    [
      'a subset that no mesh rule names',
      gateway() + virtualService('a', '"*"', '{route: [{destination: {host: reviews, subset: v1}}]}'),
      at('x'),
      '503 NC',
    ],
    [
      'no host for what is sent to where the client dialled',
      gateway() +
        virtualService('a', '"*"', `{${to('reviews')}}`) +
        'kind: DestinationRule\nmetadata: {name: r}\nspec: {host: reviews, trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}}\n---\n',
      at('x'),
      '503 UH',
    ],
    [
      'a server with tls and a host that another one has already',
      gateway({hosts: 'foo.bar', more: ', tls: {}'}) +
        gateway({hosts: 'foo.bar, other.test', more: ', tls: {httpsRedirect: true}'}).replace('gw', 'second'),
      at('other.test'),
      '404 NR',
    ],
  ])('%s', (_name, config, asked, expected) => {
    expect(answers({config}, asked)).toBe(expected);
  });

  it.each([
    ['#106 none without a Gateway', '', []],
    ['#113 a number that the Service has not', gateway({number: 8080}), [8080]],
    ['#114 the target of the Service port', gateway(), [80]],
    ['none for another selector', gateway().replace('istio: ingress', 'istio: ingressgateway'), []],
  ])('listens: %s', (_name, config, ports) => {
    expect(gatewayListeners(world({config}), ingress).map(({port}) => port)).toEqual(ports);
  });
});
