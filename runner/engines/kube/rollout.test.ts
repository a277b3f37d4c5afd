import {describe, expect, it} from 'vitest';
import type {KubeItem} from './kube.ts';
import {rolloutOf} from './rollout.ts';

function workload(
  kind: string,
  {spec, status, metadata}: {spec?: object; status?: object; metadata?: object},
): KubeItem {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: {name: 'reviews', uid: 'u', generation: 3, ...metadata},
    spec: {replicas: 2, ...spec},
    status: {observedGeneration: 3, ...status},
  };
}

const deployed = {replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2};
const stateful = {...deployed, currentRevision: 'b', updateRevision: 'b'};
const daemons = {desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2};

describe('a rollout is done', () => {
  it.each([
    ['Deployment', deployed, {}],
    ['StatefulSet', stateful, {}],
    [
      'StatefulSet',
      {...stateful, updatedReplicas: 1, updateRevision: 'c'},
      {updateStrategy: {rollingUpdate: {partition: 1}}},
    ],
    ['DaemonSet', daemons, {}],
    ['ReplicaSet', deployed, {}],
  ])('for a %s of which everything is new and available', (kind, status, spec) => {
    expect(rolloutOf(workload(kind, {status, spec}))).toEqual({state: 'done', wanted: 2, text: ''});
  });
});

describe('a rollout is not done', () => {
  it.each([
    ['Deployment', 'has 1 of 2 new pods', {...deployed, updatedReplicas: 1}],
    ['Deployment', 'still has 1 old pod', {...deployed, replicas: 3}],
    ['Deployment', 'has 1 of 2 pods available', {...deployed, availableReplicas: 1}],
    ['Deployment', 'has 0 of 2 new pods', {}],
    ['StatefulSet', 'has 1 of 2 new pods', {...stateful, updatedReplicas: 1, currentRevision: 'a'}],
    ['StatefulSet', 'has 1 of 2 pods available', {...stateful, readyReplicas: 1}],
    ['StatefulSet', 'has 0 of 2 new pods', {}],
    ['DaemonSet', 'has 1 of 2 new pods', {...daemons, updatedNumberScheduled: 1}],
    ['DaemonSet', 'has 1 of 2 pods available', {...daemons, numberAvailable: 1}],
    ['ReplicaSet', 'has 1 of 2 pods available', {...deployed, availableReplicas: 1}],
  ])('while a %s %s', (kind, text, status) => {
    expect(rolloutOf(workload(kind, {status}))).toEqual({
      state: 'waiting',
      wanted: 2,
      text: `${kind.toLowerCase()} reviews ${text}`,
    });
  });

  it.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])(
    'while the status of a %s is that of an earlier generation, or of none',
    kind => {
      const complete = {...deployed, ...stateful, ...daemons};
      for (const observedGeneration of [2, undefined])
        expect(rolloutOf(workload(kind, {status: {...complete, observedGeneration}})).state).toBe('waiting');
    },
  );

  it.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])('while a %s is being deleted', kind => {
    const metadata = {deletionTimestamp: '2026-11-30T10:00:00Z'};
    const status = {...deployed, ...stateful, ...daemons};
    expect(rolloutOf(workload(kind, {status, metadata}))).toMatchObject({
      state: 'waiting',
      text: `${kind.toLowerCase()} reviews is being deleted`,
    });
  });

  it('with no pod at all, which kubectl calls rolled out', () => {
    const none = {spec: {replicas: 0}, status: {}};
    for (const kind of ['Deployment', 'StatefulSet', 'ReplicaSet'])
      expect(rolloutOf(workload(kind, none)).state).toBe('scaled-to-zero');
    expect(rolloutOf(workload('DaemonSet', none)).state).toBe('waiting');
  });

  it('for what has no pods of its own', () => {
    expect(rolloutOf(workload('Service', {})).state).toBe('not-a-workload');
  });

  it('and says why the API server refuses its pods, or that it took too long', () => {
    const conditions = [{type: 'ReplicaFailure', status: 'True', message: 'exceeded quota'}];
    expect(rolloutOf(workload('Deployment', {status: {conditions}})).text).toContain(': exceeded quota');
    const late = [{type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded'}];
    expect(
      rolloutOf(workload('Deployment', {status: {...deployed, availableReplicas: 0, conditions: late}})).text,
    ).toBe('deployment reviews has 0 of 2 pods available and has exceeded its progress deadline');
  });
});
