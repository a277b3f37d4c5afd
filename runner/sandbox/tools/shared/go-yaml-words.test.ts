import {expect, it} from 'vitest';
import {parseYamlDocuments} from './yaml.ts';

/** What kubectl 1.33 says of a ConfigMap whose data are these, which begin in line 6. */
it.each([
  ['  a: x\n   b: z\n', 'line 7: mapping values are not allowed in this context'],
  ['  a: x\n b: z\n', 'line 6: did not find expected key'],
  ['  a: [x\n  b: z\n', "line 6: did not find expected ',' or ']'"],
  ['  a: {x: z\n', "line 6: did not find expected ',' or '}'"],
  ['  a: "open\n  b: z\n', 'line 8: found unexpected end of stream'],
  ['  a: b: c\n', 'line 6: mapping values are not allowed in this context'],
  ['  a\n  b: z\n', 'line 7: mapping values are not allowed in this context'],
  ['\ta: x\n', 'line 6: found character that cannot start any token'],
  ['  a: x\n\tb: z\n', 'line 7: found a tab character that violates indentation'],
  ['  - a\n   b: c\n', 'line 7: mapping values are not allowed in this context'],
  ['  - a: 1\n  b: c\n', "line 6: did not find expected '-' indicator"],
  ['  a: @x\n', 'line 6: found character that cannot start any token'],
  ['  a: %x\n', 'line 6: found character that cannot start any token'],
  ['  a: *x\n', "unknown anchor 'x' referenced"],
  ['  a: |\n  x\n', "line 8: could not find expected ':'"],
  ["  a: 'it's'\n", 'line 5: did not find expected key'],
  [
    '  http:\n  - route:\n    - destination:\n        host: reviews\n       subset: v1\n',
    'line 9: did not find expected key',
  ],
  [
    '  http:\n  - route:\n    - destination:\n      host: reviews\n        subset: v1\n',
    'line 10: mapping values are not allowed in this context',
  ],
  ['  http:\n  - match:\n    route:\n   - destination: x\n', 'line 8: did not find expected key'],
])('says of %j what Go says', async (data, said) => {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n${data}`;
  await expect(parseYamlDocuments(text)).rejects.toThrow(new Error(`yaml: ${said}`));
});

it('says so of the first line too', async () => {
  const said = 'yaml: line 2: mapping values are not allowed in this context';
  for (const text of ['apiVersion: v1\n kind: ConfigMap\n', 'apiVersion:v1\nkind: ConfigMap\n'])
    await expect(parseYamlDocuments(text)).rejects.toThrow(new Error(said));
});
