import type {Lab, Step} from '../catalog/lab.ts';
import type {Effect, Event} from './events.ts';
import {isGiven, needsOf, runnableBlocks, withoutLab, withPassed} from './plan.ts';
import {after, type Reduced, same, stop} from './reduced.ts';
import type {InStep, Missed, Pace, Position, Progress, State} from './state.ts';

/** Where a learner goes on: the saved position, else the first lab that does not stand yet. */
export function resumePosition(labs: readonly Lab[], progress: Progress): Position | undefined {
  const saved = progress.position;
  const at = labs.find(lab => lab.id === saved?.lab && !isGiven(progress, lab.id));
  if (saved && at?.steps[saved.step]) return saved;
  const next = labs.find(lab => !progress.labs[lab.id]);
  return next && {lab: next.id, step: 0, block: 0};
}

interface Destination {
  labs: readonly Lab[];
  engine: InStep['engine'];
  progress: Progress;
  position: Position;
  pace: Pace;
  queue: readonly string[];
  again?: readonly string[];
  missed?: Missed | undefined;
  at: number;
}

/** The cluster must answer before anything but the very first step, which makes it. */
export function prepare(destination: Destination): Reduced {
  const {engine, progress, position, pace, queue, labs, again = []} = destination;
  const makesIt = position.lab === labs[0]?.id && position.step === 0;
  // What stopped since is started before anything is judged.
  if (makesIt && !isLookedAt(destination)) return enter(destination);
  return {
    state: {
      situation: 'preparing-cluster',
      engine,
      progress,
      goal: {position, pace, queue, ...(again.length > 0 ? {again} : {})},
    },
    effects: [{type: 'prepare-cluster', engine, lab: position.lab}],
  };
}

/** Begins at the position, with whatever the cluster is like. */
export function enter(destination: Destination): Reduced {
  const {labs, engine, progress, position, pace, queue, at, missed, again = []} = destination;
  const later = again.filter(id => id !== position.lab);
  const state: InStep = {
    situation: 'in-step',
    engine,
    progress: {...progress, position},
    position,
    phase: {
      name: isBehind(labs, engine, progress, position) && pace.kind === 'learner' ? 'passed' : 'reading',
    },
    pace,
    queue,
    ...(later.length > 0 ? {again: later} : {}),
    ...(missed ? {missed} : {}),
    startedAt: at,
    hintsShown: 0,
  };
  const begin: Effect = {type: 'begin-lab', lab: position.lab};
  const save: Effect = {type: 'save-progress'};
  if (again.includes(position.lab) && pace.kind === 'solving') {
    const reset: Effect = {type: 'run-reset', lab: position.lab, why: 'asked'};
    return {state: {...state, phase: {name: 'resetting'}}, effects: [begin, save, reset]};
  }
  if (isLookedAt(destination)) {
    const look: Effect = {type: 'look-at-lab', lab: position.lab};
    return {state: {...state, phase: {name: 'looking'}}, effects: [begin, save, look]};
  }
  return {state, effects: [begin, {type: 'begin-step', position}, save]};
}

/** Before we do a lab that was begun earlier, we see what of it is true; a learner sees that for themselves. */
function isLookedAt({progress, position, pace}: Destination): boolean {
  const begun = progress.labs[position.lab] !== undefined || progress.position?.lab === position.lab;
  const forOthers = pace.kind === 'solving' && (pace.until === 'queue' || pace.until === 'last-lab');
  return begun && forOthers && position.step === 0 && position.block === 0;
}

/** Goes on with a lab where the first thing is not true yet, or leaves it as it stands. */
export function looked(labs: readonly Lab[], state: InStep, event: Event & {type: 'looked'}): Reduced {
  const {lab} = stepOf(labs, state.position);
  if (event.goesOnAt === 'given-up') {
    const effects: Effect[] = [{type: 'begin-step', position: state.position}];
    return {state: {...state, phase: {name: 'reading'}, pace: {kind: 'learner'}}, effects};
  }
  const told: Effect = {type: 'went-on', lab: lab.id, goesOnAt: event.goesOnAt};
  if (event.goesOnAt !== 'end') {
    const position = {lab: lab.id, step: event.goesOnAt, block: 0};
    const progress = {...state.progress, position};
    const effects: Effect[] = [told, {type: 'begin-step', position}, {type: 'save-progress'}];
    return {state: {...state, position, progress, phase: {name: 'reading'}, wentOn: true}, effects};
  }
  const last = lab.steps.length - 1;
  const position = {
    lab: lab.id,
    step: last,
    block: runnableBlocks(lab.steps[last] as Step, state.engine).length,
  };
  const {passedAt = new Date(event.at).toISOString(), milliseconds = 0} = state.progress.labs[lab.id] ?? {};
  const progress = withPassed({labs, progress: state.progress, id: lab.id, passedAt, milliseconds});
  const stands: InStep = {...state, position, progress: {...progress, position}, phase: {name: 'passed'}};
  return after([told, {type: 'save-progress'}], nextStep(labs, stands, event.at));
}

