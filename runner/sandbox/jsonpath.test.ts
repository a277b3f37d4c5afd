import {describe, expect, it} from 'vitest';
import {JsonPath} from './jsonpath.ts';

const pods = {
  items: [
    {metadata: {name: 'a', labels: {v: 'v1'}}, n: 1},
    {metadata: {name: 'b', labels: {v: 'v2', 'x.io/y': 'z'}}, n: 5},
  ],
};

describe('JsonPath', () => {
  it.each([
    ['{.items[*].metadata.name}', 'a b'],
    ['{.items[0].metadata.labels}', '{"v":"v1"}'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.n}{"\\n"}{end}', 'a\t1\nb\t5\n'],
    ['{.items[?(@.metadata.labels.v=="v2")].metadata.name}', 'b'],
    ['{.items[?(@.n>2)].metadata.name}', 'b'],
    ['{.items[-1].metadata.name}', 'b'],
    ["{.items[1].metadata.labels['x\\.io/y']}", 'z'],
    ['{.items[1].metadata.labels.x\\.io/y}', 'z'],
    ['{..name}', 'a b'],
    ['x{.nothing}y', 'xy'],
  ])('%s', (template, expected) => {
    expect(new JsonPath(template).execute(pods)).toBe(expected);
  });

  it('refuses an index beyond the end, and an open action', () => {
    expect(() => new JsonPath('{.items[9]}').execute(pods)).toThrow(
      'array index out of bounds: index 9, length 2',
    );
    expect(() => new JsonPath('{.items')).toThrow('unclosed action');
  });

  it.each([
    ['.a[?(@.t=="Y")].v', [2]],
    ['.a[*].v', [1, 2]],
    ['.a[-1].v', [2]],
    [String.raw`.b\.c.d`, [3]],
    ['..v', [1, 2]],
  ])('finds the values of the column %s', (path, expected) => {
    const root = {
      a: [
        {t: 'X', v: 1},
        {t: 'Y', v: 2},
      ],
      'b.c': {d: 3},
    };
    expect(new JsonPath(`{${path}}`).values(root)).toEqual(expected);
  });
});
