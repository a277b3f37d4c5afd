import {describe, expect, it} from 'vitest';
import {answers, ingress} from './testing/bookinfo-world.ts';
import {virtualService} from './testing/manifests.ts';

describe('a redirect', () => {
  it.each([
    ['keeps the port of the Host', '{uri: /new}', 'reviews:80', 'http://reviews:80/new'],
    ['keeps any port', '{uri: /new}', 'reviews:9080', 'http://reviews:9080/new'],
    ['adds none', '{uri: /new}', 'reviews', 'http://reviews/new'],
    ['to https keeps the port', '{scheme: https}', 'reviews:9080', 'https://reviews:9080/reviews/0'],
    ['to https leaves out 80', '{scheme: https}', 'reviews:80', 'https://reviews/reviews/0'],
    [
      'with the default of the protocol keeps it too',
      '{uri: /new, derivePort: FROM_PROTOCOL_DEFAULT}',
      'reviews:9080',
      'http://reviews:9080/new',
    ],
    [
      'with the port of the request takes that of the listener',
      '{uri: /new, derivePort: FROM_REQUEST_PORT}',
      'reviews:80',
      'http://reviews:9080/new',
    ],
    [
      'puts the port behind an authority with one',
      '{authority: "else:81", port: 8443}',
      'reviews',
      'http://else:81:8443/reviews/0',
    ],
  ])('%s', (_name, redirect, authority, expected) => {
    expect(answers({config: virtualService(`{redirect: ${redirect}}`)}, {authority})).toBe(`301 ${expected}`);
  });
});

describe('httpsRedirect', () => {
  const gateway = (host: string) => `
kind: Gateway
metadata: {name: gw}
spec:
  selector: {istio: ingress}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [${host}], tls: {httpsRedirect: true}}]
`;

  it.each([
    [
      'keeps the port',
      'shop.example.com',
      'shop.example.com:8080',
      '301 https://shop.example.com:8080/reviews/0',
    ],
    ['even 80', 'shop.example.com', 'shop.example.com:80', '301 https://shop.example.com:80/reviews/0'],
    [
      'does not know a namespaced host without a VirtualService',
      'bookinfo/shop.example.com',
      'shop.example.com',
      '404 NR',
    ],
  ])('%s', (_name, host, authority, expected) => {
    expect(answers({config: gateway(host)}, {from: ingress, authority, port: 80})).toBe(expected);
  });
});
