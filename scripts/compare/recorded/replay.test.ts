import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {differs} from '../answers/difference.ts';
import {answersOfProduct} from '../answers/product-answers.ts';
import {pilotVersion} from '../versions.ts';
import {readRecording, recordingFile} from './recording.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const {recordedWith, cases} = readRecording(path.join(root, recordingFile));

describe(`the answers of real istiod and Envoy (${recordedWith.istio}, ${recordedWith.envoy})`, () => {
  it('are of the version that the product is compared with', () => {
    expect(recordedWith.pilot).toBe(pilotVersion);
  });

  it('are what the product expects, in every case', () => {
    const wrong = cases.flatMap(({case: each, answers}) => {
      const product = answersOfProduct(each);
      return each.requests.flatMap((request, index) => {
        const [real, expected] = [answers[index] ?? {}, product[index] ?? {}];
        return differs(real, expected) ? [{id: each.id, request, real, expected}] : [];
      });
    });
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(600);
  });
});
