import type {Block, Lab} from '../../catalog/lab.ts';
import type {ConditionResult} from '../../checks/result.ts';
import type {SessionEvent} from '../../session/events.ts';
import type {InStep, Phase, State} from '../../state/state.ts';
import {check, command, file, lab} from '../../testing/sample-labs.ts';
import type {Model, StepView} from '../view-model.ts';

const hint = (markdown: string): Block => ({kind: 'hint', markdown});

/** Three labs: one with everything that a step can have, Bookinfo, and a last one. */
export const sampleLabs: readonly Lab[] = [
  lab('first', 1, {
    summary: 'The summary of the first lab.',
    introduction: [{kind: 'prose', markdown: 'What it is about.'}],
    steps: [
      {
        title: 'Everything',
        blocks: [
          {kind: 'prose', markdown: 'Some prose.'},
          command('s1c1'),
          file('s1c2'),
          check('s1c3'),
          hint('A nudge.'),
          hint('The pointer.'),
        ],
      },
      {title: 'A command alone', blocks: [command('s2c1')]},
    ],
  }),
  lab('deploy-bookinfo', 2, {needs: ['first']}),
  lab('last', 3, {needs: ['deploy-bookinfo']}),
];

/** One load of the page, which only a report tells of. */
export const observed = {
  type: 'observed',
  block: 's9c9',
  index: 0,
  phase: 'prove',
  right: true,
  observation: {
    visitor: 'jason',
    stars: 'black',
    status: 200,
    reviews: 2,
    filledStars: [5, 4],
    colours: ['rgb(0, 0, 0)'],
    markupColours: ['black'],
    errors: [],
    pod: 'reviews-v2-1',
    failedStatic: [],
    signedInAs: 'jason',
    milliseconds: 40,
  },
} as const satisfies SessionEvent;

export function record(status: 'standing' | 'replaced' = 'standing') {
  return {status, passedAt: '2026-01-01T00:00:00.000Z', milliseconds: 61_000} as const;
}

/** Somebody in a step, in its `phase`. */
export function stepState(phase: Phase, overrides: Partial<InStep> = {}): InStep {
  const position = {lab: 'first', step: 0, block: 0};
  return {
    situation: 'in-step',
    engine: 'sandbox',
    progress: {labs: {}, position},
    position,
    phase,
    pace: {kind: 'learner'},
    queue: [],
    startedAt: 0,
    hintsShown: 0,
    ...overrides,
  };
}

const reading = {name: 'reading'} as const;
const goal = {position: {lab: 'last', step: 0, block: 0}, pace: {kind: 'learner'}, queue: []} as const;

/** Every situation, and within a step every phase; both kinds of a check that runs. */
export const sampleStates = {
  'choosing-engine': {situation: 'choosing-engine', progress: {labs: {}}},
  'preparing-cluster': {
    situation: 'preparing-cluster',
    engine: 'sandbox',
    progress: {labs: {first: record()}},
    goal,
  },
  'cluster-unreachable': {
    situation: 'cluster-unreachable',
    engine: 'sandbox',
    progress: {labs: {first: record()}},
    goal,
  },
  finished: {
    situation: 'finished',
    engine: 'sandbox',
    progress: {labs: {first: record(), 'deploy-bookinfo': record(), last: record()}},
  },
  stopped: {situation: 'stopped', progress: {labs: {}}, outcome: 'quit'},
  reading: stepState(reading),
  failed: stepState({name: 'failed', block: 's1c1', reason: 'command'}),
  passed: stepState({name: 'passed'}, {position: {lab: 'first', step: 0, block: 3}}),
  running: stepState({name: 'running', block: 's1c1'}),
  writing: stepState({name: 'writing', block: 's1c2'}),
  checking: stepState({name: 'checking', block: 's1c3', asked: 'learner', before: reading}),
  noticed: stepState({name: 'checking', block: 's1c3', asked: 'noticed', before: reading}),
  resetting: stepState({name: 'resetting'}),
  looking: stepState({name: 'looking'}),
  'own-command': stepState({name: 'own-command', before: reading}),
  editing: stepState({name: 'editing', block: 's1c2', before: reading}),
} as const satisfies Record<Exclude<State['situation'], 'in-step'> | Phase['name'] | 'noticed', State>;

export type SampleState = keyof typeof sampleStates;

/** What the screen knows in `state`. */
export function sampleModel(state: State, overrides: Partial<Model> = {}): Model {
  const labs = overrides.labs ?? sampleLabs;
  const at = state.situation === 'in-step' ? state.position : undefined;
  const found = at && labs.find(({id}) => id === at.lab);
  const current: StepView | undefined = found && {lab: found, step: at.step, runs: {}, own: []};
  return {
    program: 'istio-workshop',
    workshop: 'default',
    engineTitle: 'sandbox (simulated) · Istio 1.30',
    workFolder: '/home/learner/istio-workshop',
    labs,
    state,
    engines: [{engine: 'sandbox'}, {engine: 'kind'}, {engine: 'context'}],
    notes: [],
    background: [],
    finished: [],
    traffic: [],
    ended: false,
    ...(current ? {current} : {}),
    ...overrides,
  };
}

export function conditionResult(overrides: Partial<ConditionResult> = {}): ConditionResult {
  return {
    verdict: 'failed',
    label: 'stars black for every visitor',
    expected: 'black',
    seen: 'red',
    milliseconds: 1200,
    ...overrides,
  };
}
