import type {Lab} from '../catalog/lab.ts';
import type {Effect, Event} from './events.ts';
import {checkOf, fileAt, isGiven, runnableBlocks, withPassed} from './plan.ts';
import type {Asked, InStep, Outcome, Pace, Phase, Position, Progress, RestPhase, State} from './state.ts';

export interface Reduced {
  state: State;
  effects: readonly Effect[];
}

/** The rules of a session for one set of labs: pure, so that every situation can be tested in a table. */
export type Reduce = (state: State, event: Event) => Reduced;

/**
 * Makes the reducer for `labs`. An event that has no meaning in a situation leaves the state as it is, so a
 * key that arrives late does no harm.
 */
export function createReducer(labs: readonly Lab[]): Reduce {
  return (state, event) => {
    if (event.type === 'quit') return stop(state, event.outcome);
    switch (state.situation) {
      case 'choosing-engine':
        return event.type === 'engine-chosen'
          ? chosen(labs, state.progress, event.engine, event.at)
          : same(state);
      case 'preparing-cluster':
        return preparing(labs, state, event);
      case 'cluster-unreachable':
        return unreachable(state, event);
      case 'in-step':
        return inStep(labs, state, event);
      case 'finished':
        return event.type === 'go-to' ? goTo(labs, state, event) : same(state);
      case 'stopped':
        return same(state);
    }
  };
}

function same(state: State): Reduced {
  return {state, effects: []};
}

function stop(state: State, outcome: Outcome): Reduced {
  if (state.situation === 'stopped') return same(state);
  return {
    state: {situation: 'stopped', progress: state.progress, outcome},
    effects: [{type: 'save-progress'}, {type: 'stop', outcome}],
  };
}

/** Where a learner goes on: the saved position, else the first lab that does not stand yet. */
export function resumePosition(labs: readonly Lab[], progress: Progress): Position | undefined {
  const saved = progress.position;
  const at = labs.find(lab => lab.id === saved?.lab && !isGiven(progress, lab.id));
  if (saved && at?.steps[saved.step]) return saved;
  const next = labs.find(lab => !progress.labs[lab.id]);
  return next && {lab: next.id, step: 0, block: 0};
}

function chosen(labs: readonly Lab[], progress: Progress, engine: InStep['engine'], at: number): Reduced {
  const position = resumePosition(labs, progress);
  if (!position) return {state: {situation: 'finished', engine, progress}, effects: []};
  return prepare({engine, progress, position, pace: {kind: 'learner'}, queue: [], at, labs});
}

interface Destination {
  labs: readonly Lab[];
  engine: InStep['engine'];
  progress: Progress;
  position: Position;
  pace: Pace;
  queue: readonly string[];
  at: number;
}

/** The cluster must answer before anything but the very first step, which makes it. */
function prepare(destination: Destination): Reduced {
  const {engine, progress, position, pace, queue, labs} = destination;
  if (position.lab === labs[0]?.id && position.step === 0) return enter(destination);
  return {
    state: {situation: 'preparing-cluster', engine, progress, goal: {position, pace, queue}},
    effects: [{type: 'prepare-cluster', engine, lab: position.lab}],
  };
}

function preparing(
  labs: readonly Lab[],
  state: State & {situation: 'preparing-cluster'},
  event: Event,
): Reduced {
  if (event.type === 'cluster-ready') {
    return enter({labs, engine: state.engine, progress: state.progress, ...state.goal, at: event.at});
  }
  if (event.type !== 'cluster-failed') return same(state);
  if (state.goal.pace.kind === 'solving' && state.goal.pace.until === 'queue') {
    return stop(state, event.outcome);
  }
  return {state: {...state, situation: 'cluster-unreachable'}, effects: []};
}

function unreachable(state: State & {situation: 'cluster-unreachable'}, event: Event): Reduced {
  if (event.type !== 'advance') return same(state);
  return {
    state: {...state, situation: 'preparing-cluster'},
    effects: [{type: 'prepare-cluster', engine: state.engine, lab: state.goal.position.lab}],
  };
}

