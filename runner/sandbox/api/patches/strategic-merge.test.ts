import {describe, expect, it} from 'vitest';
import {builtinShape} from './builtin-shapes.ts';
import {strategicMerge} from './strategic-merge.ts';

const deployment = builtinShape('apps/v1', 'Deployment');

function podSpec(spec: object): Record<string, unknown> {
  return {spec: {template: {spec}}};
}

function merge(live: object, patch: object): any {
  const merged: any = strategicMerge(deployment, podSpec(live), podSpec(patch));
  return merged.spec.template.spec;
}

describe('strategic merge patch', () => {
  it('merges containers by name and their environment too', () => {
    const live = {
      containers: [
        {name: 'a', image: '1', env: [{name: 'X', value: '1'}]},
        {name: 'b', image: '1'},
      ],
    };
    const patch = {
      containers: [
        {name: 'a', env: [{name: 'Y', value: '2'}]},
        {name: 'c', image: '3'},
      ],
    };
    expect(merge(live, patch).containers).toEqual([
      {
        name: 'a',
        image: '1',
        env: [
          {name: 'X', value: '1'},
          {name: 'Y', value: '2'},
        ],
      },
      {name: 'b', image: '1'},
      {name: 'c', image: '3'},
    ]);
  });

  it('obeys $patch delete and replace in lists', () => {
    const live = {containers: [{name: 'a'}, {name: 'b'}]};
    expect(merge(live, {containers: [{name: 'a', $patch: 'delete'}]}).containers).toEqual([{name: 'b'}]);
    expect(merge(live, {containers: [{$patch: 'replace'}, {name: 'z'}]}).containers).toEqual([{name: 'z'}]);
  });

  it('orders by $setElementOrder and keeps the place of what only the server has', () => {
    const live = {containers: [{name: 'a'}, {name: 'injected'}, {name: 'b'}]};
    const patch = {
      '$setElementOrder/containers': [{name: 'b'}, {name: 'a'}, {name: 'n'}],
      containers: [{name: 'n'}],
    };
    const names = merge(live, patch).containers.map((each: any) => each.name);
    expect(names).toEqual(['injected', 'b', 'a', 'n']);
  });

  it('replaces lists that have no merge key, such as command and tolerations', () => {
    const live = {containers: [{name: 'a', command: ['x', 'y']}], tolerations: [{key: 'a'}, {key: 'b'}]};
    const merged = merge(live, {containers: [{name: 'a', command: ['z']}], tolerations: [{key: 'c'}]});
    expect(merged).toEqual({containers: [{name: 'a', command: ['z']}], tolerations: [{key: 'c'}]});
  });

  it('keeps only the keys that $retainKeys names', () => {
    const merged: any = strategicMerge(
      deployment,
      {spec: {strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: 1}}}},
      {spec: {strategy: {$retainKeys: ['type'], type: 'Recreate'}}},
    );
    expect(merged.spec.strategy).toEqual({type: 'Recreate'});
  });

  it('removes from and adds to lists of plain values', () => {
    const merged: any = strategicMerge(
      deployment,
      {metadata: {finalizers: ['a/b', 'c/d']}},
      {metadata: {'$deleteFromPrimitiveList/finalizers': ['a/b'], finalizers: ['e/f']}},
    );
    expect(merged.metadata.finalizers).toEqual(['c/d', 'e/f']);
  });

  it('stores no directive and no null, also where nothing was before', () => {
    const merged: any = strategicMerge(
      deployment,
      {},
      {
        metadata: {annotations: {a: null, b: 'c'}, labels: {$patch: 'merge', d: 'e'}},
        spec: {
          template: {
            spec: {
              '$setElementOrder/containers': [{name: 'a'}],
              containers: [{name: 'a'}, {name: 'b', $patch: 'delete'}],
            },
          },
        },
      },
    );
    expect(merged).toEqual({
      metadata: {annotations: {b: 'c'}, labels: {d: 'e'}},
      spec: {template: {spec: {containers: [{name: 'a'}]}}},
    });
  });

  it('refuses an item without its key', () => {
    expect(() => merge({containers: []}, {containers: [{image: 'x'}]})).toThrow(
      'does not contain declared merge key: name',
    );
  });
});
