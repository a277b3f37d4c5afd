import {describe, expect, it} from 'vitest';
import {check, lab} from '../testing/sample-labs.ts';
import type {Event} from './events.ts';
import {createReducer} from './reduce.ts';
import type {State} from './state.ts';

const steps = [{title: 'Only step', blocks: [check('s1c1')]}];
const labs = [
  lab('base', 1, {steps}),
  lab('left', 2, {steps, needs: ['base']}),
  lab('leaf', 3, {steps, needs: ['left']}),
  lab('right', 4, {steps, needs: ['base']}),
];
const reduce = createReducer(labs);

/** Does all labs, with the verdicts as they come. @returns which were begun, and how it ended */
function queue(goesOn: boolean, ...verdicts: ('passed' | 'failed' | 'unknown' | 'deadline')[]) {
  const ids = labs.map(({id}) => id);
  const begun: string[] = [];
  let state: State = {situation: 'finished', engine: 'sandbox', progress: {labs: {}}};
  const give = (event: Event): void => {
    const reduced = reduce(state, event);
    state = reduced.state;
    for (const effect of reduced.effects) if (effect.type === 'begin-lab') begun.push(effect.lab);
  };
  give({type: 'go-to', labs: ids, pace: {kind: 'solving', until: 'queue', goesOn}, at: 1});
  for (const verdict of verdicts) {
    if (verdict === 'deadline') give({type: 'quit', outcome: 'unknown'});
    else give({type: 'check-done', block: 's1c1', verdict, asked: 'flow', at: 2});
  }
  // What the compiler knows of it ends with the closure above.
  const ended = state as State;
  return {begun, outcome: ended.situation === 'stopped' ? ended.outcome : ended.situation};
}

describe('a queue in which a lab fails', () => {
  it.each([
    [
      'goes on with what does not stand on it',
      true,
      ['passed', 'failed', 'passed'],
      ['base', 'left', 'right'],
      'failed',
    ],
    ['ends where all the rest stands on it', true, ['failed'], ['base'], 'failed'],
    [
      'ends with the first that fails when that is asked for',
      false,
      ['passed', 'failed'],
      ['base', 'left'],
      'failed',
    ],
    [
      'is no better for one that could not be seen',
      true,
      ['passed', 'failed', 'unknown'],
      ['base', 'left', 'right'],
      'failed',
    ],
    [
      'fails also when something could not be seen before',
      true,
      ['passed', 'unknown', 'failed'],
      ['base', 'left', 'right'],
      'failed',
    ],
    [
      'could not be checked where nothing failed',
      true,
      ['passed', 'unknown', 'passed'],
      ['base', 'left', 'right'],
      'unknown',
    ],
    [
      'has failed also when it is given up afterwards',
      true,
      ['passed', 'failed', 'deadline'],
      ['base', 'left', 'right'],
      'failed',
    ],
    [
      'could not be checked when it is given up before',
      true,
      ['passed', 'deadline'],
      ['base', 'left'],
      'unknown',
    ],
    [
      'passes with all of it',
      true,
      ['passed', 'passed', 'passed', 'passed'],
      ['base', 'left', 'leaf', 'right'],
      'passed',
    ],
  ] as const)('%s', (_, goesOn, verdicts, begun, outcome) => {
    expect(queue(goesOn, ...verdicts)).toEqual({begun, outcome});
  });
});
