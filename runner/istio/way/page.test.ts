import {describe, expect, it} from 'vitest';
import {type WorldOptions, world} from '../testing/bookinfo-world.ts';
import {
  allSubsets,
  destinationRule,
  reviewsHost,
  sidecar,
  toSubset,
  virtualService,
} from '../testing/manifests.ts';
import {wayOfCall, wayOfPage} from './page.ts';
import type {Hop, PageWay} from './way.ts';

function wayOf(options: WorldOptions, visitor = 'jason'): PageWay {
  const signedIn = visitor === 'anonymous' ? {} : {signedInAs: visitor};
  return wayOfPage({snapshot: world(options), visitor, via: 'productpage', ...signedIn});
}

function seen(options: WorldOptions, visitor?: string): string {
  return wayOf(options, visitor)
    .sees.map(({share, reviews, details, ms}) =>
      [
        share > 0.99 ? '' : `${Math.round(share * 100)} %`,
        reviews,
        details === 'missing' ? 'no details' : '',
        ms > 0 ? `${ms} ms` : '',
      ]
        .filter(Boolean)
        .join(' '),
    )
    .sort()
    .join(', ');
}

const callsOf = ({entry}: PageWay) => entry.branches.flatMap(({next}) => next);

function toReviews(options: WorldOptions, visitor?: string): Hop {
  const hop = callsOf(wayOf(options, visitor)).find(({request}) => request.host === 'reviews');
  if (!hop) throw new Error('nobody calls reviews');
  return hop;
}

const ratings = (http: string) => virtualService(http, {name: 'ratings', hosts: 'ratings'});
const toRatings = 'route: [{destination: {host: ratings}}]';
const allTo = (subset: string) => allSubsets + virtualService(`{${toSubset(subset)}}`);

