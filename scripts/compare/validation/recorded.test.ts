import {readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import type {CustomSchema} from '../../../runner/sandbox/api/schema/schema-types.ts';
import {pilotVersion} from '../versions.ts';
import {askProduct, checkByApi, crdVersion, istioSchemas} from './product.ts';
import type {RecordedAnswer} from './recorder.ts';
import {disagreement} from './verdict.ts';

const file = path.join(import.meta.dirname, '../recorded/validation.jsonl');
const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
const answers: RecordedAnswer[] = lines.map(line => JSON.parse(line));
const kinds = [...new Set(answers.map(({object}) => object.kind))];
const schemas = istioSchemas(crdVersion);

it('was recorded with the version that is compared with, and of every kind that has a definition', () => {
  expect(JSON.parse(head).pilotVersion).toBe(pilotVersion);
  expect(kinds.sort()).toEqual([...schemas.keys()].sort());
});

describe("what istiod's webhook said", () => {
  it.each(kinds)('of each %s', kind => {
    const schema = schemas.get(kind) as CustomSchema;
    for (const real of answers.filter(({object}) => object.kind === kind)) {
      const object = structuredClone(real.object);
      expect(checkByApi(schema, object), JSON.stringify(object)).toEqual([]);
      const product = askProduct(object);
      if (disagreement(real, product)) expect({object, ...product}).toEqual(real);
    }
  });
});
