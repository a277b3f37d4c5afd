import {describe, expect, it} from 'vitest';
import {check, command, file, lab} from '../testing/sample-labs.ts';
import type {Event} from './events.ts';
import {createReducer} from './reduce.ts';
import type {InStep, Outcome, Pace, Phase, State} from './state.ts';

const labs = [
  lab('first', 1, {
    steps: [
      {title: 'one', blocks: [command('s1c1'), file('s1c2'), check('s1c3')]},
      {title: 'two', blocks: [command('s2c1')]},
    ],
  }),
  lab('second', 2, {needs: ['first']}),
];
const reduce = createReducer(labs);

/** A situation, or within a step its phase. */
type Row = Exclude<State['situation'], 'in-step'> | Phase['name'];
type EventType = Event['type'];

const progress = {labs: {}, position: {lab: 'first', step: 0, block: 0}};
const goal = {position: {lab: 'second', step: 0, block: 0}, pace: {kind: 'learner'}, queue: []} as const;

function inStep(phase: Phase, overrides: Partial<InStep> = {}): InStep {
  return {
    situation: 'in-step',
    engine: 'sandbox',
    progress,
    position: {lab: 'first', step: 0, block: 0},
    phase,
    pace: {kind: 'learner'},
    queue: [],
    startedAt: 0,
    hintsShown: 0,
    ...overrides,
  };
}

const reading = {name: 'reading'} as const;

const states: Record<Row, State> = {
  'choosing-engine': {situation: 'choosing-engine', progress},
  'preparing-cluster': {situation: 'preparing-cluster', engine: 'sandbox', progress, goal},
  'cluster-unreachable': {situation: 'cluster-unreachable', engine: 'sandbox', progress, goal},
  finished: {situation: 'finished', engine: 'sandbox', progress},
  stopped: {situation: 'stopped', progress, outcome: 'quit'},
  reading: inStep(reading),
  failed: inStep({name: 'failed', block: 's1c1', reason: 'command'}),
  passed: inStep({name: 'passed'}, {position: {lab: 'first', step: 0, block: 3}}),
  running: inStep({name: 'running', block: 's1c1'}),
  writing: inStep({name: 'writing', block: 's1c2'}, {position: {lab: 'first', step: 0, block: 1}}),
  checking: inStep({name: 'checking', block: 's1c3', asked: 'learner', before: reading}),
  resetting: inStep({name: 'resetting'}),
  looking: inStep({name: 'looking'}, {pace: {kind: 'solving', until: 'queue'}}),
  'own-command': inStep({name: 'own-command', before: reading}),
  editing: inStep({name: 'editing', block: 's1c2', before: reading}),
};

/** Each event as it comes when it is about what goes on in `state`. */
const events: {[Type in EventType]: (state: State) => Event & {type: Type}} = {
  'engine-chosen': () => ({type: 'engine-chosen', engine: 'sandbox', at: 9}),
  'cluster-ready': () => ({type: 'cluster-ready', at: 9}),
  'cluster-failed': () => ({type: 'cluster-failed', outcome: 'unknown'}),
  advance: () => ({type: 'advance', at: 9}),
  'check-asked': () => ({type: 'check-asked', at: 9}),
  'hint-asked': () => ({type: 'hint-asked'}),
  'solve-asked': () => ({type: 'solve-asked', until: 'step', at: 9}),
  'reset-asked': () => ({type: 'reset-asked'}),
  'go-to': () => ({type: 'go-to', labs: ['second'], pace: {kind: 'learner'}, at: 9}),
  noticed: () => ({type: 'noticed'}),
  'command-typed': () => ({type: 'command-typed', text: 'ls'}),
  'command-ended': () => ({type: 'command-ended'}),
  'edit-asked': () => ({type: 'edit-asked'}),
  'edit-ended': state => ({type: 'edit-ended', block: blockOf(state), saved: true}),
  'block-done': state => ({type: 'block-done', block: blockOf(state), at: 9}),
  'block-failed': state => ({type: 'block-failed', block: blockOf(state), reason: 'command'}),
  'check-done': state => ({
    type: 'check-done',
    block: blockOf(state),
    verdict: 'passed',
    asked: 'learner',
    at: 9,
  }),
  'reset-done': () => ({type: 'reset-done', at: 9}),
  'reset-failed': () => ({type: 'reset-failed'}),
  looked: () => ({type: 'looked', lab: 'first', goesOnAt: 0, at: 9}),
  quit: () => ({type: 'quit', outcome: 'quit'}),
};

