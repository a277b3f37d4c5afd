import {describe, expect, it} from 'vitest';
import type {KubeItem} from './kube.ts';
import {hasSidecar} from './pods.ts';
import {explainWait} from './stalls.ts';

const now = Date.parse('2026-01-01T00:01:30Z');

function pod(status: object, spec: object = {}): KubeItem {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'istiod-1',
      namespace: 'istio-system',
      uid: 'u1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec,
    status,
  };
}

function event(reason: string, message: string, lastTimestamp: string, uid = 'u1'): KubeItem {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {name: reason, uid: reason},
    involvedObject: {uid},
    reason,
    message,
    lastTimestamp,
  };
}

describe('what a pod waits for', () => {
  it('is an image that is being pulled, since when, and how long that usually takes', () => {
    const waiting = {
      containerStatuses: [{name: 'discovery', state: {waiting: {reason: 'ContainerCreating'}}}],
    };
    const events = [
      event('Pulling', 'Pulling image "registry.istio.io/release/pilot:1.30.3"', '2026-01-01T00:00:45Z'),
      event('Pulled', 'of another pod', '2026-01-01T00:01:00Z', 'u2'),
    ];
    expect(explainWait(pod({phase: 'Pending', ...waiting}), events, now)).toBe(
      'pod istiod-1: pulling image "registry.istio.io/release/pilot:1.30.3" for 45 s (usually 10 to 60 s for each image); 90 s so far',
    );
  });

  it('is the image of a native sidecar that can not be pulled', () => {
    const status = {
      initContainerStatuses: [
        {name: 'istio-proxy', image: 'mirror/proxyv2:1', state: {waiting: {reason: 'ImagePullBackOff'}}},
      ],
    };
    const native = pod(status, {initContainers: [{name: 'istio-proxy', restartPolicy: 'Always'}]});
    const events = [
      event('Failed', 'Failed to pull image "mirror/proxyv2:1": not found', '2026-01-01T00:00:45Z'),
    ];
    expect(explainWait(native, events, now)).toContain(
      `the image mirror/proxyv2:1 can't be pulled (ImagePullBackOff): Failed to pull image "mirror/proxyv2:1": not found`,
    );
    expect(hasSidecar(native)).toBe(true);
  });

  it('is room on a node', () => {
    const message = '0/1 nodes are available: 1 Insufficient memory.';
    const conditions = [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}];
    expect(explainWait(pod({phase: 'Pending', conditions}), [], now)).toBe(
      `pod istiod-1: no node takes it: ${message}; give the node more memory, or let the pods request less; 90 s so far`,
    );
  });

  it('is a container that ends again and again', () => {
    const crashed = {
      name: 'discovery',
      restartCount: 4,
      state: {waiting: {reason: 'CrashLoopBackOff'}},
      lastState: {terminated: {exitCode: 255}},
    };
    expect(explainWait(pod({containerStatuses: [crashed]}), [], now)).toContain(
      'the container discovery has ended 4 times, last with exit code 255',
    );
  });
});
