import {describe, expect, it} from 'vitest';
import type {Lab} from '../catalog/lab.ts';
import {seededRandom} from '../sandbox/clock.ts';
import {check, command, file, lab} from '../testing/sample-labs.ts';
import type {Effect, Event} from './events.ts';
import {createReducer} from './reduce.ts';
import type {Pace, State} from './state.ts';

const labs: readonly Lab[] = [
  lab('base', 1, {
    steps: [
      {title: 'one', blocks: [command('s1c1'), file('s1c2'), check('s1c3')]},
      {title: 'two', blocks: [command('s2c1', {engines: ['kind']})]},
    ],
  }),
  lab('one', 2, {needs: ['base']}),
  lab('two', 3, {needs: ['one'], replaces: ['one']}),
  lab('three', 4, {
    needs: ['one'],
    replaces: ['one', 'two'],
    steps: [{title: 'only a file', blocks: [file('s1c1')]}],
  }),
];

/** Effects that take time; the session answers each with one event. */
type Work = Extract<
  Effect,
  {
    type:
      | 'prepare-cluster'
      | 'run-command'
      | 'write-file'
      | 'run-check'
      | 'run-own'
      | 'edit-file'
      | 'run-reset'
      | 'look-at-lab';
  }
>;
const works = new Set<Effect['type']>([
  'prepare-cluster',
  'run-command',
  'write-file',
  'run-check',
  'run-own',
  'edit-file',
  'run-reset',
  'look-at-lab',
] satisfies Work['type'][]);

function isWork(effect: Effect): effect is Work {
  return works.has(effect.type);
}

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** What a session answers when `work` has ended, one way or another. */
function answerTo(work: Work, random: Random, at: number): Event {
  switch (work.type) {
    case 'prepare-cluster':
      return random() < 0.8 ? {type: 'cluster-ready', at} : {type: 'cluster-failed', outcome: 'unknown'};
    case 'run-command':
    case 'write-file':
      return random() < 0.8
        ? {type: 'block-done', block: work.block, at}
        : {type: 'block-failed', block: work.block, reason: pick(random, ['command', 'file', 'unknown'])};
    case 'run-check': {
      const verdict = pick(random, ['passed', 'passed', 'failed', 'unknown'] as const);
      return {type: 'check-done', block: work.block, verdict, asked: work.asked, at};
    }
    case 'run-own':
      return {type: 'command-ended'};
    case 'edit-file':
      return {type: 'edit-ended', block: work.block, saved: random() < 0.7};
    case 'run-reset':
      return random() < 0.8 ? {type: 'reset-done', at} : {type: 'reset-failed'};
    case 'look-at-lab':
      return {type: 'looked', lab: work.lab, goesOnAt: pick(random, [0, 'end', 'given-up'] as const), at};
  }
}

const paces: readonly Pace[] = [
  {kind: 'learner'},
  ...(['step', 'lab', 'queue', 'last-lab'] as const).map(until => ({kind: 'solving' as const, until})),
];

/** What somebody in front of the screen may do at any time, sensible or not. */
function whim(random: Random, at: number): Event {
  return pick<() => Event>(random, [
    () => ({type: 'engine-chosen', engine: pick(random, ['sandbox', 'kind', 'context']), at}),
    () => ({type: 'advance', at}),
    () => ({type: 'advance', at}),
    () => ({type: 'advance', at}),
    () => ({type: 'check-asked', at}),
    () => ({type: 'hint-asked'}),
    () => ({type: 'solve-asked', until: pick(random, ['step', 'lab']), at}),
    () => ({type: 'reset-asked'}),
    () => ({
      type: 'go-to',
      labs: Array.from({length: Math.floor(random() * 4)}, () =>
        pick(random, [...labs.map(({id}) => id), ...(random() < 0.1 ? ['nowhere'] : [])]),
      ),
      pace: pick(random, paces),
      at,
    }),
    () => ({type: 'noticed'}),
    () => ({type: 'command-typed', text: 'ls'}),
    () => ({type: 'edit-asked'}),
  ])();
}

/** Answers that nobody waits for, of other blocks and of other times. */
function nonsense(random: Random, at: number): Event {
  const block = pick(random, ['s1c1', 's1c2', 's1c3', 's2c1', 's9c9']);
  return pick<() => Event>(random, [
    () => ({type: 'cluster-ready', at}),
    () => ({type: 'cluster-failed', outcome: 'unknown'}),
    () => ({type: 'command-ended'}),
    () => ({type: 'edit-ended', block, saved: true}),
    () => ({type: 'block-done', block, at}),
    () => ({type: 'block-failed', block, reason: 'command'}),
    () => ({type: 'check-done', block, verdict: 'passed', asked: pick(random, ['flow', 'learner']), at}),
    () => ({type: 'reset-done', at}),
    () => ({type: 'reset-failed'}),
  ])();
}

function isResting(state: State): boolean {
  return (
    state.situation !== 'in-step' ||
    state.phase.name === 'reading' ||
    state.phase.name === 'failed' ||
    state.phase.name === 'passed'
  );
}

interface Walk {
  steps: number;
  next(context: {state: State; running: Work | undefined; at: number}): Event;
  look(seen: {before: State; event: Event; after: State; effects: readonly Effect[]}): void;
}

