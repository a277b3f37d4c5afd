import {describe, expect, it} from 'vitest';
import {check, command, file, lab} from '../testing/sample-labs.ts';
import type {Event} from './events.ts';
import {planFor, resumeLab, withGiven, withPassed} from './plan.ts';
import {createReducer, resumePosition} from './reduce.ts';
import type {InStep, Progress, State} from './state.ts';

const labs = [
  lab('first', 1, {
    steps: [
      {title: 'one', blocks: [command('s1c1'), file('s1c2'), check('s1c3')]},
      {title: 'two', blocks: [command('s2c1', {engines: ['kind']}), command('s2c2')]},
    ],
  }),
  lab('second', 2, {needs: ['first']}),
  lab('third', 3, {needs: ['second'], replaces: ['second']}),
];
const reduce = createReducer(labs);

/** Feeds events one after the other and keeps what was asked for. */
function feed(state: State, ...events: Event[]): {state: State; effects: string[]} {
  let current = state;
  const effects: string[] = [];
  for (const event of events) {
    const reduced = reduce(current, event);
    current = reduced.state;
    effects.push(...reduced.effects.map(effect => effect.type));
  }
  return {state: current, effects};
}

const chooser: State = {situation: 'choosing-engine', progress: {labs: {}}};
const begin: Event = {type: 'engine-chosen', engine: 'sandbox', at: 0};

function inStep(state: State): InStep {
  if (state.situation !== 'in-step') throw new Error(`The situation is ${state.situation}.`);
  return state;
}

describe('somebody who comes back', () => {
  const back = (step: number, block: number, standing: boolean) => {
    const progress = {
      labs: (standing
        ? {second: {status: 'standing', passedAt: '', milliseconds: 7}}
        : {}) as Progress['labs'],
      position: {lab: 'second', step, block},
    };
    const {state} = feed(
      {situation: 'choosing-engine', progress},
      {type: 'engine-chosen', engine: 'sandbox', at: 50},
      {type: 'cluster-ready', at: 60},
    );
    return inStep(state);
  };

  it.each([
    ['before the check', 1, false, 'reading'],
    ['behind the last step, but the lab has not passed', 2, false, 'reading'],
    ['behind the last step of a lab that stands', 2, true, 'passed'],
  ] as const)('stands %s', (_, block, standing, phase) => {
    expect(back(0, block, standing).phase).toEqual({name: phase});
  });

  it('may see a lab that passed checked again, which changes nothing when it holds', () => {
    const asked = feed(back(0, 2, true), {type: 'check-asked', at: 70});
    expect(asked.effects).toEqual(['run-check']);
    const done = (verdict: 'passed' | 'failed') =>
      feed(asked.state, {type: 'check-done', block: 's1c2', verdict, asked: 'learner', at: 80});
    expect(done('passed').effects).toEqual([]);
    expect(inStep(done('passed').state)).toMatchObject({
      phase: {name: 'passed'},
      progress: {labs: {second: {milliseconds: 7}}},
    });
    expect(inStep(done('failed').state).phase).toEqual({name: 'failed', block: 's1c2', reason: 'check'});
  });
});

describe('a step whose check failed', () => {
  const at = (reason: 'check' | 'command') =>
    feed(
      {
        situation: 'in-step',
        engine: 'sandbox',
        progress: {labs: {}},
        position: {lab: 'first', step: 0, block: 2},
        phase: {name: 'failed', block: 's1c3', reason},
        pace: {kind: 'learner'},
        queue: [],
        startedAt: 0,
        hintsShown: 0,
      },
      {type: 'solve-asked', until: 'step', at: 9},
    );

  it('is solved from where it can be done again, since its check alone would fail again', () => {
    expect(at('check').effects).toEqual(['run-command']);
    expect(inStep(at('check').state).position.block).toBe(0);
    expect(at('command').effects).toEqual(['run-check']);
  });
});

