import {describe, expect, it} from 'vitest';
import {buildSnapshot} from '../build-snapshot.ts';
import type {IstioObject} from '../types.ts';
import {explainPages} from './explain-pages.ts';

const running = {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]};

function pod(name: string, namespace: string, labels: Record<string, string>, ip: string): IstioObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace, labels},
    status: {...running, podIP: ip},
  };
}

function service(
  name: string,
  namespace: string,
  port: number,
  selector: Record<string, string>,
): IstioObject {
  const spec = {clusterIP: `10.1.0.${port % 200}`, selector, ports: [{name: 'http', port}]};
  return {apiVersion: 'v1', kind: 'Service', metadata: {name, namespace}, spec};
}

interface Written {
  selector?: Record<string, string>;
  number?: number;
  hosts?: string[];
  gateways?: string[];
  http?: unknown[];
}

const page = {match: [{uri: {exact: '/productpage'}}], route: [{destination: {host: 'productpage'}}]};

function causesOf(
  {selector, number = 80, hosts = ['*'], gateways = ['bookinfo-gateway'], http = [page]}: Written,
  failedStatic: string[] = [],
) {
  const labels = {app: 'istio-ingressgateway', istio: 'ingressgateway'};
  const port = {number, name: 'http', protocol: 'HTTP'};
  const metadata = {namespace: 'bookinfo', creationTimestamp: '2026-01-01T00:00:00Z'};
  const apiVersion = 'networking.istio.io/v1';
  const snapshot = buildSnapshot({
    services: [
      service('istio-ingressgateway', 'istio-ingress', 80, labels),
      service('productpage', 'bookinfo', 9080, {app: 'productpage'}),
    ],
    pods: [
      pod('istiod-0', 'istio-system', {app: 'istiod'}, '10.0.0.1'),
      pod('gateway-0', 'istio-ingress', labels, '10.0.0.2'),
      pod('productpage-0', 'bookinfo', {app: 'productpage', version: 'v1'}, '10.0.0.3'),
    ],
    config: [
      {
        apiVersion,
        kind: 'Gateway',
        metadata: {...metadata, name: 'bookinfo-gateway'},
        spec: {selector: selector ?? {istio: 'ingressgateway'}, servers: [{port, hosts}]},
      },
      {
        apiVersion,
        kind: 'VirtualService',
        metadata: {...metadata, name: 'bookinfo'},
        spec: {hosts: ['*'], gateways, http},
      },
    ],
  });
  const from = {namespace: 'istio-ingress', workload: 'istio-ingressgateway', kind: 'gateway' as const};
  const call = {host: 'bookinfo.example', port: 80, path: '/productpage', headers: {}};
  return explainPages({
    snapshot,
    failedStatic,
    wanted: [{visitor: 'anonymous', from, call, statuses: [200]}],
  });
}

describe('a gateway', () => {
  it('that serves the page has no cause', () => {
    expect(causesOf({})).toEqual([]);
  });

  it.each<[string, Written, string]>([
    ['selector', {selector: {istio: 'ingress'}}, 'spec.selector.istio: "ingress" -> "ingressgateway"'],
    ['port', {number: 8080}, 'spec.servers[0].port.number: 8080 -> 80'],
    ['host', {hosts: ['other.example']}, 'spec.servers[0].hosts: add "bookinfo.example"'],
    ['name', {gateways: ['bookinfo-gatway']}, 'spec.gateways[0]: "bookinfo-gatway" -> "bookinfo-gateway"'],
  ])('with another %s is named with its fix', (_what, written, fix) => {
    expect(causesOf(written)[0]).toMatchObject({code: 'gateway-not-matching', fix});
  });

  it('that leads nowhere but to the page leaves the style sheet out', () => {
    expect(causesOf({}, ['/static/style.css'])).toMatchObject([
      {code: 'static-files-not-routed', fix: 'spec.http[0].match: add {uri: {prefix: /static}}'},
    ]);
    const withStatic = {...page, match: [...page.match, {uri: {prefix: '/static'}}]};
    expect(causesOf({http: [withStatic]}, ['/static/style.css'])).toEqual([]);
  });
});
