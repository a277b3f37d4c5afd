import {describe, expect, it} from 'vitest';
import {isSettled, proxiesIn} from './proxies-settled.ts';

const taken = {proxy: 'a', cluster_sent: '1', cluster_acked: '1', route_sent: '2', route_acked: '2'};

describe('settled', () => {
  it('is what every proxy has acknowledged, where a kind may never have been sent', () => {
    expect(isSettled([taken, {proxy: 'b', cluster_sent: '7', cluster_acked: '7'}])).toBe(true);
  });

  it('is not what one proxy has yet to acknowledge', () => {
    expect(isSettled([taken, {...taken, route_sent: '3'}])).toBe(false);
    expect(isSettled([taken, {...taken, listener_sent: '1', listener_acked: undefined}])).toBe(false);
  });
});

/** What istiod 1.30.4-dev answers when a proxy has taken its clusters and not yet its routes, with shorter nonces. */
const answered = [
  {
    cluster_id: 'Kubernetes',
    proxy: 'productpage-v1-64c6885d4f-b2g89.bookinfo',
    proxy_type: 'sidecar',
    istio_version: '1.30.3',
    cluster_sent: '2026-11-28T09:38:47Z/62f05cdb',
    cluster_acked: '2026-11-28T09:38:47Z/62f05cdb',
    route_sent: '2026-11-28T09:38:47Z/67419901',
    route_acked: '2026-11-28T09:38:12Z/5887d7f8',
    resources: {'type.googleapis.com/envoy.config.route.v3.RouteConfiguration': {sent: '67419901'}},
  },
  {...taken, proxy: 'istio-ingressgateway-84dc7f4765-jkfhf.istio-ingress', proxy_type: 'router'},
];

describe('the proxies of a mesh that others use too', () => {
  it('count only where the labs are', () => {
    expect(isSettled(proxiesIn(answered, undefined))).toBe(false);
    expect(isSettled(proxiesIn(answered, ['bookinfo']))).toBe(false);
    expect(isSettled(proxiesIn(answered, ['istio-ingress']))).toBe(true);
    expect(proxiesIn(answered, ['elsewhere'])).toEqual([]);
  });
});
