import {expect, it} from 'vitest';
import {manualClock} from '../testing/manual-clock.ts';
import {createTurns} from './turns.ts';
import {createWorkQueue, type Reconcile} from './work-queue.ts';

function queueOf(reconcile: Reconcile) {
  const clock = manualClock();
  const errors: unknown[] = [];
  const turns = createTurns(error => void errors.push(error));
  const queue = createWorkQueue({clock, turns, reconcile, onError: (_, error) => void errors.push(error)});
  return {clock, turns, queue, errors};
}

it('gives every key its turn between the pieces of a long one, which is then asked for again once', async () => {
  const seen: string[] = [];
  const {queue, turns} = queueOf(function* (key) {
    const pieces = key === 'long' ? 3 : 1;
    for (let piece = 1; piece <= pieces; piece += 1) {
      seen.push(`${key} ${piece}`);
      if (seen.length === 1) for (let again = 0; again < 3; again += 1) queue.add('long');
      yield;
    }
  });
  queue.add('long');
  queue.add('short');
  await turns.idle();
  expect(seen).toEqual(['long 1', 'short 1', 'long 2', 'long 3', 'long 1', 'long 2', 'long 3']);
});

it('comes back later to what threw, half done or at once, and goes on with the others', async () => {
  let attempts = 0;
  const done: string[] = [];
  const {queue, turns, clock, errors} = queueOf(function* (key) {
    yield;
    if (key === 'bad' && ++attempts < 3) throw new Error('no');
    done.push(key);
  });
  queue.add('bad');
  queue.add('good');
  await turns.idle();
  expect(done).toEqual(['good']);
  clock.advance(5);
  await turns.idle();
  clock.advance(9);
  await turns.idle();
  expect(attempts).toBe(2);
  clock.advance(1);
  await turns.idle();
  expect({done, errors: errors.length}).toEqual({done: ['good', 'bad'], errors: 2});
});

it('keeps taking turns after one that threw', async () => {
  const {turns, errors} = queueOf(() => {});
  let ran = false;
  turns.take(() => {
    throw new Error('no');
  });
  turns.take(() => {
    ran = true;
  });
  await turns.idle();
  expect({ran, errors: errors.length}).toEqual({ran: true, errors: 1});
});
