import {describe, expect, it} from 'vitest';
import {compileRetries} from '../compile-rule.ts';
import {merged, withFault, withPatience, withRetries, withTimeout} from './answers.ts';
import type {Answer} from './way.ts';

const good: Answer = {share: 1, status: 200, ms: 0, ending: 'application'};
const short = (answers: readonly Answer[]) =>
  answers.map(({share, status, ms}) => `${Number(share.toFixed(4))} ${status} ${ms}`);

describe('a fault', () => {
  it('hits its share, the delay by itself and before the abort', () => {
    const delay = {milliseconds: 2000, percentage: 50};
    const abort = {httpStatus: 503, percentage: 50};
    expect(short(withFault({delay, abort}, [good]))).toEqual([
      '0.25 200 0',
      '0.25 503 0',
      '0.25 200 2000',
      '0.25 503 2000',
    ]);
  });

  it('hits nobody without a percentage', () => {
    expect(short(withFault({abort: {httpStatus: 500, percentage: 0}}, [good]))).toEqual(['1 200 0']);
  });
});

describe('a timeout', () => {
  it('ends what takes longer, and leaves what just fits', () => {
    expect(short(withTimeout(500, [{...good, ms: 501}]))).toEqual(['1 504 500']);
    expect(short(withTimeout(500, [{...good, ms: 500}]))).toEqual(['1 200 500']);
  });
});

describe('retries', () => {
  const half = [
    {...good, share: 0.5},
    {...good, share: 0.5, status: 500},
  ];

  it('make a failure of each try a failure of all', () => {
    const policy = compileRetries({attempts: 2, retryOn: '5xx'});
    expect(short(withRetries(policy, half))).toEqual(['0.875 200 0', '0.125 500 0']);
  });

  it('are none for a 503 by default, nor for what the proxy itself refuses', () => {
    const refused: Answer = {share: 1, status: 503, ms: 0, ending: 'no-cluster'};
    expect(short(withRetries(compileRetries(undefined), half))).toEqual(['0.5 200 0', '0.5 500 0']);
    expect(short(withRetries(compileRetries({attempts: 5, retryOn: '5xx'}), [refused]))).toEqual(['1 503 0']);
  });

  it('add up the time of each try', () => {
    const policy = compileRetries({attempts: 2, perTryTimeout: '1s', retryOn: '5xx'});
    expect(short(withRetries(policy, [{...good, ms: 4000}]))).toEqual(['1 504 3000']);
    const byDefault = compileRetries({attempts: 2, perTryTimeout: '1s'});
    expect(short(withRetries(byDefault, [{...good, ms: 4000}]))).toEqual(['1 504 1000']);
  });
});

describe('the patience of a program', () => {
  it('is used up once for each try', () => {
    expect(short(withPatience({ms: 3000, tries: 2}, [{...good, ms: 7000}]))).toEqual(['1 0 6000']);
  });

  it('hides a failure behind a second try', () => {
    const half = merged([
      {...good, share: 0.5},
      {...good, share: 0.5, status: 503},
    ]);
    expect(short(withPatience({ms: 3000, tries: 2}, half))).toEqual(['0.75 200 0', '0.25 503 0']);
  });
});
