import {describe, expect, it} from 'vitest';
import type {Counted, Expected} from './answer.ts';
import {differs} from './difference.ts';

const real = (counts: Record<string, number>, pods: readonly string[] = ['a']): Counted =>
  Object.fromEntries(
    Object.entries(counts).map(([text, count]) => [
      text,
      {count, pods: Object.fromEntries(pods.map(pod => [pod, 1]))},
    ]),
  );
const product = (shares: Record<string, number>, pods: readonly string[] = ['a']): Expected =>
  Object.fromEntries(Object.entries(shares).map(([text, share]) => [text, {share, pods}]));

describe('real answers and what the product expects', () => {
  it.each<[string, Counted, Expected, boolean]>([
    ['the same answer', real({v1: 30}), product({v1: 1}), false],
    ['another answer', real({v2: 30}), product({v1: 1}), true],
    ['one other answer among many', real({v1: 159, v2: 1}), product({v1: 1}), true],
    ['shares that chance explains', real({v1: 90, v2: 70}), product({v1: 0.5, v2: 0.5}), false],
    ['shares that chance does not explain', real({v1: 120, v2: 40}), product({v1: 0.5, v2: 0.5}), true],
    ['a pod that may not answer', real({v1: 30}, ['b']), product({v1: 1}), true],
    ['a pod that never answers, in few', real({v1: 30}), product({v1: 1}, ['a', 'b']), false],
    ['a pod that never answers, in many', real({v1: 160}), product({v1: 1}, ['a', 'b']), true],
    ['any pod', real({v1: 160}, ['x']), product({v1: 1}, ['*']), false],
  ])('%s', (_name, counted, expected, different) => {
    expect(differs(counted, expected)).toBe(different);
  });
});
