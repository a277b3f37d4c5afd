import {describe, expect, it} from 'vitest';
import {rolloutState} from './rollout.ts';

const rolling = {type: 'RollingUpdate'};
const onDelete = {type: 'OnDelete'};

function state(kind: string, spec: object, status: object, generation = 2): string {
  const {text, done} = rolloutState(kind, {
    metadata: {name: 'it', generation},
    spec,
    status: {observedGeneration: 2, ...status},
  });
  expect(text.endsWith('...\n') || done).toBe(true);
  return `${text.trimEnd()}${done ? ' (over)' : ''}`;
}

/** The words of kubectl 1.33: https://github.com/kubernetes/kubectl/blob/v0.33.0/pkg/polymorphichelpers/rollout_status.go */
describe('the rollout of a StatefulSet', () => {
  const set = (status: object, partition = 0): string =>
    state(
      'StatefulSet',
      {replicas: 3, updateStrategy: {...rolling, rollingUpdate: {partition}}},
      {currentRevision: 'it-1', updateRevision: 'it-2', ...status},
    );

  it('waits for its pods, then for the new ones above the partition', () => {
    expect(set({readyReplicas: 1})).toBe('Waiting for 2 pods to be ready...');
    expect(set({})).toBe('Waiting for 3 pods to be ready...');
    expect(set({readyReplicas: 3})).toBe(
      'Waiting for partitioned roll out to finish: 0 out of 3 new pods have been updated...',
    );
    expect(set({readyReplicas: 3, updatedReplicas: 1}, 1)).toBe(
      'Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...',
    );
    expect(set({readyReplicas: 3, updatedReplicas: 2}, 1)).toBe(
      'partitioned roll out complete: 2 new pods have been updated... (over)',
    );
  });

  it('goes by the revisions where the strategy has no settings', () => {
    const bare = (status: object) => state('StatefulSet', {replicas: 3, updateStrategy: rolling}, status);
    const both = {readyReplicas: 3, currentRevision: 'it-1', updateRevision: 'it-2'};
    expect(bare({...both, updatedReplicas: 1})).toBe(
      'waiting for statefulset rolling update to complete 1 pods at revision it-2...',
    );
    expect(bare({...both, currentRevision: 'it-2', currentReplicas: 3})).toBe(
      'statefulset rolling update complete 3 pods at revision it-2... (over)',
    );
  });

  it('is not observed yet', () => {
    expect(state('StatefulSet', {replicas: 3, updateStrategy: rolling}, {readyReplicas: 3}, 3)).toBe(
      'Waiting for statefulset spec update to be observed...',
    );
  });
});

describe('the rollout of a DaemonSet', () => {
  const set = (status: object, generation = 2) =>
    state('DaemonSet', {updateStrategy: rolling}, status, generation);

  it('waits until each node has its new pod, and until that is available', () => {
    expect(set({desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2})).toBe(
      'Waiting for daemon set "it" rollout to finish: 1 out of 2 new pods have been updated...',
    );
    expect(set({desiredNumberScheduled: 2, updatedNumberScheduled: 2})).toBe(
      'Waiting for daemon set "it" rollout to finish: 0 of 2 updated pods are available...',
    );
    expect(set({desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2})).toBe(
      'daemon set "it" successfully rolled out (over)',
    );
    expect(set({desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1}, 3)).toBe(
      'Waiting for daemon set spec update to be observed...',
    );
  });
});

it.each(['StatefulSet', 'DaemonSet'])('of a %s that is replaced by hand can not be told', kind => {
  expect(() => state(kind, {replicas: 1, updateStrategy: onDelete}, {})).toThrow(
    'error: rollout status is only available for RollingUpdate strategy type',
  );
});
