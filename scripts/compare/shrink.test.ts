import {expect, it} from 'vitest';
import type {CompareCase} from './cases/case.ts';
import {shrink} from './shrink.ts';

it('keeps of a case what its difference needs', async () => {
  const route = (subset: string) => ({destination: {host: 'reviews', subset}});
  const each: CompareCase = {
    id: 'case',
    objects: [
      {apiVersion: 'v1', kind: 'Sidecar', metadata: {name: 's'}, spec: {egress: [{hosts: ['./*']}]}},
      {
        apiVersion: 'v1',
        kind: 'VirtualService',
        metadata: {name: 'v'},
        spec: {
          hosts: ['reviews'],
          http: [
            {match: [{uri: {prefix: '/a'}}], route: [route('v1')]},
            {timeout: '1s', rewrite: {uri: '/b'}, route: [route('v2')]},
          ],
        },
      },
    ],
    requests: [{}],
  };
  const differs = async (variant: CompareCase) => /"uri":"\/b".*"v2"/.test(JSON.stringify(variant.objects));
  const {objects} = await shrink(each, differs);
  expect(objects.map(({spec}) => spec)).toEqual([
    {
      hosts: ['reviews'],
      http: [{rewrite: {uri: '/b'}, route: [{destination: {host: 'reviews', subset: 'v2'}}]}],
    },
  ]);
});
