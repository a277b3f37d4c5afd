import {describe, expect, it} from 'vitest';
import {apiHarness} from '../../testing/api-harness.ts';
import {isScalar, jsonFields} from './message-fields.ts';
import {requiredDetails, requiredTable} from './required-table.ts';

const messageOf = async (url: string, body: object) =>
  (await apiHarness().send('POST', url, body)).body.message;

describe('an object without what its kind needs', () => {
  it.each([
    ['/apis/apps/v1/namespaces/default/deployments', 'spec.selector: Required value'],
    ['/apis/apps/v1/namespaces/default/deployments', 'spec.template.spec.containers: Required value'],
    ['/apis/batch/v1/namespaces/default/jobs', 'spec.template.spec.containers: Required value'],
    ['/apis/batch/v1/namespaces/default/cronjobs', 'spec.schedule: Required value'],
    [
      '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
      'spec.scaleTargetRef.kind: Required value',
    ],
    ['/apis/storage.k8s.io/v1/storageclasses', 'provisioner: Required value'],
    ['/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', 'addressType: Required value'],
    ['/api/v1/namespaces/default/pods', 'spec.containers: Required value'],
  ])('%s says %s', async (url, words) => {
    const message: string = await messageOf(url, {metadata: {name: 'x'}});
    expect(message).toContain(words);
    expect(message.split(words)).toHaveLength(2);
  });

  it('names what is missing deep inside, once', async () => {
    const paths = [{path: '/', backend: {service: {port: {number: 80}}}}];
    expect(
      await messageOf('/apis/networking.k8s.io/v1/namespaces/default/ingresses', {
        metadata: {name: 'x'},
        spec: {rules: [{http: {paths}}]},
      }),
    ).toBe(
      'Ingress.networking.k8s.io "x" is invalid: ' +
        '[spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified, ' +
        'spec.rules[0].http.paths[0].backend.service.name: Required value]',
    );
  });

  it('has an empty spec where that is enough, as in Kubernetes', async () => {
    const api = apiHarness();
    const url = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
    const made = await api.send('POST', url, {metadata: {name: 'x'}});
    expect([made.status, made.body.spec]).toEqual([201, {}]);
  });

  it('that is there from before can still be changed', async () => {
    const api = apiHarness();
    const url = '/apis/storage.k8s.io/v1/storageclasses/old';
    const patch = {metadata: {labels: {a: 'b'}}};
    const headers = {'content-type': 'application/merge-patch+json'};
    api.store.put('storageclasses.storage.k8s.io', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {name: 'old', uid: 'u'},
    });
    expect((await api.send('PATCH', url, patch, headers)).status).toBe(200);
  });
});

it('names only messages and fields that are there, and no numbers', () => {
  let prefix = '';
  const names: string[] = [];
  for (const line of requiredTable.trim().split('\n')) {
    const [message = '', fields = ''] = line.split(': ');
    if (fields === '') prefix = line.slice('package '.length);
    for (const name of fields === '' ? [] : fields.split(' ')) {
      const field = jsonFields(`${prefix}.${message}`)?.get(name);
      expect(field, `${prefix}.${message}.${name}`).toBeDefined();
      const isNumber = isScalar(field?.type ?? '') && /int|bool/.test(field?.type ?? '');
      expect(isNumber && !field?.repeated).toBe(false);
      names.push(`${prefix}.${message}.${name}`);
    }
  }
  expect(names).toEqual(expect.arrayContaining(Object.keys(requiredDetails)));
});
