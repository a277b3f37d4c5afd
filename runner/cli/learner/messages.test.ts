import {expect, it} from 'vitest';
import {asWorkshopError, exitCodes, WorkshopError} from '../../errors.ts';
import {errorData, errorFrom} from './messages.ts';

it('takes an error across threads whole', () => {
  const error = new WorkshopError({
    code: 'no-docker',
    message: 'Docker does not answer.',
    detail: 'connect ECONNREFUSED',
    remedies: ['Start it'],
    exitCode: exitCodes.environment,
  });
  const arrived = errorFrom(structuredClone(errorData(error)));
  expect(arrived).toBeInstanceOf(WorkshopError);
  expect({...arrived, message: arrived.message, stack: arrived.stack}).toEqual({
    ...error,
    message: error.message,
    stack: error.stack,
  });
});

it('keeps where a fault of ours came from', () => {
  const fault = new TypeError('x is not a function');
  const arrived = errorFrom(structuredClone(errorData(asWorkshopError(fault))));
  expect(arrived).toMatchObject({exitCode: exitCodes.internal, detail: 'x is not a function'});
  expect(arrived.stack).toBe(fault.stack);
});
