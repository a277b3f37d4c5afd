import {expect, it} from 'vitest';
import {readField} from './field-path.ts';

const object = {
  metadata: {labels: {'istio-injection': 'enabled', 'app.kubernetes.io/name': 'x'}},
  spec: {http: [{route: [{destination: {subset: 'v2'}}]}, {route: [{destination: {subset: 'v1'}}]}]},
  status: {
    conditions: [
      {type: 'Ready', status: 'True'},
      {type: 'Old', status: 'False'},
    ],
  },
};

it.each([
  ['{.spec.http[0].route[0].destination.subset}', 'v2'],
  ['.spec.http[-1].route[0].destination.subset', 'v1'],
  ['{.spec.http[*].route[0].destination.subset}', 'v2 v1'],
  ['{.metadata.labels.istio-injection}', 'enabled'],
  ["{.metadata.labels['app.kubernetes.io/name']}", 'x'],
  ['{.status.conditions[?(@.type=="Ready")].status}', 'True'],
  ['{.spec.tcp[0].route}', ''],
  ['{.spec.http[9].route}', ''],
])('reads %s', (path, value) => {
  expect(readField(object, path)).toBe(value);
});

it('says which part of a path it can not read', () => {
  expect(() => readField(object, '{.spec.http[x]}')).toThrow('can\'t be read at "[x]"');
});