describe('a step', () => {
  it('begins with the first lab, which needs no cluster', () => {
    const {state, effects} = feed(chooser, begin);
    expect(inStep(state).position).toEqual({lab: 'first', step: 0, block: 0});
    expect(effects).toEqual(['begin-lab', 'begin-step', 'save-progress']);
  });

  it('does one thing for each Enter, and checks by itself after the last', () => {
    const {state, effects} = feed(
      chooser,
      begin,
      {type: 'advance', at: 1},
      {type: 'block-done', block: 's1c1', at: 2},
      {type: 'advance', at: 3},
      {type: 'block-done', block: 's1c2', at: 4},
    );
    expect(effects.slice(3)).toEqual([
      'run-command',
      'save-progress',
      'write-file',
      'save-progress',
      'run-check',
    ]);
    expect(inStep(state).phase).toMatchObject({name: 'checking', block: 's1c3', asked: 'flow'});
  });

  it('takes no keys while something runs', () => {
    const running = feed(chooser, begin, {type: 'advance', at: 1}).state;
    for (const event of [
      {type: 'advance', at: 2},
      {type: 'check-asked', at: 2},
      {type: 'reset-asked'},
      {type: 'noticed'},
    ] as Event[]) {
      expect(feed(running, event)).toEqual({state: running, effects: []});
    }
  });

  it('stays at a command that failed, and tries it again', () => {
    const failed = feed(
      chooser,
      begin,
      {type: 'advance', at: 1},
      {type: 'block-failed', block: 's1c1', reason: 'command'},
    ).state;
    expect(inStep(failed).phase).toEqual({name: 'failed', block: 's1c1', reason: 'command'});
    expect(feed(failed, {type: 'advance', at: 2}).effects).toEqual(['run-command']);
  });

  it('forgives a check that was only noticed, and takes it when it passed', () => {
    const noticed = feed(chooser, begin, {type: 'noticed'}).state;
    expect(
      inStep(
        feed(noticed, {type: 'check-done', asked: 'noticed', block: 's1c3', verdict: 'failed', at: 2}).state,
      ).phase,
    ).toEqual({name: 'reading'});
    const passed = feed(noticed, {
      type: 'check-done',
      asked: 'noticed',
      block: 's1c3',
      verdict: 'passed',
      at: 2,
    }).state;
    expect(inStep(passed).phase).toEqual({name: 'passed'});
    expect(inStep(passed).position.block).toBe(3);
  });

  it('skips what is for another engine, and passes the lab at its end', () => {
    const second = feed(
      chooser,
      begin,
      {type: 'noticed'},
      {type: 'check-done', asked: 'noticed', block: 's1c3', verdict: 'passed', at: 1},
      {type: 'advance', at: 2},
    ).state;
    const {state, effects} = feed(
      second,
      {type: 'advance', at: 3},
      {type: 'block-done', block: 's2c2', at: 7},
    );
    expect(effects).toEqual(['run-command', 'lab-passed', 'save-progress']);
    expect(inStep(state).progress.labs['first']).toMatchObject({status: 'standing', milliseconds: 7});
  });

  it('ignores the end of a block that is not the one that runs', () => {
    const running = feed(chooser, begin, {type: 'advance', at: 1}).state;
    expect(feed(running, {type: 'block-done', block: 's9c9', at: 2}).state).toEqual(running);
  });
});