function blockOf(state: State): string {
  return state.situation === 'in-step' && 'block' in state.phase ? state.phase.block : 's1c1';
}

function rowOf(state: State): Row {
  return state.situation === 'in-step' ? state.phase.name : state.situation;
}

/** Events that leave everything as it is; together with the decided ones every event must be named. */
function nothing<Type extends EventType>(...types: readonly Type[]): Record<Type, '-'> {
  return Object.fromEntries(types.map(type => [type, '-'])) as Record<Type, '-'>;
}

const quits = {quit: 'stopped: save-progress stop'} as const;
const enters = 'begin-lab begin-step save-progress';

/** What comes at the end of something, where that something does not run. */
const answers = [
  'command-ended',
  'edit-ended',
  'block-done',
  'block-failed',
  'check-done',
  'reset-done',
  'reset-failed',
  'looked',
] as const;
const ofCluster = ['engine-chosen', 'cluster-ready', 'cluster-failed'] as const;
/** What starts something. */
const starting = [
  'advance',
  'check-asked',
  'solve-asked',
  'reset-asked',
  'go-to',
  'noticed',
  'command-typed',
  'edit-asked',
] as const;
const rest = {
  ...nothing(...ofCluster, ...answers),
  advance: 'running: run-command',
  'check-asked': 'checking: run-check',
  'solve-asked': 'running: run-command',
  'reset-asked': 'resetting: run-reset',
  'go-to': 'preparing-cluster: prepare-cluster',
  noticed: 'checking: run-check',
  'command-typed': 'own-command: run-own',
  'edit-asked': 'editing: edit-file',
  ...quits,
} as const;

/** The next situation or phase, then the effects in their order; `-`: nothing happens. */
const matrix: Record<Row, Record<EventType, string>> = {
  'choosing-engine': {
    ...nothing(...starting, ...answers, 'cluster-ready', 'cluster-failed', 'hint-asked'),
    'engine-chosen': `reading: ${enters}`,
    ...quits,
  },
  'preparing-cluster': {
    ...nothing(...starting, ...answers, 'engine-chosen', 'hint-asked'),
    'cluster-ready': `reading: ${enters}`,
    'cluster-failed': 'cluster-unreachable:',
    ...quits,
  },
  'cluster-unreachable': {
    ...nothing(...ofCluster, ...answers, 'hint-asked'),
    ...nothing('check-asked', 'solve-asked', 'reset-asked', 'noticed', 'command-typed', 'edit-asked'),
    advance: 'preparing-cluster: prepare-cluster',
    'go-to': 'preparing-cluster: prepare-cluster',
    ...quits,
  },
  finished: {
    ...nothing(...ofCluster, ...answers, 'hint-asked'),
    ...nothing('advance', 'check-asked', 'solve-asked', 'reset-asked', 'noticed'),
    ...nothing('command-typed', 'edit-asked'),
    'go-to': 'preparing-cluster: prepare-cluster',
    ...quits,
  },
  stopped: nothing(...ofCluster, ...starting, ...answers, 'hint-asked', 'quit'),
  reading: {...rest, 'hint-asked': 'reading:'},
  failed: {...rest, 'hint-asked': 'failed:'},
  passed: {
    ...rest,
    // There is nothing left to solve or to hint at, and only who asks sees it checked again.
    ...nothing('noticed', 'solve-asked', 'hint-asked'),
    advance: 'reading: begin-step save-progress',
  },
  running: {
    ...nothing(...ofCluster, ...starting, 'command-ended', 'edit-ended', 'check-done'),
    ...nothing('reset-done', 'reset-failed', 'looked'),
    'hint-asked': 'running:',
    'block-done': 'reading: save-progress',
    'block-failed': 'failed:',
    ...quits,
  },
  writing: {
    ...nothing(...ofCluster, ...starting, 'command-ended', 'edit-ended', 'check-done'),
    ...nothing('reset-done', 'reset-failed', 'looked'),
    'hint-asked': 'writing:',
    // The check follows by itself.
    'block-done': 'checking: save-progress run-check',
    'block-failed': 'failed:',
    ...quits,
  },
  checking: {
    ...nothing(...ofCluster, ...starting, 'command-ended', 'edit-ended', 'block-done', 'block-failed'),
    ...nothing('reset-done', 'reset-failed', 'looked'),
    'hint-asked': 'checking:',
    'check-done': 'passed: save-progress',
    ...quits,
  },
  looking: {
    ...nothing(...ofCluster, ...starting, ...answers),
    'hint-asked': 'looking:',
    looked: 'running: went-on begin-step save-progress run-command',
    ...quits,
  },
  resetting: {
    ...nothing(...ofCluster, ...starting, 'command-ended', 'edit-ended', 'block-done', 'block-failed'),
    ...nothing('check-done', 'looked'),
    'hint-asked': 'resetting:',
    'reset-done': `reading: ${enters}`,
    'reset-failed': 'reading:',
    ...quits,
  },
  'own-command': {
    ...nothing(...ofCluster, ...starting, 'edit-ended', 'block-done', 'block-failed', 'check-done'),
    ...nothing('reset-done', 'reset-failed', 'looked'),
    'hint-asked': 'own-command:',
    'command-ended': 'reading:',
    ...quits,
  },
  editing: {
    ...nothing(...ofCluster, ...starting, 'command-ended', 'block-done', 'block-failed', 'check-done'),
    ...nothing('reset-done', 'reset-failed', 'looked'),
    'hint-asked': 'editing:',
    'edit-ended': 'reading: save-progress',
    ...quits,
  },
};

