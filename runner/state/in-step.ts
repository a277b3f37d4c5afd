import type {Lab} from '../catalog/lab.ts';
import type {Effect, Event} from './events.ts';
import {afterMissed, goTo, looked, nextStep, resetDone, stepOf, stepPassed} from './navigation.ts';
import {checkOf, fileAt, runnableBlocks, solvedAgainFrom} from './plan.ts';
import {after, type Reduced, same, stop} from './reduced.ts';
import type {Asked, FailureReason, InStep, Phase, RestPhase} from './state.ts';

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

/** What an event does while somebody is in a step. */
export function inStep(labs: readonly Lab[], state: InStep, event: Event): Reduced {
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
      return phase.name === 'passed'
        ? same(state)
        : {state: {...state, hintsShown: state.hintsShown + 1}, effects: []};
    case 'reset-done':
      return phase.name === 'resetting' ? resetDone(labs, state, event.at) : same(state);
    case 'reset-failed':
      return phase.name === 'resetting' ? resetFailed(state) : same(state);
    case 'looked':
      return phase.name === 'looking' && state.position.lab === event.lab
        ? looked(labs, state, event)
        : same(state);
    case 'command-ended':
      return phase.name === 'own-command'
        ? {state: {...state, phase: phase.before}, effects: []}
        : same(state);
    case 'edit-ended':
      return phase.name === 'editing' && phase.block === event.block
        ? edited(labs, state, phase, event.saved)
        : same(state);
    case 'block-done':
      return works(phase, event.block) ? moveOn(labs, state, event.at) : same(state);
    case 'block-failed':
      return works(phase, event.block) ? failed(labs, state, event) : same(state);
    case 'check-done':
      return phase.name === 'checking' && phase.block === event.block
        ? checked(labs, state, phase, event)
        : same(state);
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
      // Asked while a check ran that passed: there is nothing left to solve, and the next step was not meant.
      return state.phase.name === 'passed'
        ? same(state)
        : doNext(
            labs,
            {...fromWhereSolved(labs, state), pace: {kind: 'solving', until: event.until}},
            event.at,
          );
    case 'reset-asked':
      return {
        state: {...state, phase: {name: 'resetting'}},
        effects: [{type: 'run-reset', lab: state.position.lab, why: 'asked'}],
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

/** A check that failed would fail again by itself. */
function fromWhereSolved(labs: readonly Lab[], state: InStep): InStep {
  if (state.phase.name !== 'failed' || state.phase.reason !== 'check') return state;
  const {step} = stepOf(labs, state.position);
  const block = Math.min(state.position.block, solvedAgainFrom(step, state.engine));
  return {...state, position: {...state.position, block}};
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

/** A command runs, or a file is being written, and it is this one. */
function works(phase: Phase, block: string): boolean {
  return (phase.name === 'running' || phase.name === 'writing') && phase.block === block;
}

/** While we press Enter for the learner, nothing ever rests: whatever began goes on with its next block. */
export function keepPace(labs: readonly Lab[], reduced: Reduced, at: number): Reduced {
  const {state, effects} = reduced;
  const waits =
    state.situation === 'in-step' && state.pace.kind === 'solving' && state.phase.name === 'reading';
  return waits ? keepPace(labs, after(effects, doNext(labs, state, at)), at) : reduced;
}

/** Does what stands at the position: a command, a file or the check; at the end of a step, goes to the next. */
function doNext(labs: readonly Lab[], state: InStep, at: number): Reduced {
  if (state.phase.name === 'passed') return nextStep(labs, state, at);
  const {lab, step} = stepOf(labs, state.position);
  const block = runnableBlocks(step, state.engine)[state.position.block];
  if (!block) return atEnd(labs, state, at);
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

/** Where nothing is left to do: a step with nothing for this engine, or one that was done when the app was left. */
function atEnd(labs: readonly Lab[], state: InStep, at: number): Reduced {
  const {lab, step} = stepOf(labs, state.position);
  const resumed =
    runnableBlocks(step, state.engine).length > 0 && state.progress.labs[lab.id]?.status === 'standing';
  if (resumed && state.pace.kind === 'solving') {
    return same({...state, phase: {name: 'passed'}, pace: {kind: 'learner'}});
  }
  const passed = resumed ? same(state) : stepPassed(labs, state, at);
  if (state.pace.kind === 'solving' || passed.state.situation !== 'in-step') return passed;
  return after(passed.effects, nextStep(labs, passed.state, at));
}

function check(labs: readonly Lab[], state: InStep, asked: Asked): Reduced {
  const {lab, step} = stepOf(labs, state.position);
  const block = checkOf(step, state.engine);
  if (!block || !resting(state.phase)) return same(state);
  // What is done is looked at again only when somebody wants to see it.
  if (state.phase.name === 'passed' && asked !== 'learner') return same(state);
  return {
    state: {...state, phase: {name: 'checking', block: block.id, asked, before: state.phase}},
    effects: [{type: 'run-check', lab: lab.id, block: block.id, asked}],
  };
}

function checked(
  labs: readonly Lab[],
  state: InStep,
  phase: Phase & {name: 'checking'},
  event: Event & {type: 'check-done'},
): Reduced {
  // A check that was given up answers late.
  if (phase.asked !== event.asked) return same(state);
  if (event.verdict === 'passed' && phase.before.name === 'passed') {
    return {state: {...state, phase: phase.before}, effects: []};
  }
  if (event.verdict === 'passed') {
    const {step} = stepOf(labs, state.position);
    const end = runnableBlocks(step, state.engine).length;
    return stepPassed(labs, {...state, position: {...state.position, block: end}}, event.at);
  }
  // What was only noticed is not held against the learner: they are in the middle of it.
  if (phase.asked === 'noticed') return {state: {...state, phase: phase.before}, effects: []};
  const reason = event.verdict === 'unknown' ? 'unknown' : 'check';
  return failed(labs, state, {block: event.block, reason, at: event.at});
}

function failed(
  labs: readonly Lab[],
  state: InStep,
  {block, reason, at}: {block: string; reason: FailureReason; at?: number},
): Reduced {
  const next: InStep = {...state, phase: {name: 'failed', block, reason}, pace: {kind: 'learner'}};
  if (state.pace.kind === 'solving' && state.pace.until === 'queue') {
    if (state.wentOn && reason !== 'unknown') {
      const effect: Effect = {type: 'run-reset', lab: state.position.lab, why: 'no-way-on'};
      const {wentOn: _, ...anew} = state;
      return {state: {...anew, phase: {name: 'resetting'}}, effects: [effect]};
    }
    // Its pace is kept for the labs behind it.
    const missed = reason === 'unknown' ? 'unknown' : 'failed';
    return afterMissed(labs, {...next, pace: state.pace}, missed, at ?? state.startedAt);
  }
  return {state: next, effects: []};
}

/** What could not be undone is in the way of whatever comes next. */
function resetFailed(state: InStep): Reduced {
  if (state.pace.kind === 'solving' && state.pace.until === 'queue') return stop(state, 'failed');
  return {state: {...state, phase: {name: 'reading'}, pace: {kind: 'learner'}}, effects: []};
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
  if (next?.kind === 'check') return after(save, doNext(labs, moved, at));
  return {state: moved, effects: save};
}
