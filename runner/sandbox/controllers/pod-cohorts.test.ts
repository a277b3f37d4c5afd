import fc from 'fast-check';
import {expect, it} from 'vitest';
import type {Pod} from '../objects.ts';
import {createPodCohorts} from './pod-cohorts.ts';
import {isActive, isReady} from './pods.ts';

const change = fc.record({
  uid: fc.nat(8).map(String),
  namespace: fc.constantFrom('a', 'b'),
  app: fc.constantFrom('x', 'y'),
  owner: fc.constantFrom(undefined, 'set-1', 'set-2'),
  phase: fc.constantFrom('Pending', 'Running', 'Failed'),
  ready: fc.boolean(),
  isGoing: fc.boolean(),
  isGone: fc.boolean(),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function podOf({uid, namespace, app, owner, phase, ready, isGoing}: Change): Pod {
  const reference = {apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner ?? '', uid: owner ?? ''};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: uid,
      uid: `${namespace}/${uid}`,
      namespace,
      labels: {app},
      ...(owner ? {ownerReferences: [{...reference, controller: true}]} : {}),
      ...(isGoing ? {deletionTimestamp: '2026-01-01T00:00:00Z'} : {}),
    },
    spec: {containers: []},
    status: {phase, conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}]},
  } as Pod;
}

it('counts as if it looked at all pods after each change', () => {
  const changes = fc.array(change, {maxLength: 60});
  fc.assert(
    fc.property(changes, list => {
      const cohorts = createPodCohorts();
      const pods = new Map<string, Pod>();
      for (const one of list) {
        const pod = podOf(one);
        cohorts.note(pod, one.isGone);
        if (one.isGone) pods.delete(pod.metadata.uid ?? '');
        else pods.set(pod.metadata.uid ?? '', pod);
        const active = [...pods.values()].filter(
          each => each.metadata.namespace === one.namespace && isActive(each),
        );
        const found = cohorts.of(one.namespace);
        const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
        expect(sum(found.map(cohort => cohort.active))).toBe(active.length);
        expect(sum(found.map(cohort => cohort.ready))).toBe(active.filter(isReady).length);
        for (const {labels, owner, active: count} of found) {
          const same = active.filter(
            each =>
              each.metadata.labels?.['app'] === labels['app'] &&
              each.metadata.ownerReferences?.[0]?.uid === owner?.uid,
          );
          expect(count).toBe(same.length);
        }
      }
    }),
    {seed: 1},
  );
});