const cells = (Object.keys(matrix) as Row[]).flatMap(row =>
  (Object.keys(events) as EventType[]).map(type => ({row, type, expected: matrix[row][type]})),
);

describe('every event in every situation', () => {
  it.each(cells)('$row, $type: $expected', ({row, type, expected}) => {
    const state = states[row];
    const next = reduce(state, events[type](state));
    if (expected === '-') {
      expect(next).toEqual({state, effects: []});
      // The same object, so that nothing is drawn or written for it.
      expect(next.state).toBe(state);
      return;
    }
    const effects = next.effects.map(effect => effect.type).join(' ');
    expect(`${rowOf(next.state)}: ${effects}`.trim()).toBe(expected);
  });

  it.each(['block-done', 'block-failed', 'check-done', 'edit-ended'] as const)(
    'takes no %s of another block',
    type => {
      for (const state of Object.values(states)) {
        const event = {...events[type](state), block: 's9c9'} as Event;
        expect(reduce(state, event)).toEqual({state, effects: []});
      }
    },
  );

  it('takes no answer to a check that somebody else asked for', () => {
    for (const asked of ['flow', 'noticed'] as const) {
      const event = {...events['check-done'](states.checking), asked};
      expect(reduce(states.checking, event).state).toBe(states.checking);
    }
  });
});

/** A check that nobody asked for gives way to whatever is asked for. */
describe('every event during a check that was only noticed', () => {
  const before = {name: 'failed', block: 's1c1', reason: 'command'} as const;
  const noticed = inStep({name: 'checking', block: 's1c3', asked: 'noticed', before});

  const row: Record<EventType, string> = {
    ...nothing(...ofCluster, 'noticed', 'command-ended', 'edit-ended', 'block-done', 'block-failed'),
    ...nothing('reset-done', 'reset-failed', 'looked'),
    advance: 'running: interrupt run-command',
    'check-asked': 'checking: interrupt run-check',
    'solve-asked': 'running: interrupt run-command',
    'reset-asked': 'resetting: interrupt run-reset',
    'go-to': 'preparing-cluster: interrupt prepare-cluster',
    'command-typed': 'own-command: interrupt run-own',
    'edit-asked': 'editing: interrupt edit-file',
    'hint-asked': 'checking:',
    'check-done': 'passed: save-progress',
    ...quits,
  };

  it.each(Object.entries(row) as [EventType, string][])('%s: %s', (type, expected) => {
    const event = events[type](noticed);
    const next = reduce(noticed, event.type === 'check-done' ? {...event, asked: 'noticed'} : event);
    if (expected === '-') return expect(next.state).toBe(noticed);
    const effects = next.effects.map(effect => effect.type).join(' ');
    return expect(`${rowOf(next.state)}: ${effects}`.trim()).toBe(expected);
  });

  it.each(['failed', 'unknown'] as const)('is forgotten when it is %s', verdict => {
    const event: Event = {type: 'check-done', block: 's1c3', verdict, asked: 'noticed', at: 9};
    expect(reduce(noticed, event)).toEqual({state: {...noticed, phase: before}, effects: []});
  });
});