function enter(destination: Destination): Reduced {
  const {labs, engine, progress, position, pace, queue, at} = destination;
  const state: InStep = {
    situation: 'in-step',
    engine,
    progress: {...progress, position},
    position,
    phase: {name: 'reading'},
    pace,
    queue,
    startedAt: at,
    hintsShown: 0,
  };
  const effects: Effect[] = [
    {type: 'begin-lab', lab: position.lab},
    {type: 'begin-step', position},
    {type: 'save-progress'},
  ];
  return pace.kind === 'solving' ? after(effects, doNext(labs, state, at)) : {state, effects};
}

function after(effects: readonly Effect[], reduced: Reduced): Reduced {
  return {state: reduced.state, effects: [...effects, ...reduced.effects]};
}

/** What a learner asks for, and what starts something: has to wait while something runs. */
const starts = new Set<Event['type']>([
  'advance',
  'check-asked',
  'noticed',
  'solve-asked',
  'reset-asked',
  'go-to',
  'command-typed',
  'edit-asked',
]);

function inStep(labs: readonly Lab[], state: InStep, event: Event): Reduced {
  const {phase} = state;
  if (starts.has(event.type)) {
    // A check that nobody asked for must not keep a key waiting.
    if (phase.name === 'checking' && phase.asked === 'noticed' && event.type !== 'noticed') {
      return after([{type: 'interrupt'}], start(labs, {...state, phase: phase.before}, event));
    }
    return resting(phase) ? start(labs, state, event) : same(state);
  }
  switch (event.type) {
    case 'hint-asked':
      return {state: {...state, hintsShown: state.hintsShown + 1}, effects: []};
    case 'reset-done':
      return phase.name === 'resetting' ? resetDone(labs, state, event.at) : same(state);
    case 'reset-failed':
      return phase.name === 'resetting'
        ? {state: {...state, phase: {name: 'reading'}}, effects: []}
        : same(state);
    case 'command-ended':
      return phase.name === 'own-command'
        ? {state: {...state, phase: phase.before}, effects: []}
        : same(state);
    case 'edit-ended':
      return phase.name === 'editing' ? edited(labs, state, phase, event.saved) : same(state);
    case 'block-done':
      return isAt(state, event.block) ? moveOn(labs, state, event.at) : same(state);
    case 'block-failed':
      return isAt(state, event.block) ? failed(state, event.block, event.reason) : same(state);
    case 'check-done':
      return isAt(state, event.block) ? checked(labs, state, event) : same(state);
    default:
      return same(state);
  }
}

function resting(phase: Phase): phase is RestPhase {
  return phase.name === 'reading' || phase.name === 'failed' || phase.name === 'passed';
}

function start(labs: readonly Lab[], state: InStep, event: Event): Reduced {
  if (!resting(state.phase)) return same(state);
  switch (event.type) {
    case 'advance':
      return doNext(labs, state, event.at);
    case 'check-asked':
      return check(labs, state, 'learner');
    case 'noticed':
      return check(labs, state, 'noticed');
    case 'solve-asked':
      return doNext(labs, {...state, pace: {kind: 'solving', until: event.until}}, event.at);
    case 'reset-asked':
      return {
        state: {...state, phase: {name: 'resetting'}},
        effects: [{type: 'run-reset', lab: state.position.lab}],
      };
    case 'go-to':
      return goTo(labs, state, event);
    case 'command-typed':
      return {
        state: {...state, phase: {name: 'own-command', before: state.phase}},
        effects: [{type: 'run-own', text: event.text}],
      };
    case 'edit-asked':
      return edit(labs, state, state.phase);
    default:
      return same(state);
  }
}

/** Opens the file that the learner is at: the last one up to the position, else the first that comes. */
function edit(labs: readonly Lab[], state: InStep, before: RestPhase): Reduced {
  const file = fileAt(labs, state.position, state.engine);
  if (!file) return same(state);
  return {
    state: {...state, phase: {name: 'editing', block: file.id, before}},
    effects: [{type: 'edit-file', lab: state.position.lab, block: file.id}],
  };
}

