import {expect, it} from 'vitest';
import type {Pod} from '../objects.ts';
import {createUnscheduledPods} from './unscheduled-pods.ts';

function pod(name: string, cpu: string): Pod {
  const containers = [{name: 'c', image: name, resources: {requests: {cpu}}}];
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name, namespace: 'n'}, spec: {containers}} as Pod;
}

it('names one pod of each kind, and the next when that one has left', () => {
  const pods = createUnscheduledPods();
  for (let number = 0; number < 1000; number += 1) {
    expect(pods.add(pod(`small-${number}`, '1m'))).toBe(true);
    pods.add(pod(`large-${number}`, '8'));
  }
  expect(pods.first()).toEqual(['n/small-0', 'n/large-0']);
  expect(pods.add(pod('small-0', '1m'))).toBe(false);
  pods.remove('n/small-0');
  expect(pods.after(pod('small-0', '1m'))).toBe('n/small-1');
  expect(pods.like(pod('large-7', '8'))).toHaveLength(1000);
  // Resized while it waits, it is of another kind.
  expect(pods.add(pod('small-1', '8'))).toBe(true);
  expect(pods.first()).toEqual(['n/small-2', 'n/large-0']);
});
