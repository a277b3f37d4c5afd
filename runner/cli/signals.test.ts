import {expect, it} from 'vitest';
import {testIo} from '../testing/test-io.ts';
import {notingSignals} from './signals.ts';

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a program that %s ends has that exit code, whoever heard of it first', (signal, code) => {
  const outside = testIo();
  const handlers = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  const onSignal = (handler: (signal: 'SIGINT' | 'SIGTERM') => void) => {
    handlers.add(handler);
    return () => handlers.delete(handler);
  };
  const {io, ended} = notingSignals({...outside.io, onSignal});
  outside.remove();
  const heard: string[] = [];
  const forget = io.onSignal(name => heard.push(name));
  expect(ended()).toBeUndefined();
  for (const handler of handlers) handler(signal);
  for (const handler of handlers) handler('SIGINT');
  forget();
  expect(heard).toEqual([signal, 'SIGINT']);
  expect(ended()).toBe(code);
  expect(handlers.size).toBe(0);
});
