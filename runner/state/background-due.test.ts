import {describe, expect, it} from 'vitest';
import {command, lab} from '../testing/sample-labs.ts';
import {backgroundDue} from './plan.ts';
import type {Progress} from './state.ts';

const forward = command('s2c1', {background: true});
const labs = [
  lab('first', 1),
  lab('second', 2, {
    steps: [
      {title: 'one', blocks: [command('s1c1')]},
      {title: 'two', blocks: [forward, command('s2c2')]},
      {title: 'three', blocks: [command('s3c1', {background: true, engines: ['kind']})]},
    ],
  }),
  lab('third', 3),
];

const passed = {status: 'standing', passedAt: '2026-11-28T08:00:00Z', milliseconds: 1} as const;

const due = (progress: Progress, engine: 'sandbox' | 'kind' = 'sandbox') =>
  backgroundDue(labs, progress, engine).map(({lab, block}) => `${lab.id}/${block.id}`);

describe('backgroundDue', () => {
  it.each([
    ['nothing at the beginning', {labs: {}}, []],
    [
      'what a passed lab left',
      {labs: {second: passed}, position: {lab: 'third', step: 0, block: 0}},
      ['second/s2c1'],
    ],
    [
      'what a lab left that another replaced',
      {labs: {second: {...passed, status: 'replaced'}}},
      ['second/s2c1'],
    ],
    ['nothing that comes later in the step', {labs: {}, position: {lab: 'second', step: 1, block: 0}}, []],
    [
      'what came before in the step',
      {labs: {}, position: {lab: 'second', step: 1, block: 1}},
      ['second/s2c1'],
    ],
    [
      'what came in an earlier step',
      {labs: {}, position: {lab: 'second', step: 2, block: 0}},
      ['second/s2c1'],
    ],
    [
      'nothing of a lab that is done again',
      {labs: {second: passed}, position: {lab: 'second', step: 0, block: 0}},
      [],
    ],
  ] as const)('names %s', (_, progress, expected) => {
    expect(due(progress)).toEqual(expected);
  });

  it('looks at the engine', () => {
    expect(due({labs: {second: passed}}, 'kind')).toEqual(['second/s2c1', 'second/s3c1']);
  });
});