/** The app was left when this step was done; its last one counts only with the lab. */
function isBehind(
  labs: readonly Lab[],
  engine: InStep['engine'],
  progress: Progress,
  position: Position,
): boolean {
  const {lab, step} = stepOf(labs, position);
  const length = runnableBlocks(step, engine).length;
  const isLast = position.step === lab.steps.length - 1;
  const counts = !isLast || progress.labs[lab.id]?.status === 'standing';
  return length > 0 && position.block >= length && counts;
}

export function stepOf(labs: readonly Lab[], position: Position) {
  const lab = labs.find(candidate => candidate.id === position.lab);
  const step = lab?.steps[position.step];
  if (!lab || !step) throw new Error(`There is no step ${position.step + 1} in lab "${position.lab}".`);
  return {lab, step};
}

/** The step is done, and with its last one the lab; at the pace of a solver, what comes next begins. */
export function stepPassed(labs: readonly Lab[], state: InStep, at: number): Reduced {
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

/** The step behind this one, the next lab of the queue or of the list, or the end. */
export function nextStep(labs: readonly Lab[], state: InStep, at: number): Reduced {
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
    return {state: next, effects};
  }
  const [queued, ...queue] = state.queue;
  const following = queued ?? (pace.kind === 'learner' ? labAfter(labs, progress, lab) : undefined);
  if (following) {
    const position = {lab: following, step: 0, block: 0};
    return enter({
      labs,
      engine,
      progress,
      position,
      pace: paceFor(pace, queue),
      queue,
      ...(state.again ? {again: state.again} : {}),
      missed: state.missed,
      at,
    });
  }
  if (pace.kind === 'solving' && pace.until === 'queue') return stop(state, state.missed ?? 'passed');
  const {position: _, ...rest} = progress;
  return {state: {situation: 'finished', engine, progress: rest}, effects: [{type: 'save-progress'}]};
}

/** What comes after a lab of the queue that has not passed: the next one that does not stand on it, or the end. */
export function afterMissed(labs: readonly Lab[], state: InStep, missed: Missed, at: number): Reduced {
  const {engine, progress, pace, position} = state;
  const worst = state.missed === 'failed' ? 'failed' : missed;
  const goesOn = pace.kind === 'solving' && pace.goesOn === true;
  const [next, ...queue] = goesOn ? state.queue.filter(id => !needsOf(labs, id).includes(position.lab)) : [];
  if (next === undefined) return stop(state, worst);
  return enter({
    labs,
    engine,
    progress,
    position: {lab: next, step: 0, block: 0},
    pace,
    queue,
    ...(state.again ? {again: state.again} : {}),
    missed: worst,
    at,
  });
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

/** After its reset a lab begins anew: for the learner, or for the queue that it is in. */
export function resetDone(labs: readonly Lab[], state: InStep, at: number): Reduced {
  const position = {lab: state.position.lab, step: 0, block: 0};
  const {position: _, ...progress} = withoutLab(labs, state.progress, state.position.lab);
  const inQueue = state.pace.kind === 'solving';
  return enter({
    labs,
    engine: state.engine,
    progress,
    position,
    pace: state.pace,
    queue: inQueue ? state.queue : [],
    ...(state.again ? {again: state.again} : {}),
    missed: state.missed,
    at,
  });
}

/** Goes to the first lab of a list, and afterwards to the others. */
export function goTo(
  labs: readonly Lab[],
  state: Extract<State, {engine: unknown}>,
  event: Event & {type: 'go-to'},
): Reduced {
  const [first, ...queue] = event.labs;
  if (!first || !event.labs.every(id => labs.some(lab => lab.id === id))) return same(state);
  return prepare({
    labs,
    engine: state.engine,
    progress: state.progress,
    position: {lab: first, step: 0, block: 0},
    pace: paceFor(event.pace, queue),
    queue,
    ...(event.again ? {again: event.again} : {}),
    at: event.at,
  });
}
