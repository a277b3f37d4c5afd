import {describe, expect, it} from 'vitest';
import {type Asked, answers} from './testing/bookinfo-world.ts';
import {allSubsets, toSubset, virtualService} from './testing/manifests.ts';

const jason: Asked = {headers: {'end-user': 'jason'}};
const exact = '{headers: {end-user: {exact: jason}}}';

/** A root whose first rule goes on in a delegate with v2, and whose second leads to v1. */
function delegation(outer: string, inner: string): string {
  return (
    allSubsets +
    virtualService(`{match: [${outer}], delegate: {name: d}}, {${toSubset('v1')}}`, {name: 'root'}) +
    virtualService(`{match: [${inner}], ${toSubset('v2')}}`, {name: 'd', hosts: ''})
  );
}

describe('a delegate', () => {
  it.each<[string, string, string, Asked, string]>([
    [
      'is left out when one entry finds no partner',
      '{uri: {prefix: /a}}',
      '{uri: {prefix: /a/b}}, {uri: {prefix: /x}}',
      {path: '/a/b'},
      'v1',
    ],
    ['may narrow a header', '{headers: {end-user: {prefix: ja}}}', exact, jason, 'v2'],
    [
      'conflicts by ignoreUriCase',
      '{uri: {prefix: /a}}',
      '{headers: {end-user: {exact: jason}}, ignoreUriCase: true}',
      {...jason, path: '/a'},
      'v1',
    ],
    ['may repeat the method', '{method: {exact: GET}}', '{method: {exact: GET}}', {}, 'v2'],
    ['may repeat the prefix', '{uri: {prefix: /a}}', '{uri: {prefix: /a}}', {path: '/a/b'}, 'v2'],
    ['may not repeat a presence', '{headers: {end-user: {}}}', '{headers: {end-user: {}}}', jason, 'v1'],
  ])('%s', (_name, outer, inner, asked, expected) => {
    expect(answers({config: delegation(outer, inner)}, asked)).toBe(expected);
  });
});
