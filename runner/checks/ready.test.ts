import {describe, expect, it} from 'vitest';
import type {KubeItem} from '../engines/kube/kube.ts';
import {checkReady} from './ready.ts';
import {fakeContext, fakeKube, item} from './testing/fake-context.ts';

const labels = {app: 'reviews'};
const complete = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
};

function deployment(over: {spec?: object; status?: object; metadata?: object} = {}): KubeItem {
  return item('Deployment', 'reviews', {
    metadata: {...over.metadata},
    spec: {replicas: 1, selector: {matchLabels: labels}, ...over.spec},
    status: {...complete, ...over.status},
  });
}

function pod(
  name: string,
  over: {ready?: boolean; sidecar?: boolean; owner?: string; phase?: string; metadata?: object} = {},
): KubeItem {
  const {ready = true, sidecar = true, owner = 'reviews', phase = 'Running', metadata} = over;
  return item('Pod', name, {
    metadata: {
      labels: {...labels, 'pod-template-hash': 'abc'},
      ownerReferences: [{kind: 'ReplicaSet', name: `${owner}-abc`, uid: 'r', controller: true}] as never,
      ...metadata,
    },
    spec: {containers: [{name: 'reviews'}, ...(sidecar ? [{name: 'istio-proxy'}] : [])]},
    status: {phase, conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}]},
  });
}

async function check(
  objects: readonly KubeItem[],
  {workload = 'deploy/reviews', sidecar = true} = {},
): Promise<{verdict: string; seen: string}> {
  const {verdict, seen} = await checkReady(
    {kind: 'ready', workloads: [workload], namespace: 'bookinfo', sidecar, place: {file: 'lab.md', line: 1}},
    fakeContext(fakeKube(() => objects)),
  );
  return {verdict, seen};
}

const leaving = {deletionTimestamp: '2026-11-30T10:00:00Z'};

describe('ready', () => {
  it('is a workload that is rolled out, with a ready pod', async () => {
    expect(await check([deployment(), pod('a')])).toEqual({verdict: 'passed', seen: '1 of 1 ready'});
  });

  it.each<[string, readonly KubeItem[]]>([
    ['nothing of that name', []],
    ['no pod at all behind a status that says otherwise', [deployment()]],
    ['no replicas wanted', [deployment({spec: {replicas: 0}, status: {...complete, replicas: 0}})]],
    ['a pod that is on its way out', [deployment(), pod('a', {metadata: leaving})]],
    ['a pod that is not ready', [deployment(), pod('a', {ready: false})]],
    ['a pod that was evicted', [deployment(), pod('a', {phase: 'Failed'})]],
    ["somebody else's pod with the same labels", [deployment(), pod('a', {owner: 'ratings'})]],
    ['a status of an earlier generation', [deployment({metadata: {generation: 2}}), pod('a')]],
    ['a workload that is on its way out', [deployment({metadata: leaving}), pod('a')]],
    ['an old pod beside the new one', [deployment({status: {replicas: 2}}), pod('a'), pod('old')]],
    ['an old pod in place of the new one', [deployment({status: {updatedReplicas: 0}}), pod('old')]],
    ['a pod without a sidecar', [deployment(), pod('a', {sidecar: false})]],
    ['a selector that selects everything', [deployment({spec: {selector: {}}}), pod('a')]],
  ])('is not %s', async (_what, objects) => {
    expect((await check(objects)).verdict).toBe('failed');
  });

  it('waits while the pod without a sidecar is the old one, and does not blame it', async () => {
    const {seen} = await check([
      deployment({status: {replicas: 2}}),
      pod('old', {sidecar: false}),
      pod('new'),
    ]);
    expect(seen).toBe('0 of 1 ready; deployment reviews still has 1 old pod');
  });

  it('does not count what was evicted beside a pod in its place', async () => {
    expect(
      (await check([deployment(), pod('a'), pod('gone', {phase: 'Failed', ready: false})])).verdict,
    ).toBe('passed');
  });

  it('looks for a sidecar in a pod that is named itself', async () => {
    expect((await check([pod('a')], {workload: 'po/a'})).verdict).toBe('passed');
    expect((await check([pod('a', {sidecar: false})], {workload: 'po/a'})).verdict).toBe('failed');
    expect((await check([pod('a', {metadata: leaving})], {workload: 'po/a'})).verdict).toBe('failed');
  });

  it('is nothing that has no pods of its own', async () => {
    expect((await check([item('Service', 'reviews', {spec: {}})], {workload: 'svc/reviews'})).verdict).toBe(
      'failed',
    );
  });
});
