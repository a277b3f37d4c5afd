import stringWidth from 'fast-string-width';
import {describe, expect, it} from 'vitest';
import {command, file, lab} from '../../testing/sample-labs.ts';
import {
  conditionResult,
  record,
  type SampleState,
  sampleLabs,
  sampleModel,
  sampleStates,
  stepState,
} from '../testing/models.ts';
import type {Model} from '../view-model.ts';
import {footerGap, footerKeys} from './footer.ts';
import {type Command, isResting, keyTable, workingKeys} from './keys.ts';

/** The keys that work; every situation has to be decided. */
const working: Record<SampleState, readonly Command[]> = {
  'choosing-engine': ['suspend', 'more', 'quit'],
  'preparing-cluster': ['suspend', 'more', 'quit'],
  'cluster-unreachable': ['advance', 'labs', 'suspend', 'more', 'quit'],
  finished: ['advance', 'labs', 'suspend', 'more', 'quit'],
  stopped: ['suspend', 'more', 'quit'],
  reading: [
    'advance',
    'command',
    'check',
    'hint',
    'solve',
    'edit',
    'labs',
    'reset',
    'fold',
    'suspend',
    'more',
    'quit',
  ],
  failed: [
    'advance',
    'command',
    'check',
    'hint',
    'solve',
    'edit',
    'labs',
    'reset',
    'fold',
    'suspend',
    'more',
    'quit',
  ],
  passed: ['advance', 'command', 'check', 'edit', 'labs', 'reset', 'fold', 'suspend', 'more', 'quit'],
  running: ['interrupt', 'hint', 'fold', 'suspend', 'more', 'quit'],
  writing: ['interrupt', 'hint', 'fold', 'suspend', 'more', 'quit'],
  checking: ['interrupt', 'hint', 'fold', 'suspend', 'more', 'quit'],
  noticed: [
    'advance',
    'command',
    'check',
    'hint',
    'solve',
    'edit',
    'labs',
    'reset',
    'fold',
    'suspend',
    'more',
    'quit',
  ],
  resetting: ['interrupt', 'hint', 'fold', 'suspend', 'more', 'quit'],
  looking: ['interrupt', 'hint', 'fold', 'suspend', 'more', 'quit'],
  'own-command': ['interrupt', 'hint', 'fold', 'suspend', 'more', 'quit'],
  editing: ['interrupt', 'hint', 'fold', 'suspend', 'more', 'quit'],
};

const situations = Object.keys(working) as SampleState[];
const names = (model: Model): readonly Command[] => workingKeys(model).map(({command}) => command);

