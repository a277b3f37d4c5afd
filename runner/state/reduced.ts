import type {Effect} from './events.ts';
import type {Outcome, State} from './state.ts';

/** What an event made of a state, and what the session has to do for it. */
export interface Reduced {
  state: State;
  effects: readonly Effect[];
}

export function same(state: State): Reduced {
  return {state, effects: []};
}

/** Ends the session, once: what was said first counts. */
export function stop(state: State, outcome: Outcome): Reduced {
  if (state.situation === 'stopped') return same(state);
  return {
    state: {situation: 'stopped', progress: state.progress, outcome},
    effects: [{type: 'save-progress'}, {type: 'stop', outcome}],
  };
}

/** What has to be done before all that `reduced` asks for. */
export function after(effects: readonly Effect[], reduced: Reduced): Reduced {
  return {state: reduced.state, effects: [...effects, ...reduced.effects]};
}