describe('what an answer says', () => {
  const failures: readonly [Phase['name'], Event, Phase][] = [
    [
      'running',
      {type: 'block-failed', block: 's1c1', reason: 'unknown'},
      {name: 'failed', block: 's1c1', reason: 'unknown'},
    ],
    [
      'writing',
      {type: 'block-failed', block: 's1c2', reason: 'file'},
      {name: 'failed', block: 's1c2', reason: 'file'},
    ],
    [
      'checking',
      {type: 'check-done', block: 's1c3', verdict: 'failed', asked: 'learner', at: 9},
      {name: 'failed', block: 's1c3', reason: 'check'},
    ],
    [
      'checking',
      {type: 'check-done', block: 's1c3', verdict: 'unknown', asked: 'learner', at: 9},
      {name: 'failed', block: 's1c3', reason: 'unknown'},
    ],
    ['editing', {type: 'edit-ended', block: 's1c2', saved: false}, reading],
  ];

  it.each(failures)('%s, %j', (row, event, phase) => {
    expect(reduce(states[row], event)).toEqual({state: {...(states[row] as InStep), phase}, effects: []});
  });

  const paces: readonly [Pace, Event & {type: 'block-failed'}, Row, Outcome | undefined][] = (
    ['step', 'lab', 'last-lab', 'queue'] as const
  ).flatMap(until =>
    (['command', 'unknown'] as const).map(
      reason =>
        [
          {kind: 'solving', until},
          {type: 'block-failed', block: 's1c1', reason},
          until === 'queue' ? 'stopped' : 'failed',
          until !== 'queue' ? undefined : reason === 'unknown' ? 'unknown' : 'failed',
        ] as const,
    ),
  );

  it.each(paces)('while %j, %j: %s %s', (pace, event, row, outcome) => {
    const {state} = reduce({...(states.running as InStep), pace}, event);
    expect(rowOf(state)).toBe(row);
    if (state.situation === 'stopped') expect(state.outcome).toBe(outcome);
    // Whoever sits there takes over.
    else expect(state).toMatchObject({pace: {kind: 'learner'}});
  });
});

