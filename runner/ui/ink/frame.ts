import {planFor} from '../../state/plan.ts';
import type {Shown} from '../interactive.ts';
import type {Paint} from '../paint.ts';
import type {Window} from '../screen/screen.ts';
import {type StepLines, stepLines} from '../step/step-lines.ts';
import type {StepView} from '../view-model.ts';
import {type Layout, topFor} from './layout.ts';

export interface Body extends StepLines {
  top: number;
  height: number;
}

/** The part of the step that fits into the window now. */
export function bodyFor({model, screen}: Shown, options: {layout: Layout; paint: Paint; now: number}): Body {
  const {layout, paint, now} = options;
  const step = currentStep(model);
  const engine = 'engine' in model.state ? model.state.engine : 'sandbox';
  const {state} = model;
  const all = step
    ? stepLines(step, {
        width: layout.width,
        paint,
        now,
        fold: !screen.unfolded,
        differences: screen.differences,
        engine,
        ...(state.situation === 'in-step' ? {live: state} : {}),
      })
    : {lines: [], focus: {from: 0, to: 0}};
  const height = Math.min(layout.bodyRows, Math.max(1, all.lines.length));
  const top = topFor({scrolled: screen.top, focus: all.focus, total: all.lines.length, height});
  return {...all, top, height};
}

/** The step on the screen; while the cluster is being prepared, the one that comes. */
function currentStep({state, current, labs}: Shown['model']): StepView | undefined {
  if (state.situation === 'in-step') return current;
  if (state.situation !== 'preparing-cluster' && state.situation !== 'cluster-unreachable') return undefined;
  const {position} = state.goal;
  const lab = labs.find(({id}) => id === position.lab);
  return lab && {lab, step: position.step, runs: {}, own: []};
}

/** What a key press needs to know about the window. */
export function windowFor(shown: Shown, {body, layout}: {body: Body; layout: Layout}): Window {
  const {state, labs} = shown.model;
  return {
    tooSmall: layout.tooSmall,
    height: body.height,
    top: body.top,
    total: body.lines.length,
    needed: lab => planFor(labs, state.progress, [lab]).filter(id => id !== lab),
  };
}
