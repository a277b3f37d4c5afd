import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {differs} from '../answers/difference.ts';
import {answersOfProduct} from '../answers/product-answers.ts';
import {pilotVersion} from '../versions.ts';
import {readRecording} from './recording.ts';

describe.each([
  ['routes', 400],
  ['gateways', 200],
])('what real istiod and Envoy answered to generated %s', (name, count) => {
  const {recordedWith, cases} = readRecording(path.join(import.meta.dirname, `${name}.jsonl.gz`));

  it('came from the version that the product is compared with', () => {
    expect(recordedWith.pilot).toBe(pilotVersion);
    expect(cases).toHaveLength(count);
  });

  it('is what the product expects', () => {
    const wrong = cases.flatMap(({case: each, answers}) => {
      const product = answersOfProduct(each);
      return each.requests.flatMap((request, index) => {
        const [real, expected] = [answers[index] ?? {}, product[index] ?? {}];
        return differs(real, expected) ? [{id: each.id, request, real, expected}] : [];
      });
    });
    expect(wrong).toEqual([]);
  });
});
