import {describe, expect, it} from 'vitest';
import {type Inventory, type InventoryItem, itemText, leftovers, takeInventory} from './inventory.ts';
import type {Kube} from './kube.ts';
import {KubeError} from './rest.ts';

const label = {name: 'istio-workshop', value: 'workshop-1a2b'};
const run = {label, namespaces: ['bookinfo', 'istio-system'], installed: true};
const ours = {labels: {[label.name]: label.value}};
const ofHelm = {annotations: {'meta.helm.sh/release-namespace': 'istio-system'}};

function item(resource: string, name: string, more: Partial<InventoryItem> = {}): InventoryItem {
  return {
    kind: resource,
    resource,
    name,
    uid: `uid-${resource}-${name}`,
    labels: {},
    annotations: {},
    ...more,
  };
}

const of = (...items: readonly InventoryItem[]): Inventory => ({items, hidden: []});
const left = (before: Inventory, after: Inventory, changed = {}): readonly string[] =>
  leftovers(before, after, {...run, ...changed}).map(itemText);

describe('what a run has left', () => {
  it.each([
    ['a namespace that it labelled', item('namespaces', 'bookinfo', ours)],
    ['anything else that it labelled', item('clusterroles', 'reader', ours)],
    ['what its charts made for the whole cluster', item('clusterroles', 'istiod', ofHelm)],
    ['what its istiod wrote for others', item('configmaps', 'root', {labels: {'istio.io/config': 'true'}})],
  ])('is %s', (_, object) => {
    expect(left(of(), of(object))).toEqual([itemText(object)]);
  });

  it.each([
    [
      'what was there before, whoever labelled it',
      of(item('namespaces', 'bookinfo', ours)),
      item('namespaces', 'bookinfo', ours),
    ],
    ['what others made meanwhile', of(), item('namespaces', 'shop')],
    ['what another run made', of(), item('namespaces', 'b', {labels: {[label.name]: 'workshop-9'}})],
    [
      'what others installed beside it',
      of(),
      item('clusterroles', 'a', {annotations: {'meta.helm.sh/release-namespace': 'shop'}}),
    ],
    ['a namespace of a lab that somebody made since', of(), item('namespaces', 'istio-system')],
    [
      'what a release made in a namespace that was there before',
      of(item('namespaces', 'istio-system')),
      item('clusterroles', 'istiod', ofHelm),
    ],
  ])('is not %s', (_, before, object) => {
    expect(left(before, of(object))).toEqual([]);
  });

  it('is an object of the same name that was made anew', () => {
    const again = item('namespaces', 'bookinfo', {...ours, uid: 'another'});
    expect(left(of(item('namespaces', 'bookinfo')), of(again))).toEqual(['namespaces bookinfo']);
  });

  it('is nothing of an Istio that was there before the run', () => {
    expect(left(of(), of(item('clusterroles', 'istiod', ofHelm)), {installed: false})).toEqual([]);
  });
});

describe('an inventory', () => {
  const answer = (code: number): Kube =>
    ({
      list: async (resource: string) => {
        if (resource === 'secrets') throw new KubeError(code, 'no');
        if (resource !== 'pods') return [];
        return [{kind: 'Pod', metadata: {name: 'a', namespace: 'b', uid: 'u'}, spec: {secret: 'x'}}];
      },
    }) as unknown as Kube;

  it('holds no more of an object than tells whose it is, and names what may not be listed', async () => {
    expect(await takeInventory(answer(403))).toEqual({
      items: [
        {kind: 'Pod', resource: 'pods', name: 'a', namespace: 'b', uid: 'u', labels: {}, annotations: {}},
      ],
      hidden: ['secrets'],
    });
  });

  it('does without a type that has gone, and not without a cluster', async () => {
    expect((await takeInventory(answer(404))).hidden).toEqual([]);
    await expect(takeInventory(answer(500))).rejects.toThrow('no');
  });
});
