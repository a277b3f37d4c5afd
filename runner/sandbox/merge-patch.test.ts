import {describe, expect, it} from 'vitest';
import {applyMergePatch, mergePatchBetween} from './merge-patch.ts';

describe('a merge patch', () => {
  it('is the way from one object to another', () => {
    const from = {a: 1, b: {c: 1, d: [1]}, e: 'x'};
    const to = {a: 1, b: {c: 2, d: [1, 2]}, f: {g: 1}};
    const patch = mergePatchBetween(from, to);
    expect(patch).toEqual({b: {c: 2, d: [1, 2]}, e: null, f: {g: 1}});
    expect(applyMergePatch(from, patch)).toEqual(to);
    expect(mergePatchBetween(to, structuredClone(to))).toBeUndefined();
  });

  it('takes a field of any name for one', () => {
    const to = JSON.parse('{"__proto__": {"a": 1}}');
    const patch = mergePatchBetween({}, to);
    expect(JSON.stringify(patch)).toBe('{"__proto__":{"a":1}}');
    expect(JSON.stringify(applyMergePatch({}, patch))).toBe('{"__proto__":{"a":1}}');
  });
});
