import {describe, expect, it} from 'vitest';
import {buildRoutes} from './build-routes.ts';
import {explainRoute} from './explain-route.ts';
import {productpage, seeded, world} from './testing/bookinfo-world.ts';

const rule = (subset: string, match = '') =>
  `{${match ? `match: [${match}], ` : ''}route: [{destination: {host: reviews, subset: ${subset}}}]}`;
const virtualService = (name: string, rules: string, more = '') => `
kind: VirtualService
metadata: {name: ${name}${more}}
spec: {hosts: [reviews], http: [${rules}]}
---
`;
const jason = '{headers: {end-user: {exact: jason}}}';

function explain(config: string, headers: Record<string, string> = {}) {
  const routes = buildRoutes(world({config}), productpage);
  const request = {
    method: 'GET',
    authority: 'reviews:9080',
    path: '/reviews/0',
    scheme: 'http',
    headers,
    port: 9080,
  };
  return explainRoute(routes, request, seeded(1));
}

describe('the explanation of a route', () => {
  it('says why the rule of jason did not match', () => {
    const {matches} = explain(virtualService('reviews', `${rule('v2', jason)}, ${rule('v1')}`), {
      'end-user': 'Jason',
    });
    expect(matches).toMatchObject([
      {
        rule: 0,
        match: 0,
        outcome: 'not-matched',
        mismatches: [{field: 'headers.end-user', wants: {exact: 'jason'}, found: 'Jason'}],
      },
      {rule: 1, outcome: 'matched'},
    ]);
  });

  it('says that a rule stands behind one that takes everything', () => {
    const {matches} = explain(virtualService('reviews', `${rule('v1')}, ${rule('v2', jason)}`), {
      'end-user': 'jason',
    });
    expect(matches.map(({outcome}) => outcome)).toEqual(['matched', 'not-reached']);
  });

  it('says which of several VirtualServices is in force', () => {
    const config =
      virtualService('older', rule('v1')) +
      virtualService('newer', rule('v2')) +
      virtualService('lost', rule('v2'), ', namespace: default') +
      virtualService('filtered', rule('v2', '{sourceLabels: {app: nobody}}'));
    expect(explain(config).virtualServices.map(({ref, outcome}) => [ref.name, outcome])).toEqual([
      ['older', 'used'],
      ['newer', 'overruled'],
      ['lost', 'other-host'],
      ['filtered', 'no-rule-for-proxy'],
    ]);
  });

  it('says which DestinationRule holds', () => {
    const destinationRule = (name: string, host: string, subset: string) =>
      `kind: DestinationRule\nmetadata: {name: ${name}}\nspec: {host: "${host}", subsets: [{name: ${subset}, labels: {version: ${subset}}}]}\n---\n`;
    const config =
      destinationRule('wildcard', '*.bookinfo.svc.cluster.local', 'v2') +
      destinationRule('exact', 'reviews', 'v1') +
      virtualService('reviews', rule('v2'));
    const {decision, destinationRules} = explain(config);
    expect(decision.kind).toBe('unknown-cluster');
    expect(destinationRules.map(({ref, outcome}) => [ref.name, outcome])).toEqual([
      ['wildcard', 'hidden-by-exact-host'],
      ['exact', 'used'],
    ]);
  });
});
