import {describe, expect, it} from 'vitest';
import {WorkshopError} from '../errors.ts';
import {ownCommand, type SessionEvent} from '../session/events.ts';
import {conditionResult, observed, sampleLabs, sampleModel, stepState} from './testing/models.ts';
import {failedConditions, foldEvent, type Model} from './view-model.ts';

const [first, second] = sampleLabs;
if (!first || !second) throw new Error('no labs');
const reading = sampleModel(stepState({name: 'reading'}));
const error = new WorkshopError({code: 'x', message: 'It broke.'});

function fold(events: readonly SessionEvent[], model: Model = reading): Model {
  return events.reduce((current, event, at) => foldEvent(current, event, 100 + at), model);
}

const started = (block: string, text = 'ls'): SessionEvent => ({
  type: 'command-started',
  lab: 'first',
  block,
  text,
  background: false,
});
const printed = (block: string, text: string): SessionEvent => ({
  type: 'command-output',
  block,
  text,
  stream: 'stdout',
});
const finished = (block: string, changes: Partial<SessionEvent & {type: 'command-finished'}> = {}) =>
  ({
    type: 'command-finished',
    block,
    exitCode: 0,
    wanted: 0,
    ok: true,
    background: false,
    timedOut: false,
    cancelled: false,
    milliseconds: 7,
    ...changes,
  }) satisfies SessionEvent;
const checkStarted = (quiet: boolean, labels: readonly string[] = ['a', 'b']): SessionEvent => ({
  type: 'check-started',
  lab: 'first',
  block: 's1c3',
  labels,
  quiet,
});
const checkFinished = (quiet: boolean, verdict: 'passed' | 'failed' | 'unknown'): SessionEvent => ({
  type: 'check-finished',
  lab: 'first',
  block: 's1c3',
  verdict,
  milliseconds: 9,
  quiet,
});

/** What each event changes of the model; a new event has to be decided here. */
const changes: {[Type in SessionEvent['type']]: [SessionEvent & {type: Type}, readonly (keyof Model)[]]} = {
  'session-started': [
    {type: 'session-started', workshop: 'w', engine: 'e', simulated: true, workFolder: '/f', labs: []},
    ['workshop', 'engineTitle', 'workFolder'],
  ],
  'engines-found': [{type: 'engines-found', engines: []}, ['engines']],
  'state-changed': [{type: 'state-changed', state: stepState({name: 'passed'})}, ['state']],
  waiting: [{type: 'waiting', text: 'for a pod'}, ['waiting']],
  'cluster-notice': [{type: 'cluster-notice', text: 'lost'}, ['clusterNotice']],
  'cluster-progress': [{type: 'cluster-progress', text: 'starting'}, ['waiting']],
  'lab-started': [{type: 'lab-started', lab: first}, ['notes']],
  'step-started': [{type: 'step-started', lab: first, step: 1}, ['notes', 'current', 'waiting', 'problem']],
  'command-started': [
    {type: 'command-started', lab: 'first', block: 's1c1', text: 'ls', background: false},
    ['current', 'waiting', 'problem'],
  ],
  'background-changed': [{type: 'background-changed', command: 'forward', state: 'down'}, ['background']],
  'command-output': [{type: 'command-output', block: 's9c9', text: 'a', stream: 'stdout'}, []],
  'command-finished': [finished('s9c9'), ['waiting', 'problem']],
  routed: [{type: 'routed', block: 's9c9', milliseconds: 400, proxies: 7}, []],
  observed: [observed, []],
  versions: [{type: 'versions', versions: {kubernetes: 'v1.33.4'}}, []],
  'file-written': [
    {type: 'file-written', block: 's1c2', name: 'f', path: '/f', change: 'created'},
    ['current', 'waiting', 'problem'],
  ],
  'file-edited': [
    {type: 'file-edited', block: 's1c2', name: 'f', asShown: false},
    ['current', 'waiting', 'problem'],
  ],
  'file-seen': [
    {type: 'file-seen', block: 's1c2', name: 'f', state: 'differs', diff: '-a\n+b\n'},
    ['current'],
  ],
  'check-started': [
    {type: 'check-started', lab: 'first', block: 's1c3', labels: ['a'], quiet: false},
    ['current', 'waiting', 'problem'],
  ],
  'condition-progress': [{type: 'condition-progress', block: 's1c3', index: 0, seen: 'x'}, []],
  'condition-finished': [
    {type: 'condition-finished', block: 's1c3', index: 0, result: conditionResult(), quiet: false},
    ['waiting', 'problem'],
  ],
  'check-finished': [
    {type: 'check-finished', lab: 'first', block: 's1c3', verdict: 'passed', milliseconds: 1, quiet: false},
    ['waiting', 'problem'],
  ],
  traffic: [{type: 'traffic', load: {visitor: 'jason', stars: 'red', milliseconds: 1}}, ['traffic']],
  'lab-passed': [{type: 'lab-passed', lab: 'first', milliseconds: 1}, ['waiting', 'problem']],
  'reset-finished': [{type: 'reset-finished', lab: 'first', ok: true}, ['waiting', 'problem']],
  problem: [{type: 'problem', error}, ['problem']],
  note: [{type: 'note', text: 'n'}, ['notes']],
  'cleanup-finished': [{type: 'cleanup-finished', left: []}, ['problem', 'waiting']],
  'session-finished': [{type: 'session-finished', outcome: 'quit', labs: [], milliseconds: 1}, ['ended']],
};

