import {expect, it} from 'vitest';
import type {KubeItem} from '../engines/kube/kube.ts';
import {remedyText} from '../errors.ts';
import {explainMissingPage, isComingUp} from './page-missing.ts';
import {fakeKube, item} from './testing/fake-context.ts';

const metadata = {labels: {app: 'productpage'}};
const service = item('Service', 'productpage', {metadata, spec: {selector: {app: 'productpage'}}});
const deployment = (replicas: number): KubeItem =>
  item('Deployment', 'productpage-v1', {metadata, spec: {replicas}});

function pod(waits?: string): KubeItem {
  return item('Pod', 'productpage-v1-5c', {
    metadata,
    status: {
      phase: waits ? 'Pending' : 'Running',
      containerStatuses: [
        {
          name: 'productpage',
          image: 'docker.io/istio/examples-bookinfo-productpage-v1:1.20.3',
          restartCount: 4,
          state: waits ? {waiting: {reason: waits}} : {running: {}},
        },
      ],
    },
  });
}

it.each<[string, readonly KubeItem[], string, boolean]>([
  ['no-productpage', [], 'Deploy Bookinfo', false],
  ['no-productpage', [deployment(1), pod()], 'Deploy Bookinfo', false],
  ['productpage-scaled-to-zero', [service, deployment(0)], 'kubectl scale deployment productpage-v1', false],
  ['productpage-not-ready', [service, deployment(1)], 'kubectl rollout status', true],
  ['productpage-not-ready', [service, deployment(1), pod()], 'kubectl rollout status', true],
  [
    'productpage-not-ready',
    [service, deployment(1), pod('ContainerCreating')],
    'kubectl rollout status',
    true,
  ],
  [
    'productpage-crashes',
    [service, deployment(1), pod('CrashLoopBackOff')],
    'kubectl logs productpage-v1-5c',
    false,
  ],
  [
    'productpage-not-pullable',
    [service, deployment(1), pod('ImagePullBackOff')],
    'kubectl describe pod',
    false,
  ],
])('%s has a remedy of its own', async (code, objects, remedy, isWaitedFor) => {
  const error = await explainMissingPage(
    fakeKube(() => objects),
    'bookinfo',
  );
  expect(error.code).toBe(code);
  expect(remedyText(error.remedies[0] ?? '')).toContain(remedy);
  expect(isComingUp(error)).toBe(isWaitedFor);
});