/** What the learner wrote counts as the file; what comes after it has to be done again. */
function edited(
  labs: readonly Lab[],
  state: InStep,
  phase: Phase & {name: 'editing'},
  saved: boolean,
): Reduced {
  if (!saved || phase.before.name === 'passed') return {state: {...state, phase: phase.before}, effects: []};
  const {step} = stepOf(labs, state.position);
  const index = runnableBlocks(step, state.engine).findIndex(block => block.id === phase.block);
  const position = {...state.position, block: index + 1};
  return {
    state: {...state, position, progress: {...state.progress, position}, phase: {name: 'reading'}},
    effects: [{type: 'save-progress'}],
  };
}

function isAt(state: InStep, block: string): boolean {
  return 'block' in state.phase && state.phase.block === block;
}

function stepOf(labs: readonly Lab[], position: Position) {
  const lab = labs.find(candidate => candidate.id === position.lab);
  const step = lab?.steps[position.step];
  if (!lab || !step) throw new Error(`There is no step ${position.step + 1} in lab "${position.lab}".`);
  return {lab, step};
}

/** Does what stands at the position: a command, a file or the check; at the end of a step, goes to the next. */
function doNext(labs: readonly Lab[], state: InStep, at: number): Reduced {
  if (state.phase.name === 'passed') return nextStep(labs, state, at);
  const {lab, step} = stepOf(labs, state.position);
  const block = runnableBlocks(step, state.engine)[state.position.block];
  if (!block) return nextStep(labs, state, at);
  switch (block.kind) {
    case 'command':
      return {
        state: {...state, phase: {name: 'running', block: block.id}},
        effects: [{type: 'run-command', lab: lab.id, block: block.id}],
      };
    case 'file':
      return {
        state: {...state, phase: {name: 'writing', block: block.id}},
        effects: [{type: 'write-file', lab: lab.id, block: block.id}],
      };
    case 'check':
      return check(labs, state, 'flow');
  }
}

function check(labs: readonly Lab[], state: InStep, asked: Asked): Reduced {
  const {lab, step} = stepOf(labs, state.position);
  const block = checkOf(step, state.engine);
  if (!block || !resting(state.phase) || state.phase.name === 'passed') return same(state);
  return {
    state: {...state, phase: {name: 'checking', block: block.id, asked, before: state.phase}},
    effects: [{type: 'run-check', lab: lab.id, block: block.id, asked}],
  };
}

function checked(labs: readonly Lab[], state: InStep, event: Event & {type: 'check-done'}): Reduced {
  // A check that was given up answers late.
  if (state.phase.name !== 'checking' || state.phase.asked !== event.asked) return same(state);
  if (event.verdict === 'passed') {
    const {step} = stepOf(labs, state.position);
    const end = runnableBlocks(step, state.engine).length;
    return stepPassed(labs, {...state, position: {...state.position, block: end}}, event.at);
  }
  // What was only noticed is not held against the learner: they are in the middle of it.
  if (state.phase.asked === 'noticed') return {state: {...state, phase: state.phase.before}, effects: []};
  return failed(state, event.block, event.verdict === 'unknown' ? 'unknown' : 'check');
}

function failed(state: InStep, block: string, reason: 'command' | 'file' | 'check' | 'unknown'): Reduced {
  const next: InStep = {...state, phase: {name: 'failed', block, reason}, pace: {kind: 'learner'}};
  if (state.pace.kind === 'solving' && state.pace.until === 'queue') {
    return stop(next, reason === 'unknown' ? 'unknown' : 'failed');
  }
  return {state: next, effects: []};
}

/** After a block that did its work: the next one of the step, or the step's end. */
function moveOn(labs: readonly Lab[], state: InStep, at: number): Reduced {
  const {step} = stepOf(labs, state.position);
  const position = {...state.position, block: state.position.block + 1};
  const moved: InStep = {
    ...state,
    position,
    progress: {...state.progress, position},
    phase: {name: 'reading'},
  };
  const blocks = runnableBlocks(step, state.engine);
  if (position.block >= blocks.length) return stepPassed(labs, moved, at);
  const next = blocks[position.block];
  const save: Effect[] = [{type: 'save-progress'}];
  // The check follows what it checks without another key press.
  if (state.pace.kind === 'solving' || next?.kind === 'check') return after(save, doNext(labs, moved, at));
  return {state: moved, effects: save};
}

