import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {faultIn, fileFault} from './file-fault.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fault-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

it('names file, line and what is wrong there', async () => {
  writeFileSync(path.join(folder, 'route.yaml'), 'kind: VirtualService\nspec:\n\thosts: [reviews]\n');
  const text = 'kubectl apply -n bookinfo -f route.yaml';
  expect(await fileFault(text, folder)).toBe('route.yaml, line 3: a tab stands where YAML wants spaces.');
  writeFileSync(path.join(folder, 'route.yaml'), 'kind: VirtualService\n');
  expect(await fileFault(text, folder)).toBeUndefined();
  expect(await fileFault('kubectl apply -f missing.yaml', folder)).toBeUndefined();
});

it.each([
  ['a: 1\n b: 2\n', 2],
  ['a: [1\nb: 2\n', 2],
  ['a: "open\n', 2],
  ['ok: 1\n---\na: b: c\n', 3],
])('finds the line of %j', async (content, line) => {
  expect((await faultIn(content))?.line).toBe(line);
});

it('finds nothing in good files', async () => {
  expect(await faultIn('a: "x\\ty" # \t\nb:\n- 1\n\t\n')).toBeUndefined();
});
