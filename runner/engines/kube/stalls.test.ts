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
    // As a real kubelet 1.33 with containerd told it: the state comes after the reason.
    const events = [
      event(
        'Failed',
        'Failed to pull image "mirror/proxyv2:1": failed to pull and unpack image "mirror/proxyv2:1": failed to resolve reference "mirror/proxyv2:1": failed to do request: Head "https://mirror/v2/proxyv2/manifests/1": dial tcp: lookup mirror on 172.18.0.1:53: no such host',
        '2026-01-01T00:00:45Z',
      ),
      event('Failed', 'Error: ErrImagePull', '2026-01-01T00:00:45Z'),
      event('BackOff', 'Back-off pulling image "mirror/proxyv2:1"', '2026-01-01T00:00:46Z'),
      event('Failed', 'Error: ImagePullBackOff', '2026-01-01T00:00:46Z'),
    ];
    expect(explainWait(native, events, now)).toBe(
      `pod istiod-1: the image mirror/proxyv2:1 can't be pulled (ImagePullBackOff): the node does not reach the registry, Head "https://mirror/v2/proxyv2/manifests/1": dial tcp: lookup mirror on 172.18.0.1:53: no such host; 90 s so far`,
    );
    expect(hasSidecar(native)).toBe(true);
  });

  it('is room on a node', () => {
    // As a real scheduler 1.33 told it.
    const message =
      '0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
    const conditions = [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}];
    expect(explainWait(pod({phase: 'Pending', conditions}), [], now)).toBe(
      `pod istiod-1: no node takes it: ${message.replace(/\.$/, '')}; give the node more memory, or let the pods request less; 90 s so far`,
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

describe('what else a pod waits for', () => {
  it('is what the state of its container says', () => {
    const message = 'container has runAsNonRoot and image will run as root (pod: istiod-1)';
    const waiting = {name: 'discovery', state: {waiting: {reason: 'CreateContainerConfigError', message}}};
    const pulled = event('Pulled', 'Container image "a" already present on machine', '2026-01-01T00:01:00Z');
    expect(explainWait(pod({phase: 'Pending', containerStatuses: [waiting]}), [pulled], now)).toBe(
      `pod istiod-1: Pending, CreateContainerConfigError, ${message}; 90 s so far`,
    );
  });

  it('is the last warning, where the state says nothing', () => {
    const running = {name: 'discovery', state: {running: {}}};
    const events = [
      {...event('Unhealthy', 'Readiness probe failed: 503', '2026-01-01T00:00:30Z'), type: 'Warning'},
      {...event('Pulled', 'pulled', '2026-01-01T00:00:40Z'), type: 'Normal'},
    ];
    expect(explainWait(pod({phase: 'Running', containerStatuses: [running]}), events, now)).toBe(
      'pod istiod-1: Running, Readiness probe failed: 503; 90 s so far',
    );
  });
});
