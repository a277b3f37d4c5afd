import type {Lab} from '../catalog/lab.ts';
import type {Event} from './events.ts';
import {inStep, keepPace} from './in-step.ts';
import {enter, goTo, prepare, resumePosition} from './navigation.ts';
import {type Reduced, same, stop} from './reduced.ts';
import type {InStep, Progress, State} from './state.ts';

export {resumePosition} from './navigation.ts';

/** The rules of a session for one set of labs: pure, so that every situation can be tested in a table. */
export type Reduce = (state: State, event: Event) => Reduced;

/**
 * Makes the reducer for `labs`. An event that has no meaning in a situation leaves the state as it is, so a
 * key that arrives late does no harm.
 */
export function createReducer(labs: readonly Lab[]): Reduce {
  return (state, event) => keepPace(labs, reduce(labs, state, event), 'at' in event ? (event.at ?? 0) : 0);
}

function reduce(labs: readonly Lab[], state: State, event: Event): Reduced {
  if (event.type === 'quit') {
    // What is given up could not be checked; that a lab has failed before stays true.
    const missed = state.situation === 'in-step' && event.outcome === 'unknown' ? state.missed : undefined;
    return stop(state, missed ?? event.outcome);
  }
  switch (state.situation) {
    case 'choosing-engine':
      return event.type === 'engine-chosen'
        ? chosen(labs, state.progress, event.engine, event.at)
        : same(state);
    case 'preparing-cluster':
      return preparing(labs, state, event);
    case 'cluster-unreachable':
      return unreachable(labs, state, event);
    case 'in-step':
      return inStep(labs, state, event);
    case 'finished':
      return event.type === 'go-to' ? goTo(labs, state, event) : same(state);
    case 'stopped':
      return same(state);
  }
}

function chosen(labs: readonly Lab[], progress: Progress, engine: InStep['engine'], at: number): Reduced {
  const position = resumePosition(labs, progress);
  if (!position) return {state: {situation: 'finished', engine, progress}, effects: []};
  return prepare({engine, progress, position, pace: {kind: 'learner'}, queue: [], at, labs});
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

function unreachable(
  labs: readonly Lab[],
  state: State & {situation: 'cluster-unreachable'},
  event: Event,
): Reduced {
  // Another lab may be what helps: the first one makes the cluster.
  if (event.type === 'go-to') return goTo(labs, state, event);
  if (event.type !== 'advance') return same(state);
  return {
    state: {...state, situation: 'preparing-cluster'},
    effects: [{type: 'prepare-cluster', engine: state.engine, lab: state.goal.position.lab}],
  };
}