describe('the way of a page', () => {
  it('goes to details and reviews, and from the versions with stars on to ratings', () => {
    const calls = callsOf(wayOf({}));
    expect(calls.map(({request}) => request.host)).toEqual(['details', 'reviews']);
    const behind = calls[1]?.branches.map(({to, next}) => [
      to?.version,
      next.map(({request}) => request.host),
    ]);
    expect(behind).toEqual([
      ['v1', []],
      ['v2', ['ratings']],
      ['v3', ['ratings']],
    ]);
    expect(seen({})).toBe('33 % black, 33 % none, 33 % red');
  });

  it('names the rule and the entry that decide', () => {
    const config =
      allSubsets +
      virtualService(
        `{match: [{headers: {end-user: {exact: jason}}}], ${toSubset('v2')}}, {${toSubset('v3')}}`,
      );
    expect(toReviews({config}).decision).toEqual({
      kind: 'rule',
      at: {
        object: {kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews'},
        path: 'spec.http[0].match[0]',
      },
      text: 'end-user exact jason',
    });
    expect(seen({config})).toBe('black');
    expect(seen({config}, 'anonymous')).toBe('red');
    expect(toReviews({config}, 'john').notApplied).toMatchObject([
      {path: 'spec.http[0].match[0]', reason: 'request-does-not-match'},
    ]);
  });

  it('adds up a delay with the limits of both callers', () => {
    const late = (delay: string) =>
      ratings(`{fault: {delay: {fixedDelay: ${delay}, percentage: {value: 100}}}, ${toRatings}}`);
    expect(seen({config: allTo('v2') + late('2s')})).toBe('black 2000 ms');
    expect(seen({config: allTo('v2') + late('7s')})).toBe('reviews-missing 6000 ms');
    expect(seen({config: allTo('v3') + late('2.6s')})).toBe('ratings-missing 2500 ms');
    expect(seen({config: allTo('v1') + late('7s')})).toBe('none');
  });

  it('keeps a fault to those whom its rule is for', () => {
    const config =
      allTo('v2') +
      ratings(
        `{match: [{headers: {end-user: {exact: jason}}}], fault: {abort: {httpStatus: 500, percentage: {value: 100}}}, retries: {attempts: 5, retryOn: 5xx}, ${toRatings}}, {${toRatings}}`,
      );
    expect(seen({config})).toBe('ratings-missing');
    expect(seen({config}, 'john')).toBe('black');
  });

  it('finds that a subset which nobody declares fails every other call, and the page one of four', () => {
    const config =
      allSubsets +
      virtualService(
        `{route: [{destination: {host: ${reviewsHost}, subset: v2}, weight: 50}, {destination: {host: ${reviewsHost}, subset: v4}, weight: 50}]}`,
      );
    expect(seen({config})).toBe('25 % reviews-missing, 75 % black');
  });

  it('sees mutual TLS from both sides', () => {
    const strict = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
---
`;
    const plain = `
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}
---
`;
    expect(seen({config: strict + allTo('v2')})).toBe('black');
    expect(seen({config: strict + plain})).toBe('reviews-missing');
    expect(toReviews({config: strict + plain}).branches[0]?.tls).toEqual({
      client: 'plain-text',
      clientBy: {
        object: {kind: 'DestinationRule', namespace: 'bookinfo', name: 'reviews'},
        path: 'spec.trafficPolicy.tls',
      },
      server: 'STRICT',
      serverBy: {
        object: {kind: 'PeerAuthentication', namespace: 'bookinfo', name: 'default'},
        path: 'spec.mtls.mode',
      },
      works: false,
    });
  });

  it('names the policy that lets in, and those that do not', () => {
    const policy = (name: string, spec: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}}
spec: ${spec}
---
`;
    const nobody = policy('nobody', '{}');
    const page = policy(
      'page',
      '{rules: [{from: [{source: {principals: [cluster.local/ns/bookinfo/sa/bookinfo-productpage]}}]}]}',
    );
    expect(seen({config: nobody})).toBe('reviews-missing no details');
    expect(seen({config: nobody + page + allTo('v2')})).toBe('ratings-missing');
    const hop = toReviews({config: nobody + page + allTo('v2')});
    expect(hop.branches[0]?.policy).toMatchObject({allowed: true, by: {path: 'spec.rules[0]'}});
    const refused = hop.branches[0]?.next[0]?.branches[0]?.policy;
    expect(refused).toMatchObject({
      allowed: false,
      principal: 'cluster.local/ns/bookinfo/sa/bookinfo-reviews',
      others: [
        {object: {name: 'nobody'}, because: 'has no rule, so it allows nobody'},
        {object: {name: 'page'}, because: 'allows only cluster.local/ns/bookinfo/sa/bookinfo-productpage'},
      ],
    });
  });

  it('asks no rule about HTTP on a port that is not HTTP', () => {
    const config =
      allTo('v2') +
      `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers}
spec: {selector: {matchLabels: {app: reviews}}, rules: [{to: [{operation: {methods: [GET]}}]}]}
---
`;
    expect(seen({config})).toBe('black');
    const hop = toReviews({config, reviewsPort: {port: 9080, name: 'tcp-reviews'}});
    expect(hop.decision).toEqual({kind: 'tcp', portName: 'tcp-reviews'});
    expect(hop.notApplied[0]?.reason).toBe('port-not-http');
    expect(hop.answers[0]?.ending).toBe('refused');
  });

  it.each([
    ['gateway-only', virtualService(`{${toSubset('v1')}}`, {more: 'gateways: [front]'})],
    [
      'not-exported',
      virtualService(`{${toSubset('v1')}}`, {namespace: 'default', hosts: reviewsHost, exportTo: '"."'}),
    ],
    ['other-namespace', virtualService(`{${toSubset('v1')}}`, {namespace: 'default'})],
    ['half-a-name', virtualService(`{${toSubset('v1')}}`, {hosts: 'reviews.bookinfo'})],
    ['other-host', virtualService(`{${toSubset('v1')}}`, {hosts: 'reviewz'})],
    ['other-port', virtualService(`{match: [{port: 80}], ${toSubset('v1')}}`)],
    ['other-caller', virtualService(`{match: [{sourceLabels: {app: nobody}}], ${toSubset('v1')}}`)],
    ['hidden-by-sidecar-resource', virtualService(`{${toSubset('v1')}}`) + sidecar('"istio-system/*"')],
  ])('says of a VirtualService that does not apply: %s', (reason, config) => {
    expect(toReviews({config: allSubsets + config}).notApplied.map(each => each.reason)).toEqual([reason]);
    expect(seen({config: allSubsets + config})).toBe('33 % black, 33 % none, 33 % red');
  });

  it('says which of two VirtualServices is not used', () => {
    const config = allTo('v1') + virtualService(`{${toSubset('v2')}}`, {name: 'younger'});
    expect(toReviews({config}).notApplied).toMatchObject([
      {object: {name: 'younger'}, reason: 'older-one-wins'},
    ]);
  });

  it('says that a rule would fit and stands behind another', () => {
    const config =
      allSubsets +
      virtualService(
        `{${toSubset('v1')}}, {match: [{headers: {end-user: {exact: jason}}}], ${toSubset('v2')}}`,
      );
    expect(toReviews({config}).notApplied).toMatchObject([
      {path: 'spec.http[1].match[0]', reason: 'earlier-rule-wins'},
    ]);
    expect(toReviews({config}, 'john').notApplied).toEqual([]);
  });

  it('says nothing of objects that are for something else', () => {
    const config =
      ratings(`{${toRatings}}`) +
      virtualService('{route: [{destination: {host: productpage}}]}', {
        name: 'front',
        hosts: '"*"',
        more: 'gateways: [front]',
      }) +
      destinationRule(['v1'], {name: 'details', host: 'details'});
    expect(callsOf(wayOf({config})).flatMap(({notApplied}) => notApplied)).toEqual([]);
  });

  it('blocks what a Sidecar does not list where the registry is all there is', () => {
    const config = sidecar('"istio-system/*"', {more: 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}'});
    expect(toReviews({config}).decision).toEqual({
      kind: 'blocked',
      scope: {kind: 'Sidecar', namespace: 'bookinfo', name: 'default'},
    });
    expect(seen({config})).toBe('reviews-missing no details');
  });

  it('says which Service or port is not there', () => {
    const elsewhere = toReviews({reviewsPort: {port: 9081, name: 'http'}});
    expect(elsewhere.decision).toEqual({kind: 'no-port', ports: [9081]});
    const hop = wayOfCall({
      snapshot: world({}),
      from: {namespace: 'bookinfo', workload: 'productpage'},
      call: {host: 'reviewz', port: 9080, path: '/', headers: {}},
    });
    expect(hop?.decision).toEqual({kind: 'no-service'});
    expect(seen({without: ['productpage-v1']})).toBe('');
    expect(wayOf({without: ['productpage-v1']}).sees).toMatchObject([{share: 1, status: 0}]);
  });

  it('tells what an object would say that it does not understand', () => {
    const config = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews}
spec: {parentRefs: [{kind: Service, name: reviews}]}
---
`;
    expect(wayOf({config}).unknown).toEqual([
      'HTTPRoute bookinfo/reviews is for reviews, and what it does is not known here',
    ]);
  });
});
