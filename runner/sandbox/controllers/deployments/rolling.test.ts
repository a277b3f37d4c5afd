import {expect, it} from 'vitest';
import type {KubeObject} from '../../objects.ts';
import {shrinkOld} from './rolling.ts';

const set = (name: string, replicas: number, availableReplicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {name, namespace: 'shop'},
  spec: {replicas},
  status: {availableReplicas},
});
const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: 'shop'},
  spec: {
    replicas: 8,
    strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '25%', maxUnavailable: '25%'}},
  },
};

it.each([
  ['two go at once, as many as may be missing', [8, 8], [2, 0], [6]],
  ['none goes before a new one is available', [6, 6], [4, 0], []],
  ['as many go as new ones are available', [6, 6], [4, 2], [4]],
  ['those that a status that lags still counts are not given up twice', [6, 8], [4, 2], [4]],
  ['the useless ones go first, and no more', [8, 5], [2, 0], [6]],
] as const)('%s', (_what, [size, available], [newSize, newAvailable], sizes) => {
  const resized = shrinkOld(deployment, [set('old', size, available)], set('new', newSize, newAvailable));
  expect(resized.map(({replicas}) => replicas)).toEqual(sizes);
});
