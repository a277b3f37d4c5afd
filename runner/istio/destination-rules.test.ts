import {describe, expect, it} from 'vitest';
import {type Asked, answers, client} from './testing/bookinfo-world.ts';
import {destinationRule, toSubset, virtualService} from './testing/manifests.ts';

const byPath = virtualService(`{match: [{uri: {prefix: /1}}], ${toSubset('v1')}}, {${toSubset('v2')}}`);
const toV1 = virtualService(`{${toSubset('v1')}}`);
const fromOther: Asked = {from: client, authority: 'reviews.bookinfo:9080'};

/** Two rules for reviews, the second one younger. */
function two(first: string | undefined, second: string | undefined): string {
  const rule = (name: string, subset: string, exportTo: string | undefined) =>
    destinationRule([subset], {name, ...(exportTo === undefined ? {} : {exportTo})});
  return rule('a', 'v1', first) + rule('b', 'v2', second) + byPath;
}

describe('DestinationRules', () => {
  it('are not seen in their own namespace where exportTo leaves it out', () => {
    const config = destinationRule(['v1'], {exportTo: 'other'}) + toV1;
    expect(answers({config})).toBe('503 NC');
    expect(answers({config}, fromOther)).toBe('v1');
  });

  it.each<[string, string | undefined, string | undefined, Asked, string, string]>([
    ['add up when they are exported alike', undefined, undefined, {}, 'v1', 'v2'],
    ['else the younger one wins whole', undefined, '"."', {}, '503 NC', 'v2'],
    ['even where "*" says the same as nothing', '"*"', undefined, {}, '503 NC', 'v2'],
    [
      'the wider one alone, where the narrower does not reach',
      'other',
      'other, bookinfo',
      {},
      '503 NC',
      'v2',
    ],
    ['the wider one is added to the narrower', 'other', 'other, bookinfo', fromOther, 'v1', 'v2'],
  ])('%s', (_name, first, second, asked, atOne, atTwo) => {
    const config = two(first, second);
    expect(answers({config}, {...asked, path: '/1'})).toBe(atOne);
    expect(answers({config}, {...asked, path: '/2'})).toBe(atTwo);
  });
});
