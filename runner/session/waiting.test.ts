import {describe, expect, it} from 'vitest';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {createPatience, reportWaiting, waitedFor} from './waiting.ts';

function pod(name: string, created: string, status: object): KubeItem {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'istio-system', uid: name, creationTimestamp: created},
    status,
  };
}

it('tells of the youngest pod that is not ready what it waits for, and how many are like it', async () => {
  const failing = {
    containerStatuses: [
      {image: 'pilot:1', state: {waiting: {reason: 'ImagePullBackOff', message: 'no such host'}}},
    ],
  };
  const pods = [
    pod('old', '2026-01-01T00:00:00Z', {phase: 'Pending'}),
    pod('istiod-1', '2026-01-01T00:01:00Z', failing),
    pod('fine', '2026-01-01T00:02:00Z', {conditions: [{type: 'Ready', status: 'True'}]}),
  ];
  const kube = {list: async (resource: string) => (resource === 'pods' ? pods : [])} as unknown as Kube;
  expect(await waitedFor(kube)).toMatch(
    /^2 pods are not ready; pod istiod-1: the image pilot:1 can't be pulled .*the node does not reach the registry.*; \d+ s so far$/,
  );
});

it('says what is waited for when it is another thing, and else every tenth look', async () => {
  const stop = new AbortController();
  const said: string[] = [];
  let looks = 0;
  await reportWaiting({
    async look() {
      looks += 1;
      if (looks === 30) stop.abort();
      return looks < 5
        ? undefined
        : looks < 8
          ? `pod a: pulling; ${looks} s so far`
          : `pod b: pulling; ${looks} s so far`;
    },
    say: text => void said.push(text),
    signal: stop.signal,
    pause: async () => {},
  });
  expect(said).toEqual([
    'pod a: pulling; 5 s so far',
    'pod b: pulling; 8 s so far',
    'pod b: pulling; 18 s so far',
    'pod b: pulling; 28 s so far',
  ]);
});

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

it('says how far a long work is, and nothing of a short one or of one that speaks itself', () => {
  let now = 0;
  const said: number[] = [];
  const patience = createPatience(
    elapsed => said.push(elapsed),
    () => now,
  );
  for (now = 1000; now <= 30_000; now += 1000) {
    if (now === 15_000) patience.heard();
    patience.tick();
  }
  expect(said).toEqual([2000, 12_000, 25_000]);
});

describe('a wait of which the cluster knows nothing', () => {
  it('is said to be one from the second look on', async () => {
    const stop = new AbortController();
    const said: string[] = [];
    let looks = 0;
    await reportWaiting({
      async look() {
        looks += 1;
        if (looks === 4) stop.abort();
        return looks === 3 ? 'pod a: pulling' : undefined;
      },
      otherwise: () => 'the command is at work',
      say: text => void said.push(`${looks} ${text}`),
      signal: stop.signal,
      pause: async () => {},
    });
    expect(said).toEqual(['2 the command is at work', '3 pod a: pulling']);
  });

  it('is said also where the cluster hangs', async () => {
    const stop = new AbortController();
    const said: string[] = [];
    await reportWaiting({
      look: () => new Promise(() => {}),
      otherwise: isHung => `the command is at work${isHung ? ', the cluster is not' : ''}`,
      say(text) {
        said.push(text);
        if (said.length === 2) stop.abort();
      },
      signal: stop.signal,
      pause: async () => {},
    });
    expect(said).toEqual(['the command is at work', 'the command is at work, the cluster is not']);
  });
});

describe('what a wait is for', () => {
  it('is a pod that is not ready, and none of those that others have in a shared cluster', async () => {
    const objects = [pending('elsewhere', 'theirs'), pending('bookinfo', 'ours')];
    expect(await waitedFor(clusterOf(objects, ['bookinfo']), ['bookinfo'])).toMatch(/^pod ours: /);
    expect(await waitedFor(clusterOf([pending('elsewhere', 'theirs')]), ['bookinfo'])).toBeUndefined();
    expect(await waitedFor(clusterOf(objects))).toMatch(/^2 pods are not ready; /);
  });

  it('is why a Deployment gets no pod at all', async () => {
    expect(await waitedFor(clusterOf([noPods]))).toBe(
      'deployment bookinfo/reviews-v1 gets no pod: failed calling webhook "rev.object": no endpoints',
    );
  });
});
