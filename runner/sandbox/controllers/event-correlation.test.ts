import {expect, it} from 'vitest';
import {createEventCorrelation} from './event-correlation.ts';

const subject = (object: string) => ({object, fieldPath: '', type: 'Normal', reason: 'SuccessfulCreate'});

it('makes one event of the tenth message of a reason and all that follow, and stops after 25', () => {
  const correlation = createEventCorrelation();
  const sent = Array.from({length: 40}, (_, index) =>
    correlation.correlate(subject('set'), `Created pod: ${index}`, 0),
  );
  expect(sent[8]?.message).toBe('Created pod: 8');
  expect(sent[9]?.message).toBe('(combined from similar events): Created pod: 9');
  expect(new Set(sent.slice(9, 25).map(event => event?.key)).size).toBe(1);
  expect(sent.slice(25)).toEqual(Array(15).fill(undefined));
  expect(correlation.correlate(subject('other'), 'Created pod: 0', 0)).toBeDefined();
});

it('lets an object speak again every five minutes, and starts over after ten of silence', () => {
  const correlation = createEventCorrelation();
  for (let index = 0; index < 40; index += 1) correlation.correlate(subject('set'), `${index}`, 0);
  expect(correlation.correlate(subject('set'), 'a', 299_000)).toBeUndefined();
  expect(correlation.correlate(subject('set'), 'b', 301_000)?.message).toMatch(/^\(combined/);
  expect(correlation.correlate(subject('set'), 'c', 302_000)).toBeUndefined();
  expect(correlation.correlate(subject('set'), 'd', 1_000_000)?.message).toBe('d');
});
