import {expect, it} from 'vitest';
import {jsonPatch} from './json-patch.ts';

function code(patch: unknown, target: unknown): number {
  try {
    jsonPatch(target, patch);
    return 200;
  } catch (error) {
    return (error as {status: {code: number}}).status.code;
  }
}

it('takes copies of copies only as long as they fit', () => {
  const doubling = (count: number) =>
    Array.from({length: count}, (_, index) => ({op: 'copy', from: '/a', path: `/a/${index}`}));
  const target = {a: {b: 'x'.repeat(1000)}};
  expect(code(doubling(3), target)).toBe(200);
  expect(code(doubling(40), target)).toBe(413);
  expect(code([{op: 'add', path: '/a/b/ ', value: 1}], {a: {b: '0'}})).toBe(422);
  const nested = JSON.parse(`${'{"a":'.repeat(300)}{}${'}'.repeat(300)}`);
  expect(code([{op: 'copy', from: '', path: `${'/a'.repeat(300)}/b`}], nested)).toBe(400);
});
