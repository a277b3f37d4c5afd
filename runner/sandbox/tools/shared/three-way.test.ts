import {describe, expect, it} from 'vitest';
import {threeWayMerge} from './three-way.ts';

const deployment = (containers: any[], extra: any = {}) => ({
  kind: 'Deployment',
  spec: {template: {spec: {containers, ...extra}}},
});

describe('threeWayMerge', () => {
  it('keeps what others set, in lists too, and removes what left the manifest', () => {
    const original = deployment([
      {
        name: 'app',
        image: 'a:1',
        env: [
          {name: 'OLD', value: '1'},
          {name: 'KEPT', value: '1'},
        ],
      },
    ]);
    const modified = deployment([{name: 'app', image: 'a:2', env: [{name: 'KEPT', value: '2'}]}]);
    const live = deployment(
      [
        {
          name: 'app',
          image: 'a:1',
          imagePullPolicy: 'Always',
          env: [
            {name: 'OLD', value: '1'},
            {name: 'KEPT', value: '1'},
            {name: 'THEIRS', value: 'x'},
          ],
        },
        {name: 'side', image: 's'},
      ],
      {dnsPolicy: 'ClusterFirst'},
    );
    expect(threeWayMerge({original, modified, live, custom: false})).toEqual(
      deployment(
        [
          {
            name: 'app',
            image: 'a:2',
            imagePullPolicy: 'Always',
            env: [
              {name: 'KEPT', value: '2'},
              {name: 'THEIRS', value: 'x'},
            ],
          },
          {name: 'side', image: 's'},
        ],
        {dnsPolicy: 'ClusterFirst'},
      ),
    );
  });

  it('replaces lists of custom resources whole', () => {
    const merged = threeWayMerge({
      original: undefined,
      modified: {spec: {http: [{name: 'b'}]}},
      live: {spec: {http: [{name: 'a'}]}, status: {x: 1}},
      custom: true,
    });
    expect(merged).toEqual({spec: {http: [{name: 'b'}]}, status: {x: 1}});
  });
});