describe('the end of a lab', () => {
  const lastStep = (overrides: Partial<InStep> = {}): InStep =>
    inStep({name: 'running', block: 's2c1'}, {position: {lab: 'first', step: 1, block: 0}, ...overrides});
  const done: Event = {type: 'block-done', block: 's2c1', at: 9};

  const ends: readonly [Pace, readonly string[], string][] = [
    [{kind: 'learner'}, [], 'first passed: lab-passed save-progress'],
    [{kind: 'solving', until: 'step'}, [], 'first passed: lab-passed save-progress'],
    [{kind: 'solving', until: 'lab'}, [], 'first passed: lab-passed save-progress'],
    [{kind: 'solving', until: 'last-lab'}, ['second'], `second reading: lab-passed save-progress ${enters}`],
    [
      {kind: 'solving', until: 'queue'},
      ['second'],
      `second running: lab-passed save-progress ${enters} run-command`,
    ],
    [{kind: 'solving', until: 'queue'}, [], 'stopped: lab-passed save-progress save-progress stop'],
  ];

  it.each(ends)('at pace %j with the queue %j: %s', (pace, queue, expected) => {
    const next = reduce(lastStep({pace, queue}), done);
    const {state} = next;
    const where = state.situation === 'in-step' ? `${state.position.lab} ${state.phase.name}` : rowOf(state);
    expect(`${where}: ${next.effects.map(effect => effect.type).join(' ')}`).toBe(expected);
    expect(state.progress.labs['first']?.status).toBe('standing');
  });

  it('is not asked for twice: solving what is passed leaves it passed', () => {
    const passed = reduce(lastStep(), done).state;
    for (const until of ['step', 'lab'] as const) {
      expect(reduce(passed, {type: 'solve-asked', until, at: 10}).state).toBe(passed);
    }
  });

  it('comes also when the last step has nothing for this engine', () => {
    const sparse = [
      lab('first', 1, {
        steps: [
          {title: 'one', blocks: [command('s1c1')]},
          {title: 'two', blocks: [command('s2c1', {engines: ['kind']})]},
        ],
      }),
      lab('second', 2),
    ];
    const reduceSparse = createReducer(sparse);
    const atEnd = inStep(reading, {position: {lab: 'first', step: 1, block: 0}});
    const learner = reduceSparse(atEnd, {type: 'advance', at: 9});
    expect(learner.effects.map(({type}) => type)).toEqual([
      'lab-passed',
      'save-progress',
      'begin-lab',
      'begin-step',
      'save-progress',
    ]);
    expect(learner.state.progress.labs['first']?.status).toBe('standing');
    const solving = reduceSparse(
      {...(states.running as InStep), pace: {kind: 'solving', until: 'queue'}},
      {type: 'block-done', block: 's1c1', at: 9},
    );
    expect(solving.state).toMatchObject({situation: 'stopped', outcome: 'passed'});
    expect(solving.effects.map(({type}) => type)).toContain('lab-passed');
  });

  it('comes also when the last thing is a file that the learner wrote in their editor', () => {
    const withFile = [lab('first', 1, {steps: [{title: 'one', blocks: [command('s1c1'), file('s1c2')]}]})];
    const reduceFile = createReducer(withFile);
    const editing = inStep(
      {name: 'editing', block: 's1c2', before: reading},
      {position: {lab: 'first', step: 0, block: 1}},
    );
    const {state} = reduceFile(editing, {type: 'edit-ended', block: 's1c2', saved: true});
    const on = reduceFile(state, {type: 'advance', at: 9});
    expect(on.state.progress.labs['first']?.status).toBe('standing');
  });

  it('is not told again when a learner comes back to a step that was done', () => {
    const passed = reduce(lastStep(), done).state;
    const again = reduce(
      {situation: 'choosing-engine', progress: passed.progress},
      {
        type: 'engine-chosen',
        engine: 'sandbox',
        at: 20,
      },
    );
    const ready = reduce(again.state, {type: 'cluster-ready', at: 21});
    const on = reduce(ready.state, {type: 'advance', at: 22});
    expect(on.effects.map(({type}) => type)).not.toContain('lab-passed');
    expect(on.state.progress.labs['first']?.milliseconds).toBe(9);
  });
});

describe('a jump', () => {
  const jump = (wanted: readonly string[]): Event => ({
    type: 'go-to',
    labs: wanted,
    pace: {kind: 'learner'},
    at: 9,
  });

  it.each([[], ['nowhere'], ['second', 'nowhere']])('to %j goes nowhere', (...wanted) => {
    for (const row of ['reading', 'finished', 'cluster-unreachable'] as const) {
      expect(reduce(states[row], jump(wanted)).state).toBe(states[row]);
    }
  });

  it('to the first lab needs no cluster, from anywhere', () => {
    for (const row of ['reading', 'finished', 'cluster-unreachable'] as const) {
      expect(rowOf(reduce(states[row], jump(['first'])).state)).toBe('reading');
    }
  });
});

describe('a saved position that the labs no longer have', () => {
  it.each([
    {lab: 'gone', step: 0, block: 0},
    {lab: 'first', step: 7, block: 0},
    {lab: 'first', step: -1, block: 0},
  ])('%j begins at the first lab that has not passed', position => {
    const {state} = reduce(
      {situation: 'choosing-engine', progress: {labs: {}, position}},
      {type: 'engine-chosen', engine: 'sandbox', at: 0},
    );
    expect(state).toMatchObject({situation: 'in-step', position: {lab: 'first', step: 0, block: 0}});
  });
});
