import {describe, expect, it} from 'vitest';
import {parseWithLibrary} from './yaml-lib.ts';
import {printYaml} from './yaml-print.ts';
import {parseSimpleYaml} from './yaml-simple.ts';

const plain = `# a comment
apiVersion: v1
kind: Service   # trailing
metadata:
  name: reviews
  labels: {}
  annotations:
    "a/b": 'it''s'
    text: "say \\"hi\\"\\n"
spec:
  ports:
  - port: 9080
    name: http
    weight: 1.5
  -   port: 80
      names: [a, b, 3]
  list:
    - - 1
      - yes
    -
      x: ~
    - plain: no
  empty:
  script: |
    # not a comment
    if x; then
      y

    fi
  last: |-
    one
---
kind: Second
url: http://x:80/a#b
version: 1.30.3
---
`;

describe('the simple YAML reader', () => {
  it('reads what the library reads', () => {
    const simple = parseSimpleYaml(plain);
    expect(simple).toBeDefined();
    expect(simple).toEqual(parseWithLibrary(plain).documents);
  });

  it.each([
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['folded text', 'a: >\n  b\n  c\n'],
    ['a scalar on two lines', 'a: b\n  c\n'],
    ['a tab', 'a:\n\tb: 1\n'],
    ['an octal number', 'mode: 0644\n'],
    ['a duplicate key', 'a: 1\na: 2\n'],
    ['a wrong indent', 'a:\n    b: 1\n  c: 2\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a map in a line', 'a: {b: c}\n'],
    ['a colon in a value', 'a: b: c\n'],
  ])('leaves %s to the library', (_, text) => {
    expect(parseSimpleYaml(text)).toBeUndefined();
  });
});

describe('printYaml', () => {
  it('prints as Go does and reads back the same', () => {
    const value = {
      z: [
        '*',
        'a b',
        '- x',
        'yes',
        '9080',
        '',
        'a: b',
        'x #y',
        "it's",
        '{"a":1}',
        '1e3',
        '2026-01-01',
        'a:b',
        '::',
      ],
      map: {list: [{name: 'x', items: []}, {}], nothing: null, deep: [[1, 2], [3]]},
      text: 'one\n  two\n',
      bare: 'one\ntwo',
      kept: 'one\n\n',
      tab: 'a\tb',
      spaced: 'a \nb',
    };
    const text = printYaml(value);
    expect(parseWithLibrary(text).documents).toEqual([value]);
    expect(text).toContain('bare: |-\n  one\n  two\n');
    expect(text).toContain('z:\n- \'*\'\n- a b\n- \'- x\'\n- "yes"\n- "9080"\n- ""\n- \'a: b\'\n');
    expect(text.startsWith('bare:')).toBe(true);
  });
});