describe('solving', () => {
  const plan: Event = {
    type: 'go-to',
    labs: ['second', 'third'],
    pace: {kind: 'solving', until: 'queue'},
    at: 0,
  };
  const finished: State = {situation: 'finished', engine: 'sandbox', progress: {labs: {}}};

  it('waits for the cluster, then runs every lab of the queue and stops as passed', () => {
    const {state, effects} = feed(
      finished,
      plan,
      {type: 'cluster-ready', at: 1},
      {type: 'block-done', block: 's1c1', at: 2},
      {type: 'check-done', asked: 'flow', block: 's1c2', verdict: 'passed', at: 3},
      {type: 'cluster-ready', at: 3},
      {type: 'block-done', block: 's1c1', at: 4},
      {type: 'check-done', asked: 'flow', block: 's1c2', verdict: 'passed', at: 5},
    );
    expect(effects.filter(effect => effect !== 'save-progress')).toEqual([
      'prepare-cluster',
      'begin-lab',
      'begin-step',
      'run-command',
      'run-check',
      'lab-passed',
      'begin-lab',
      'begin-step',
      'run-command',
      'run-check',
      'lab-passed',
      'stop',
    ]);
    expect(state).toMatchObject({situation: 'stopped', outcome: 'passed'});
    expect(state.progress.labs['second']?.status).toBe('replaced');
  });

  it.each([
    ['failed', 'failed'],
    ['unknown', 'unknown'],
  ] as const)('stops with %s when a check was %s', (verdict, outcome) => {
    const {state} = feed(
      finished,
      plan,
      {type: 'cluster-ready', at: 1},
      {type: 'block-done', block: 's1c1', at: 2},
      {type: 'check-done', asked: 'flow', block: 's1c2', verdict, at: 3},
    );
    expect(state).toMatchObject({situation: 'stopped', outcome});
  });

  it('stops when the cluster can not be had', () => {
    expect(feed(finished, plan, {type: 'cluster-failed', outcome: 'unknown'}).state).toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('quitting and resetting', () => {
  it('quits from every situation, once', () => {
    const states: State[] = [
      chooser,
      feed(chooser, begin).state,
      feed(chooser, begin, {type: 'advance', at: 1}).state,
      {situation: 'finished', engine: 'sandbox', progress: {labs: {}}},
    ];
    for (const state of states) {
      const stopped = feed(state, {type: 'quit', outcome: 'interrupted'}, {type: 'quit', outcome: 'quit'});
      expect(stopped.state).toMatchObject({situation: 'stopped', outcome: 'interrupted'});
      expect(stopped.effects).toEqual(['save-progress', 'stop']);
    }
  });

  it('begins a lab anew after its reset', () => {
    const passed = feed(
      chooser,
      begin,
      {type: 'noticed'},
      {type: 'check-done', asked: 'noticed', block: 's1c3', verdict: 'passed', at: 1},
    ).state;
    const {state, effects} = feed(passed, {type: 'reset-asked'}, {type: 'reset-done', at: 5});
    expect(effects[0]).toBe('run-reset');
    expect(inStep(state).position).toEqual({lab: 'first', step: 0, block: 0});
  });
});

describe('what a learner does besides', () => {
  const reading = feed(chooser, begin).state;

  it('returns from a command of their own to where they were', () => {
    const failed = feed(
      reading,
      {type: 'advance', at: 1},
      {type: 'block-failed', block: 's1c1', reason: 'command'},
    ).state;
    const typed = feed(failed, {type: 'command-typed', text: 'ls'});
    expect(typed.effects).toEqual(['run-own']);
    expect(feed(typed.state, {type: 'advance', at: 2}).effects).toEqual([]);
    expect(inStep(feed(typed.state, {type: 'command-ended'}).state).phase).toMatchObject({name: 'failed'});
  });

  it('takes an edited file as written, and goes on behind it', () => {
    const editing = feed(reading, {type: 'edit-asked'});
    expect(editing.effects).toEqual(['edit-file']);
    const left = feed(editing.state, {type: 'edit-ended', block: 's1c2', saved: false}).state;
    expect(inStep(left).position.block).toBe(0);
    const saved = feed(editing.state, {type: 'edit-ended', block: 's1c2', saved: true}).state;
    expect(inStep(saved)).toMatchObject({position: {block: 2}, phase: {name: 'reading'}});
  });

  it('gives up a check that nobody asked for as soon as a key is pressed, and ignores its late answer', () => {
    const noticed = feed(reading, {type: 'noticed'}).state;
    const asked = feed(noticed, {type: 'check-asked', at: 1});
    expect(asked.effects).toEqual(['interrupt', 'run-check']);
    const late: Event = {type: 'check-done', asked: 'noticed', block: 's1c3', verdict: 'unknown', at: 2};
    expect(inStep(feed(asked.state, late).state).phase).toMatchObject({name: 'checking', asked: 'learner'});
  });

  it('solves what a jump needs, and leaves the lab that was wanted to them', () => {
    const jump: Event = {
      type: 'go-to',
      labs: ['second', 'third'],
      pace: {kind: 'solving', until: 'last-lab'},
      at: 1,
    };
    const {state, effects} = feed(
      reading,
      jump,
      {type: 'cluster-ready', at: 2},
      {type: 'block-done', block: 's1c1', at: 3},
      {type: 'check-done', asked: 'flow', block: 's1c2', verdict: 'passed', at: 4},
    );
    expect(effects).toContain('lab-passed');
    expect(inStep(state)).toMatchObject({
      position: {lab: 'third', step: 0, block: 0},
      pace: {kind: 'learner'},
      phase: {name: 'reading'},
    });
  });

  it('lets them try again when the cluster does not answer', () => {
    const jump: Event = {type: 'go-to', labs: ['third'], pace: {kind: 'learner'}, at: 1};
    const lost = feed(reading, jump, {type: 'cluster-failed', outcome: 'unknown'}).state;
    expect(lost.situation).toBe('cluster-unreachable');
    expect(feed(lost, {type: 'advance', at: 2}).effects).toEqual(['prepare-cluster']);
  });
});

describe('planFor', () => {
  const passed = (progress: State['progress'], id: string) =>
    withPassed({labs, progress, id, passedAt: '2026-01-01T00:00:00.000Z', milliseconds: 1});

  it('puts missing needs first, deepest first', () => {
    expect(planFor(labs, {labs: {}}, ['third'])).toEqual(['first', 'second', 'third']);
  });

  it('leaves out what stands, and what a standing lab was built upon', () => {
    const first = passed({labs: {}}, 'first');
    expect(planFor(labs, first, ['second'])).toEqual(['second']);
    const all = passed(passed(first, 'second'), 'third');
    expect(all.labs['second']?.status).toBe('replaced');
    expect(planFor(labs, all, ['third'])).toEqual(['third']);
  });

  it('never runs what the cluster had before, and needs what that stands on all the same', () => {
    const given = withGiven({labs: {}}, ['second'], 0);
    expect(planFor(labs, given, ['third'])).toEqual(['first', 'third']);
    expect(planFor(labs, given, ['second'])).toEqual([]);
  });

  it('runs what was asked for even when it stands', () => {
    expect(planFor(labs, passed({labs: {}}, 'first'), ['first'])).toEqual(['first']);
  });
});

describe('a lab whose result the cluster had before', () => {
  const given = withGiven({labs: {}}, ['second'], 0);

  it('is passed over by who goes on from the lab before it', () => {
    const {state} = feed(
      {situation: 'choosing-engine', progress: {...given, position: {lab: 'first', step: 1, block: 0}}},
      {type: 'engine-chosen', engine: 'sandbox', at: 0},
      {type: 'cluster-ready', at: 1},
      {type: 'advance', at: 2},
      {type: 'block-done', block: 's2c2', at: 3},
      {type: 'advance', at: 4},
    );
    expect(inStep(state).position.lab).toBe('third');
    expect(state.progress.labs['second']?.status).toBe('given');
  });

  it('is nowhere to go on from, whatever was saved', () => {
    const progress = {...given, position: {lab: 'second', step: 0, block: 0}};
    expect(resumePosition(labs, progress)?.lab).toBe('first');
    expect(resumeLab(labs, progress).id).toBe('first');
  });

  it('counts as done at the end', () => {
    const passedAt = '2026-01-01T00:00:00.000Z';
    const first = withPassed({labs, progress: given, id: 'first', passedAt, milliseconds: 1});
    const all = withPassed({labs, progress: first, id: 'third', passedAt, milliseconds: 1});
    expect(resumePosition(labs, all)).toBeUndefined();
  });
});
