import {describe, expect, it} from 'vitest';
import {istioCrds} from '../../crds/crds.ts';
import {validateSchemaExpressions} from './definition-schemas.ts';

const found = (schema: object) =>
  validateSchemaExpressions(schema, 's').map(error => `${error.field}: ${error.message}`);

describe('the schema of a definition', () => {
  it('has patterns that are regular expressions', () =>
    expect(found({properties: {a: {items: {pattern: '(a'}}}})).toEqual([
      's.properties[a].items.pattern: Invalid value: "(a": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(a`',
    ]));

  it.each([['1 +'], ['self.x.tomorrow()'], ['nobody == 1']])('has rules that compile, other than %s', rule =>
    expect(found({'x-kubernetes-validations': [{rule}]})).toEqual([
      expect.stringMatching(
        /^s\.x-kubernetes-validations\[0\]\.rule: Invalid value: .*: compilation failed: ERROR: /s,
      ),
    ]),
  );

  it('needs a rule', () =>
    expect(found({'x-kubernetes-validations': [{message: 'x'}]})).toEqual([
      's.x-kubernetes-validations[0].rule: Required value: rule is not specified',
    ]));

  it('of every kind of Istio is good', () => {
    for (const crd of istioCrds('1.30.3')) {
      for (const {schema} of crd['spec'].versions) expect(found(schema.openAPIV3Schema)).toEqual([]);
    }
  });
});