const reduce = createReducer(labs);

/** Plays a session: what is asked for runs until it is answered or interrupted. */
function walk({steps, next, look}: Walk): void {
  let state: State = {situation: 'choosing-engine', progress: {labs: {}}};
  let running: Work | undefined;
  for (let at = 1; at <= steps; at += 1) {
    const before = state;
    const event = next({state, running, at});
    const reduced = reduce(before, event);
    state = reduced.state;
    if (running && answers(running, event)) running = undefined;
    for (const effect of reduced.effects) {
      // As in the session: what is interrupted is given up, and its answer comes to nothing.
      if (effect.type === 'interrupt' || effect.type === 'stop') running = undefined;
      if (!isWork(effect)) continue;
      expect(running, `${event.type} starts ${effect.type} beside`).toBeUndefined();
      running = effect;
    }
    look({before, event, after: state, effects: reduced.effects});
    if (running) expect(state.situation === 'preparing-cluster' || !isResting(state)).toBe(true);
    else expect(state.situation !== 'preparing-cluster' && isResting(state)).toBe(true);
    // Somebody begins again where they were.
    if (state.situation === 'stopped') state = {situation: 'choosing-engine', progress: state.progress};
  }
}

function answers(work: Work, event: Event): boolean {
  switch (work.type) {
    case 'prepare-cluster':
      return event.type === 'cluster-ready' || event.type === 'cluster-failed';
    case 'run-command':
    case 'write-file':
      return (event.type === 'block-done' || event.type === 'block-failed') && event.block === work.block;
    case 'run-check':
      return event.type === 'check-done' && event.block === work.block && event.asked === work.asked;
    case 'run-own':
      return event.type === 'command-ended';
    case 'edit-file':
      return event.type === 'edit-ended' && event.block === work.block;
    case 'run-reset':
      return event.type === 'reset-done' || event.type === 'reset-failed';
    case 'look-at-lab':
      return event.type === 'looked';
  }
}

const seeds = Array.from({length: 25}, (_, index) => index + 1);
describe('any sequence of events', () => {
  it.each(seeds)('runs one thing at a time and never rests while it solves (seed %i)', seed => {
    const random = seededRandom(seed);
    walk({
      steps: 400,
      next: ({running, at}) => (running && random() < 0.5 ? answerTo(running, random, at) : whim(random, at)),
      look({after}) {
        if (after.situation !== 'in-step' || after.pace.kind !== 'solving') return;
        expect(isResting(after)).toBe(false);
      },
    });
  });

  it.each(seeds)('loses what was passed by a reset only (seed %i)', seed => {
    const random = seededRandom(seed);
    walk({
      steps: 400,
      next: ({running, at}) => (running && random() < 0.6 ? answerTo(running, random, at) : whim(random, at)),
      look({before, event, after}) {
        const lost = Object.keys(before.progress.labs).filter(id => !after.progress.labs[id]);
        if (event.type !== 'reset-done') expect(lost).toEqual([]);
        else expect(lost.length).toBeLessThanOrEqual(1);
        for (const [id, {status}] of Object.entries(after.progress.labs)) {
          // Results that replace each other never stand side by side.
          const rivals = labs.find(each => each.id === id)?.replaces ?? [];
          if (status === 'standing')
            for (const rival of rivals) expect(after.progress.labs[rival]?.status).not.toBe('standing');
        }
      },
    });
  });

  it.each(seeds)('leads to a place that the labs have (seed %i)', seed => {
    const random = seededRandom(seed);
    walk({
      steps: 300,
      next: ({running, at}) => (running && random() < 0.5 ? answerTo(running, random, at) : whim(random, at)),
      look({after}) {
        const position =
          after.situation === 'in-step'
            ? after.position
            : 'goal' in after
              ? after.goal.position
              : after.progress.position;
        if (!position) return;
        const step = labs.find(({id}) => id === position.lab)?.steps[position.step];
        expect(step).toBeDefined();
        expect(position.block).toBeGreaterThanOrEqual(0);
        expect(position.block).toBeLessThanOrEqual(step?.blocks.length ?? 0);
      },
    });
  });

  it.each(seeds)('never throws, whoever answers what (seed %i)', seed => {
    const random = seededRandom(seed);
    let state: State = {situation: 'choosing-engine', progress: {labs: {}}};
    for (let at = 1; at <= 600; at += 1) {
      state = reduce(state, random() < 0.5 ? whim(random, at) : nonsense(random, at)).state;
      if (state.situation === 'stopped') state = {situation: 'choosing-engine', progress: state.progress};
    }
  });

  it.each(seeds)('leaves a stopped session stopped (seed %i)', seed => {
    const random = seededRandom(seed);
    let state: State = {situation: 'choosing-engine', progress: {labs: {}}};
    for (let at = 1; at <= 50; at += 1) state = reduce(state, whim(random, at)).state;
    const stopped = reduce(state, {type: 'quit', outcome: 'interrupted'}).state;
    for (let at = 51; at <= 150; at += 1) {
      const event: Event =
        random() < 0.2
          ? {type: 'quit', outcome: 'quit'}
          : random() < 0.5
            ? whim(random, at)
            : nonsense(random, at);
      expect(reduce(stopped, event)).toEqual({state: stopped, effects: []});
    }
  });
});