describe('every event', () => {
  it.each(Object.entries(changes))('%s changes what it is about, and nothing else', (type, [event, keys]) => {
    const busy: Model = {...reading, waiting: 'before', problem: error, notes: ['before']};
    const before =
      type === 'problem' ? {...busy, problem: new WorkshopError({code: 'y', message: 'Y.'})} : busy;
    const after = foldEvent(before, event, 100);
    const all = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Model>;
    const changed = [...all].filter(
      key => JSON.stringify(before[key]) !== JSON.stringify(after[key]) || (before[key] && !after[key]),
    );
    expect(changed.toSorted()).toEqual(keys.toSorted());
  });

  it('is taken before there is a step', () => {
    const chooser = sampleModel({situation: 'choosing-engine', progress: {labs: {}}});
    for (const [event] of Object.values(changes)) expect(() => foldEvent(chooser, event, 1)).not.toThrow();
  });
});

describe('a command', () => {
  it.each([
    [{}, 'done'],
    [{ok: false, exitCode: 1}, 'failed'],
    [{ok: false, cancelled: true}, 'interrupted'],
    [{ok: false, timedOut: true}, 'failed'],
  ] as const)('that ended with %j is %s', (how, status) => {
    const model = fold([started('s1c1'), printed('s1c1', 'a'), printed('s1c1', 'b'), finished('s1c1', how)]);
    expect(model.current?.runs['s1c1']).toMatchObject({
      status,
      output: 'ab',
      milliseconds: 7,
      startedAt: 100,
    });
  });

  it('that is run again begins with nothing printed', () => {
    const model = fold([started('s1c1'), printed('s1c1', 'a'), finished('s1c1'), started('s1c1')]);
    expect(model.current?.runs['s1c1']).toEqual({status: 'running', startedAt: 103, output: ''});
  });

  it('keeps the end of what it printed, up to 200 kB', () => {
    const model = fold([started('s1c1'), printed('s1c1', 'x'.repeat(300_000)), printed('s1c1', 'end')]);
    const kept = model.current?.runs['s1c1']?.output ?? '';
    expect(kept).toHaveLength(200_000);
    expect(kept.endsWith('xend')).toBe(true);
  });

  it('of the learner stands apart, behind what was done then', () => {
    const at = (block: number): SessionEvent => ({
      type: 'state-changed',
      state: stepState({name: 'reading'}, {position: {lab: 'first', step: 0, block}}),
    });
    const model = fold([
      started(ownCommand, 'one'),
      printed(ownCommand, 'a'),
      finished(ownCommand),
      at(2),
      started(ownCommand, 'two'),
      printed(ownCommand, 'b'),
      finished(ownCommand, {ok: false, problem: 'No.'}),
    ]);
    expect(model.current?.runs).toEqual({});
    expect(model.current?.own).toMatchObject([
      {text: 'one', after: 0, output: 'a', status: 'done'},
      {text: 'two', after: 2, output: 'b', status: 'failed', problem: 'No.'},
    ]);
  });
});

