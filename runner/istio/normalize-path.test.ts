import {describe, expect, it} from 'vitest';
import {normalizedPath} from './normalize-path.ts';
import {answers} from './testing/bookinfo-world.ts';
import {allSubsets, toSubset, virtualService} from './testing/manifests.ts';

describe('a path', () => {
  it.each([
    ['/reviews/0?x=/../y', '/reviews/0?x=/../y'],
    ['/api/../reviews/0', '/reviews/0'],
    ['/a/./b', '/a/b'],
    ['/a/b/..', '/a/'],
    ['/%72eviews', '/reviews'],
    ['/a%2Fb', '/a%2Fb'],
    ['//reviews/0', '//reviews/0'],
    ['/a\\b', '/a/b'],
  ])('%s is %s', (path, expected) => {
    expect(normalizedPath(path)).toBe(expected);
  });

  it('is matched in its plain form', () => {
    const config =
      allSubsets +
      virtualService(`{match: [{uri: {prefix: /reviews}}], ${toSubset('v2')}}, {${toSubset('v1')}}`);
    expect(answers({config}, {path: '/api/../reviews/0'})).toBe('v2');
    expect(answers({config}, {path: '//reviews/0'})).toBe('v1');
  });
});
