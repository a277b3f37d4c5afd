import {expect, it} from 'vitest';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {checkCrds} from './resource.ts';
import {fakeContext} from './testing/fake-context.ts';

function crd(group: string, established: boolean): KubeItem {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: `sidecars.${group}`, uid: 'u'},
    spec: {group},
    status: established ? {conditions: [{type: 'Established', status: 'True'}]} : {},
  };
}

async function checked(...looks: KubeItem[][]): Promise<{verdict: string; seen: string; looks: number}> {
  let count = 0;
  const kube = {list: async () => looks[count++] ?? looks.at(-1) ?? []} as unknown as Kube;
  const condition = {kind: 'crds', group: 'istio.io', atLeast: 2, place: {file: 'lab.md', line: 1}} as const;
  const {verdict, seen} = await checkCrds(condition, fakeContext(kube));
  return {verdict, seen, looks: count};
}

const [one, other, fresh] = [
  crd('security.istio.io', true),
  crd('networking.istio.io', true),
  crd('networking.istio.io', false),
];

it('waits for definitions that a real API server has not established yet', async () => {
  expect(await checked([one, fresh], [one, other])).toEqual({
    verdict: 'passed',
    seen: '2 established',
    looks: 2,
  });
});

it('does not wait for those that are not there', async () => {
  expect(await checked([one])).toEqual({verdict: 'failed', seen: '1 established', looks: 1});
});
