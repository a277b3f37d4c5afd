import {describe, expect, it} from 'vitest';
import type {Kube, KubeItem} from '../clusters/kube/kube.ts';
import {waitedFor} from './waiting.ts';

function item(kind: string, namespace: string, name: string, rest: object): KubeItem {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {name, namespace, uid: name, creationTimestamp: '2026-01-01T00:00:00Z'},
    ...rest,
  };
}

/** A cluster of these objects, in which only some namespaces may be read. */
function clusterOf(objects: readonly KubeItem[], readable?: readonly string[]): Kube {
  const kinds: Record<string, string> = {pods: 'Pod', events: 'Event', 'deployments.apps': 'Deployment'};
  return {
    async list(resource: string, {namespace}: {namespace?: string} = {}) {
      if (readable && !readable.includes(namespace ?? '')) throw new Error(`may not list ${resource}`);
      return objects.filter(
        ({kind, metadata}) =>
          kind === kinds[resource] && (namespace === undefined || metadata.namespace === namespace),
      );
    },
  } as Partial<Kube> as Kube;
}

const pending = (namespace: string, name: string) =>
  item('Pod', namespace, name, {status: {phase: 'Pending'}});
const noPods = item('Deployment', 'bookinfo', 'reviews-v1', {
  status: {
    conditions: [
      {type: 'Available', status: 'False', message: 'Deployment does not have minimum availability.'},
      {type: 'ReplicaFailure', status: 'True', message: 'failed calling webhook "rev.object": no endpoints'},
    ],
  },
});

describe('what a wait is for', () => {
  it('is a pod that is not ready, and none of those that others have in a shared cluster', async () => {
    const objects = [pending('elsewhere', 'theirs'), pending('bookinfo', 'ours')];
    expect(await waitedFor(clusterOf(objects, ['bookinfo']), ['bookinfo'])).toBe('pod bookinfo/ours');
    expect(await waitedFor(clusterOf([pending('elsewhere', 'theirs')]), ['bookinfo'])).toBeUndefined();
    expect(await waitedFor(clusterOf(objects))).toContain('and 1 more');
  });

  it('is why a Deployment gets no pod at all', async () => {
    expect(await waitedFor(clusterOf([noPods]))).toBe(
      'deployment bookinfo/reviews-v1 gets no pod: failed calling webhook "rev.object": no endpoints',
    );
  });
});
