import {describe, expect, it} from 'vitest';
import {exitCodes} from '../../errors.ts';
import {exitCodeOfRun} from './tally.ts';

describe('the exit code of a run', () => {
  it.each([
    ['passed', exitCodes.passed, true, 0, 0],
    ['passed, with something left behind', exitCodes.passed, false, 0, 3],
    ['failed, with something left behind', exitCodes.failed, false, 1, 1],
    ['could not be checked', exitCodes.environment, true, 0, 3],
    ['could not be checked to its end, after a check had failed', exitCodes.environment, true, 1, 1],
    ['interrupted, after a check had failed', exitCodes.interrupted, false, 1, 130],
    ['a fault of ours', exitCodes.internal, false, 1, 70],
  ] as const)('%s', (_, code, isClean, failed, wanted) => {
    expect(exitCodeOfRun(code, {isClean, failed})).toBe(wanted);
  });
});