describe('which keys work', () => {
  it.each(situations)('while %s', situation => {
    expect(names(sampleModel(sampleStates[situation]))).toEqual(working[situation]);
  });

  const reading = stepState({name: 'reading'});
  const withPage = stepState(
    {name: 'reading'},
    {progress: {labs: {first: record(), 'deploy-bookinfo': record('replaced')}}},
  );

  it('has what looks at the page once Bookinfo was deployed', () => {
    const has = (model: Model): boolean[] =>
      (['why', 'open', 'traffic'] as const).map(each => names(model).includes(each));
    expect(has(sampleModel(reading))).toEqual([false, false, false]);
    expect(has(sampleModel(withPage))).toEqual([true, true, true]);
    expect(has(sampleModel({...withPage, phase: {name: 'running', block: 's1c1'}}))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('has why behind a check that failed', () => {
    const checked = (verdict: 'passed' | 'failed' | 'unknown'): Model => {
      const model = sampleModel(reading);
      const conditions = [{label: 'a', result: conditionResult({verdict})}];
      return {
        ...model,
        ...(model.current
          ? {current: {...model.current, check: {conditions, startedAt: 0, quiet: false}}}
          : {}),
      };
    };
    expect(names(checked('passed'))).not.toContain('why');
    expect(names(checked('failed'))).toContain('why');
    expect(names(checked('unknown'))).toContain('why');
  });

  it('has the diff while a file of the step differs, and names it in the footer', () => {
    const model = sampleModel(reading);
    const differing = (files: Record<string, string>): Model =>
      model.current ? {...model, current: {...model.current, differing: files}} : model;
    expect(names(differing({}))).not.toContain('diff');
    expect(names(differing({s1c2: '-a'}))).toContain('diff');
    expect(footerKeys(differing({s1c2: '-a'}), 78).map(({command}) => command)).toContain('diff');
  });

  it('has hints as long as there are more', () => {
    const shown = (hintsShown: number): Model => sampleModel({...reading, hintsShown});
    expect([0, 1, 2, 3].map(hints => names(shown(hints)).includes('hint'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('has no check and no editor in a step that has neither', () => {
    const model = sampleModel({...reading, position: {lab: 'first', step: 1, block: 0}});
    expect(names(model)).not.toContain('check');
    expect(names(model)).not.toContain('edit');
  });
});

describe('what Enter says', () => {
  const word = (model: Model): string | undefined =>
    workingKeys(model)
      .find(({command}) => command === 'advance')
      ?.word(model);
  const at = (step: number, block: number): Model =>
    sampleModel(stepState({name: 'reading'}, {position: {lab: 'first', step, block}}));
  const table: readonly [string, Model, string | undefined][] = [
    ['before a command', at(0, 0), 'run'],
    ['before a file', at(0, 1), 'write'],
    ['before a check', at(0, 2), 'check'],
    ['at the end of a step', at(0, 3), 'go on'],
    ['behind a command that failed', sampleModel(sampleStates.failed), 'run again'],
    [
      'behind a check that failed',
      sampleModel(
        stepState(
          {name: 'failed', block: 's1c3', reason: 'check'},
          {position: {lab: 'first', step: 0, block: 2}},
        ),
      ),
      'check again',
    ],
    [
      'before a command, behind a check that was asked for too early',
      sampleModel(stepState({name: 'failed', block: 's1c3', reason: 'check'})),
      'run',
    ],
    ['behind a step', sampleModel(sampleStates.passed), 'next step'],
    [
      'behind a lab',
      sampleModel(stepState({name: 'passed'}, {position: {lab: 'first', step: 1, block: 1}})),
      'next lab',
    ],
    [
      'behind the last lab',
      sampleModel(stepState({name: 'passed'}, {position: {lab: 'last', step: 0, block: 2}})),
      'finish',
    ],
    ['where the cluster does not answer', sampleModel(sampleStates['cluster-unreachable']), 'try again'],
    ['after all', sampleModel(sampleStates.finished), 'labs'],
    ['while something runs', sampleModel(sampleStates.running), undefined],
  ];

  it.each(table)('%s', (_, model, expected) => {
    expect(word(model)).toBe(expected);
  });
});

describe('the table of keys', () => {
  it('has no key twice, and a sentence for each', () => {
    expect(new Set(keyTable.map(({key}) => key)).size).toBe(keyTable.length);
    expect(new Set(keyTable.map(({command}) => command)).size).toBe(keyTable.length);
    for (const {help, shown} of keyTable) {
      expect(help).toMatch(/^[a-z].{5,}/);
      expect(shown).not.toBe('');
    }
  });

  it('takes a check that nobody asked for as rest', () => {
    const resting = situations.filter(each => isResting(sampleModel(sampleStates[each])));
    expect(resting).toEqual(['cluster-unreachable', 'finished', 'reading', 'failed', 'passed', 'noticed']);
  });
});

describe('the footer', () => {
  const everything = sampleModel(
    stepState(
      {name: 'failed', block: 's1c1', reason: 'command'},
      {
        progress: {labs: {'deploy-bookinfo': record()}},
      },
    ),
  );
  const models: readonly Model[] = [everything, ...situations.map(each => sampleModel(sampleStates[each]))];

  it.each([60, 80, 100, 120])('fits into %i columns and shows nothing that does not work', columns => {
    for (const model of models) {
      const keys = footerKeys(model, columns - 2);
      const text = keys.map(key => `${key.shown} ${key.word(model)}`).join(footerGap);
      expect(stringWidth(text)).toBeLessThanOrEqual(columns - 2);
      expect(workingKeys(model)).toEqual(expect.arrayContaining([...keys]));
      expect(keys.slice(-2).map(({command}) => command)).toEqual(['more', 'quit']);
    }
  });

  /** What the help alone names. */
  const seldom: readonly Command[] = ['fold', 'background', 'suspend'];

  it('shows more keys where there is more room, the most wanted first', () => {
    const shown = (columns: number): readonly Command[] =>
      footerKeys(everything, columns - 2).map(({command}) => command);
    expect(shown(60).slice(0, 4)).toEqual(['advance', 'command', 'check', 'hint']);
    expect(shown(80)).toEqual(expect.arrayContaining(['solve', 'why']));
    expect(shown(140)).toEqual(names(everything).filter(each => !seldom.includes(each)));
    for (const columns of [60, 80, 100]) {
      const keys = shown(columns).slice(0, -2);
      expect(shown(columns + 20).slice(0, keys.length)).toEqual(keys);
    }
  });

  it('has what works at 80 columns in every situation of a short list', () => {
    for (const each of ['running', 'checking', 'passed', 'cluster-unreachable', 'finished'] as const) {
      const model = sampleModel(sampleStates[each]);
      expect(footerKeys(model, 78).map(({command}) => command)).toEqual(
        names(model).filter(command => !seldom.includes(command)),
      );
    }
  });

  it('leaves nothing but the ways on where there is no room', () => {
    expect(footerKeys(everything, 5).map(({command}) => command)).toEqual(['more', 'quit']);
  });
});

describe('a lab whose step is of files and commands for other engines', () => {
  it('edits none of them', () => {
    const labs = [
      lab('first', 1, {
        steps: [{title: 'one', blocks: [{...file('s1c1'), engines: ['kind']}, command('s1c2')]}],
      }),
      ...sampleLabs.slice(1),
    ];
    expect(names(sampleModel(stepState({name: 'reading'}), {labs}))).not.toContain('edit');
  });
});
