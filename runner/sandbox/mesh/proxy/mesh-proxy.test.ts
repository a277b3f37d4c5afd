import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {createMeshHarness, type MeshHarness} from '../testing/mesh-harness.ts';

const reviews = 'http://reviews:9080/reviews/0';

const subsets = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: {name: 'reviews'},
  spec: {
    host: 'reviews',
    subsets: ['v1', 'v2', 'v3'].map(version => ({name: version, labels: {version}})),
  },
};

function virtualService(http: unknown[], more: Record<string, unknown> = {}) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {name: 'reviews'},
    spec: {hosts: ['reviews'], http, ...more},
  };
}

const to = (subset: string, weight?: number) => ({
  destination: {host: 'reviews', subset},
  ...(weight === undefined ? {} : {weight}),
});

describe('a mesh over real sockets', () => {
  let mesh: MeshHarness;
  beforeEach(async () => {
    mesh = await createMeshHarness();
    await mesh.service('reviews', [{port: 9080, name: 'http'}]);
    for (const version of ['v1', 'v2', 'v3']) {
      await mesh.pod({
        name: `reviews-${version}`,
        labels: {app: 'reviews', version},
        serviceAccount: 'bookinfo-reviews',
        app: async () => ({}),
      });
    }
    await mesh.pod({
      name: 'productpage',
      labels: {app: 'productpage', version: 'v1'},
      serviceAccount: 'bookinfo-productpage',
    });
    await mesh.pod({name: 'plain', sidecar: false});
  });
  afterEach(() => mesh.close());

  async function seen(times: number, headers: Record<string, string> = {}, from = 'productpage') {
    const counts: Record<string, number> = {};
    for (let index = 0; index < times; index += 1) {
      const {body, status} = await mesh.fetch(from, reviews, {headers});
      const key = status === 200 ? body : String(status);
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }

  it('spreads over all pods without a VirtualService', async () => {
    expect(Object.keys(await seen(40)).sort()).toEqual(['reviews-v1', 'reviews-v2', 'reviews-v3']);
  });

  it('routes to the subset, and jason elsewhere', async () => {
    await mesh.apply([
      subsets,
      virtualService([
        {match: [{headers: {'end-user': {exact: 'jason'}}}], route: [to('v2')]},
        {route: [to('v1')]},
      ]),
    ]);
    expect(await seen(5)).toEqual({'reviews-v1': 5});
    expect(await seen(5, {'end-user': 'jason'})).toEqual({'reviews-v2': 5});
  });

  it('spreads over all pods where a Sidecar resource hides them', async () => {
    const hosts = ['istio-system/*'];
    await mesh.apply([{...subsets, kind: 'Sidecar', spec: {egress: [{hosts}]}}]);
    expect(Object.keys(await seen(40)).sort()).toEqual(['reviews-v1', 'reviews-v2', 'reviews-v3']);
  });

  it('speaks HTTP/2 to a port that is named for it, which no workload understands', async () => {
    await mesh.service('streams', [{port: 9081, name: 'grpc', targetPort: 9080}], {app: 'reviews'});
    const {status, body} = await mesh.fetch('productpage', 'http://streams:9081/');
    expect(status).toBe(502);
    expect(body).toBe(
      'upstream connect error or disconnect/reset before headers. reset reason: protocol error',
    );
  });

  it('resets what REGISTRY_ONLY blocks on a port that no service has', async () => {
    await mesh.apply([], {outboundTrafficPolicy: 'REGISTRY_ONLY'});
    await expect(mesh.fetch('productpage', 'http://reviews:9999/')).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });

  it('does not route for a pod without a sidecar', async () => {
    await mesh.apply([subsets, virtualService([{route: [to('v1')]}])]);
    expect(Object.keys(await seen(40, {}, 'plain')).length).toBe(3);
  });

  it('answers as Envoy does where there is nowhere to go', async () => {
    await mesh.apply([virtualService([{route: [to('v1')]}])], {accessLogFile: '/dev/stdout'});
    expect(await mesh.fetch('productpage', reviews)).toMatchObject({
      status: 503,
      body: '',
      headers: {server: 'envoy', 'content-length': '0'},
    });
    expect(mesh.logs('productpage').at(-1)).toMatch(/"GET \/reviews\/0 HTTP\/1.1" 503 NC cluster_not_found/);
  });

  it('tells both applications who calls', async () => {
    const answer = await mesh.fetch('productpage', reviews);
    const headers: Record<string, unknown> = mesh.received.at(-1)?.headers ?? {};
    expect(headers['x-forwarded-client-cert']).toContain(
      'URI=spiffe://cluster.local/ns/bookinfo/sa/bookinfo-productpage',
    );
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-envoy-attempt-count']).toBe('1');
    expect(answer.headers['server']).toBe('envoy');
    expect(mesh.proxy('productpage')?.runtime.metrics.text()).toMatch(
      /istio_requests_total\{reporter="source",source_workload="productpage".*destination_service="reviews\.bookinfo\.svc\.cluster\.local".*response_code="200"/,
    );
  });
});
