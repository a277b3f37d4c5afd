import {describe, expect, it} from 'vitest';
import {asWorkshopError, exitCodes, WorkshopError} from './errors.ts';

describe('what was thrown', () => {
  it.each([
    ['ENOSPC', 'The disk is full.'],
    ['EDQUOT', 'Your share of the disk is used up.'],
    ['EFBIG', 'A file has reached the size that is allowed.'],
    ['EROFS', "The disk can't be written: it is mounted read-only."],
  ])('is a sentence where the disk refused: %s', (code, message) => {
    const error = asWorkshopError(Object.assign(new Error(`${code}: write`), {code}));
    expect(error).toMatchObject({code: 'disk', message, exitCode: exitCodes.environment});
    expect(error.remedies).toHaveLength(1);
  });

  it('is a fault of ours where nobody expected it, and keeps its stack', () => {
    const cause = new TypeError('x is undefined');
    expect(asWorkshopError(cause)).toMatchObject({exitCode: exitCodes.internal, stack: cause.stack});
    expect(asWorkshopError(null).detail).toBe('null');
    const known = new WorkshopError({code: 'a', message: 'A.'});
    expect(asWorkshopError(known)).toBe(known);
  });
});
