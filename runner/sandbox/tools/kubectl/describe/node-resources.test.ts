import {expect, it} from 'vitest';
import {nodeResources} from './node-resources.ts';
import {Lines} from './text.ts';

function pod(name: string, containers: object[], initContainers: object[] = []) {
  return {metadata: {namespace: 'bookinfo', name}, spec: {containers, initContainers}};
}
const asks = (cpu: string, memory: string) => ({resources: {requests: {cpu, memory}}});

/** As kubectl 1.33 prints it for the same pods on a real API server. */
it('sums what the pods of a node ask for, native sidecars with the containers', () => {
  const lines = new Lines();
  nodeResources(lines, {
    pods: [
      pod('bare', [{}]),
      pod('istiod', [asks('500m', '2Gi')]),
      pod('meshed', [asks('20m', '64Mi')], [{...asks('10m', '64Mi'), restartPolicy: 'Always'}]),
      pod('native', [{}], [asks('3', '64Mi'), {...asks('10m', '64Mi'), restartPolicy: 'Always'}]),
    ],
    allocatable: {cpu: '8', memory: '16Gi', pods: '110'},
    age: () => '5s',
  });
  const text = lines.toString().replace(/[ \t]+/g, ' ');
  expect(text).toContain('bookinfo bare 0 (0%) 0 (0%) 0 (0%) 0 (0%) 5s');
  expect(text).toContain('bookinfo istiod 500m (6%) 0 (0%) 2Gi (12%) 0 (0%) 5s');
  expect(text).toContain('bookinfo meshed 30m (0%) 0 (0%) 128Mi (0%) 0 (0%) 5s');
  expect(text).toContain('bookinfo native 3 (37%) 0 (0%) 64Mi (0%) 0 (0%) 5s');
  expect(text).toContain('cpu 3530m (44%) 0 (0%)');
  expect(text).toContain('memory 2240Mi (13%) 0 (0%)');
  expect(text).toContain('ephemeral-storage 0 (0%) 0 (0%)');
});