function stepPassed(labs: readonly Lab[], state: InStep, at: number): Reduced {
  const {lab} = stepOf(labs, state.position);
  const last = state.position.step === lab.steps.length - 1;
  const passed: InStep = {...state, phase: {name: 'passed'}, hintsShown: 0};
  const finished = last
    ? labPassed(labs, passed, at)
    : {state: passed, effects: [{type: 'save-progress' as const}]};
  const {pace} = state;
  if (pace.kind === 'solving') {
    const goesOn = pace.until === 'queue' || pace.until === 'last-lab' || (pace.until === 'lab' && !last);
    if (goesOn) return after(finished.effects, nextStep(labs, finished.state, at));
    return {state: {...finished.state, pace: {kind: 'learner'}}, effects: finished.effects};
  }
  return finished;
}

function labPassed(
  labs: readonly Lab[],
  state: InStep,
  at: number,
): {state: InStep; effects: readonly Effect[]} {
  const id = state.position.lab;
  const milliseconds = Math.max(0, at - state.startedAt);
  const progress = withPassed({
    labs,
    progress: state.progress,
    id,
    passedAt: new Date(at).toISOString(),
    milliseconds,
  });
  return {
    state: {...state, progress: {...progress, position: state.position}},
    effects: [{type: 'lab-passed', lab: id, milliseconds}, {type: 'save-progress'}],
  };
}

function nextStep(labs: readonly Lab[], state: InStep, at: number): Reduced {
  const {lab} = stepOf(labs, state.position);
  const {engine, progress, pace} = state;
  if (state.position.step < lab.steps.length - 1) {
    const position = {lab: lab.id, step: state.position.step + 1, block: 0};
    const next: InStep = {
      ...state,
      position,
      progress: {...progress, position},
      phase: {name: 'reading'},
      hintsShown: 0,
    };
    const effects: Effect[] = [{type: 'begin-step', position}, {type: 'save-progress'}];
    return pace.kind === 'solving' ? after(effects, doNext(labs, next, at)) : {state: next, effects};
  }
  const [queued, ...queue] = state.queue;
  const following = queued ?? (pace.kind === 'learner' ? labAfter(labs, progress, lab) : undefined);
  if (following) {
    const position = {lab: following, step: 0, block: 0};
    return enter({labs, engine, progress, position, pace: paceFor(pace, queue), queue, at});
  }
  if (pace.kind === 'solving' && pace.until === 'queue') return stop(state, 'passed');
  const {position: _, ...rest} = progress;
  return {state: {situation: 'finished', engine, progress: rest}, effects: [{type: 'save-progress'}]};
}

/** The next lab by number that there is something to do in. */
function labAfter(labs: readonly Lab[], progress: Progress, lab: Lab): string | undefined {
  return labs.slice(labs.indexOf(lab) + 1).find(({id}) => !isGiven(progress, id))?.id;
}

/** The last lab of a jump is the one that the learner wanted to do. */
function paceFor(pace: Pace, queue: readonly string[]): Pace {
  const arrived = pace.kind === 'solving' && pace.until === 'last-lab' && queue.length === 0;
  return arrived ? {kind: 'learner'} : pace;
}

function resetDone(labs: readonly Lab[], state: InStep, at: number): Reduced {
  const {[state.position.lab]: _, ...records} = state.progress.labs;
  const position = {lab: state.position.lab, step: 0, block: 0};
  return enter({
    labs,
    engine: state.engine,
    progress: {...state.progress, labs: records},
    position,
    pace: {kind: 'learner'},
    queue: [],
    at,
  });
}

function goTo(
  labs: readonly Lab[],
  state: State & {situation: 'in-step' | 'finished'},
  event: Event & {type: 'go-to'},
): Reduced {
  const [first, ...queue] = event.labs;
  if (!first || !labs.some(lab => lab.id === first)) return same(state);
  return prepare({
    labs,
    engine: state.engine,
    progress: state.progress,
    position: {lab: first, step: 0, block: 0},
    pace: paceFor(event.pace, queue),
    queue,
    at: event.at,
  });
}
