import {describe, expect, it} from 'vitest';
import {misfit, misfitOfMetadata} from './field-types.ts';

const deployment = (spec: unknown) => misfit('apps.v1.Deployment', {spec});
const container = (fields: object) => deployment({template: {spec: {containers: [fields]}}});
const where = 'spec.template.spec.containers';

describe('the types of fields', () => {
  it.each([
    [deployment({replicas: '2'}), 'string into Go struct field DeploymentSpec.spec.replicas of type int32'],
    [
      deployment({replicas: 1.5}),
      'number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [deployment('x'), 'string into Go struct field Deployment.spec of type v1.DeploymentSpec'],
    [
      deployment({template: {spec: {containers: {}}}}),
      `object into Go struct field PodSpec.${where} of type []v1.Container`,
    ],
    [
      container({env: [{name: 'A', value: 7}]}),
      `number into Go struct field EnvVar.${where}.env.value of type string`,
    ],
    [container({command: [true]}), `bool into Go struct field Container.${where}.command of type string`],
    [
      deployment({selector: {matchLabels: ['a']}}),
      'array into Go struct field LabelSelector.spec.selector.matchLabels of type map[string]string',
    ],
    [
      misfitOfMetadata('VirtualService', {labels: 7}),
      'number into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      misfitOfMetadata('VirtualService', 'x'),
      'string into Go struct field VirtualService.metadata of type v1.ObjectMeta',
    ],
  ])('%s', (found, expected) => {
    expect(found).toBe(`json: cannot unmarshal ${expected}`);
  });

  it('takes what JSON may hold for a field', () => {
    expect(
      container({ports: null, resources: {limits: {cpu: 1, memory: '1Gi'}}, env: [{name: 'A', value: '7'}]}),
    ).toBeUndefined();
    expect(
      misfit('core.v1.Service', {
        spec: {
          ports: [
            {port: 80, targetPort: 'http'},
            {port: 81, targetPort: 8},
          ],
        },
      }),
    ).toBeUndefined();
    expect(misfit('nobody.v1.Knows', {a: 1})).toBeUndefined();
  });
});
