import {expect, it, onTestFinished} from 'vitest';
import type {VerifyBrowser, VisitorPage} from '../../verify/observation.ts';
import {fakeKube, item} from './testing/fake-context.ts';
import {createVisits} from './visits.ts';

const pod = (name: string) =>
  item('Pod', name, {
    metadata: {labels: {app: 'productpage'}},
    status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]},
  });

it('has every visitor go round all pods of the page, also those that came since the last check', async () => {
  const cluster = [
    item('Service', 'productpage', {spec: {selector: {app: 'productpage'}}}),
    pod('productpage-a'),
    pod('productpage-b'),
  ];
  const asked = new Map<string, () => string>();
  const browser: VerifyBrowser = {
    description: '',
    async open({url, visitor}) {
      asked.set(visitor, typeof url === 'string' ? () => url : url);
      return {visitor, close: async () => {}} as VisitorPage;
    },
    close: async () => {},
  };
  const visits = createVisits({lend: async () => browser, warmUp() {}, close: async () => {}});
  onTestFinished(() => visits.forget());
  const visitors = ['jason', 'john', 'anonymous'];
  const open = () =>
    visits.pages({
      kube: fakeKube(() => cluster),
      via: 'productpage',
      visitors,
      signal: new AbortController().signal,
    });
  const addresses = (count: number) =>
    visitors.map(visitor => new Set(Array.from({length: count}, () => asked.get(visitor)?.())).size);
  await open();
  expect(addresses(2)).toEqual([2, 2, 2]);
  cluster.push(pod('productpage-c'));
  await open();
  expect(addresses(3)).toEqual([3, 3, 3]);
  expect(asked.get('jason')?.()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/productpage$/);
});