describe('a check', () => {
  const seen = (index: number, text: string): SessionEvent => ({
    type: 'condition-progress',
    block: 's1c3',
    index,
    seen: text,
  });
  const done = (index: number, verdict: 'passed' | 'failed', quiet = false): SessionEvent => ({
    type: 'condition-finished',
    block: 's1c3',
    index,
    result: conditionResult({verdict, label: `label ${index}`}),
    quiet,
  });

  it('shows each condition as far as it is', () => {
    const model = fold([checkStarted(false), seen(0, 'not yet'), done(1, 'failed')]);
    expect(model.current?.check?.conditions).toMatchObject([
      {label: 'a', seen: 'not yet'},
      {label: 'label 1', result: {verdict: 'failed'}},
    ]);
    expect(failedConditions(model)).toHaveLength(1);
  });

  it('that nobody asked for replaces the last one when it passed, and leaves it when not', () => {
    const failed = fold([checkStarted(false), done(0, 'failed'), checkFinished(false, 'failed')]);
    const quiet = fold([checkStarted(true), done(0, 'failed', true)], failed);
    expect(quiet.current?.check).toBe(failed.current?.check);
    expect(quiet.current?.noticed?.conditions[0]).toMatchObject({result: {verdict: 'failed'}});
    const bad = fold([checkFinished(true, 'failed')], quiet);
    expect(bad.current?.noticed).toBeUndefined();
    expect(bad.current?.check).toBe(failed.current?.check);
    const good = fold([checkFinished(true, 'passed')], quiet);
    expect(good.current?.noticed).toBeUndefined();
    expect(good.current?.check).toMatchObject({verdict: 'passed'});
  });

  it('that was asked for is not touched by what is left of one that was given up', () => {
    // The key comes while the other still runs; its last words come later.
    const model = fold([
      checkStarted(true),
      done(0, 'passed', true),
      checkFinished(true, 'unknown'),
      checkStarted(false),
      done(0, 'failed'),
      checkFinished(false, 'failed'),
    ]);
    expect(model.current?.noticed).toBeUndefined();
    expect(model.current?.check).toMatchObject({verdict: 'failed', quiet: false});
  });
});

describe('going on', () => {
  it('keeps a step in which something was done, once', () => {
    const model = fold([
      started('s1c1'),
      finished('s1c1'),
      {type: 'step-started', lab: first, step: 1},
      {type: 'step-started', lab: second, step: 0},
    ]);
    expect(model.finished.map(({lab, step}) => `${lab.id} ${step}`)).toEqual(['first 0']);
    expect(model.current).toMatchObject({lab: {id: 'deploy-bookinfo'}, runs: {}, own: []});
  });

  it('keeps the last three notes, and the last thousand loads', () => {
    const notes = fold(['a', 'b', 'c', 'd'].map(text => ({type: 'note', text})));
    expect(notes.notes).toEqual(['b', 'c', 'd']);
    const loads = fold(
      Array.from({length: 1200}, (_, milliseconds) => ({
        type: 'traffic' as const,
        load: {visitor: 'jason', stars: 'red' as const, milliseconds},
      })),
    );
    expect(loads.traffic).toHaveLength(1000);
    expect(loads.traffic.at(-1)?.milliseconds).toBe(1199);
  });

  it('leaves a wait and a problem in sight while only output comes', () => {
    const waiting: SessionEvent[] = [{type: 'waiting', text: 'for a pod'}];
    const model = fold([started('s1c1'), ...waiting, printed('s1c1', 'a')]);
    expect(model.waiting).toBe('for a pod');
    expect(fold([finished('s1c1')], model).waiting).toBeUndefined();
  });
});

describe('what the learner wanted to see last', () => {
  const fold = (...events: SessionEvent[]): Model =>
    events.reduce((model, event) => foldEvent(model, event, 1), sampleModel(stepState({name: 'reading'})));
  const hinted: SessionEvent = {
    type: 'state-changed',
    state: stepState({name: 'reading'}, {hintsShown: 1}),
  };
  const started = (block: string): SessionEvent => ({
    type: 'command-started',
    lab: 'first',
    block,
    text: 'ls',
    background: false,
  });

  it('is the hint or their own command, until the step goes on', () => {
    expect(fold().current?.latest).toBeUndefined();
    expect(fold(hinted).current?.latest).toBe('hint');
    expect(fold(hinted, started('own')).current?.latest).toBe('own');
    expect(fold(hinted, started('s1c1')).current?.latest).toBeUndefined();
    expect(fold(hinted, checkStarted(false)).current?.latest).toBeUndefined();
    // A check that nobody asked for takes nothing out of sight.
    expect(fold(hinted, checkStarted(true)).current?.latest).toBe('hint');
  });
});
