import type {Lab} from '../catalog/lab.ts';
import type {ConditionResult, Verdict} from '../checks/result.ts';
import type {TrafficLoad} from '../checks/traffic.ts';
import type {WorkshopError} from '../errors.ts';
import {type BackgroundState, type EngineChoice, ownCommand, type SessionEvent} from '../session/events.ts';
import type {State} from '../state/state.ts';

/** What became of one command or file of the step. */
export interface BlockRun {
  status: 'running' | 'done' | 'failed' | 'interrupted';
  startedAt: number;
  milliseconds?: number;
  output: string;
  problem?: string;
  /** Why it is done although it failed. */
  remark?: string;
  /** When the proxies had what it changed. */
  routed?: {milliseconds: number; proxies: number};
  file?: {
    change: 'created' | 'updated' | 'unchanged' | 'edited';
    name: string;
    backup?: string;
    diff?: string;
  };
}

/** A command that the learner typed. */
export interface OwnRun extends BlockRun {
  text: string;
  /** The block of the step behind which it was typed, by its index. */
  after: number;
}

export interface ConditionView {
  label: string;
  seen?: string;
  rows?: ConditionResult['rows'];
  result?: ConditionResult;
}

export interface CheckRun {
  conditions: readonly ConditionView[];
  startedAt: number;
  quiet: boolean;
  verdict?: Verdict;
  milliseconds?: number;
}

/** One step as it stands, or as it stood when the learner went on. */
export interface StepView {
  lab: Lab;
  step: number;
  runs: Readonly<Record<string, BlockRun>>;
  own: readonly OwnRun[];
  check?: CheckRun;
  /** What the learner wanted to see last, until something of the step itself happens. */
  latest?: 'hint' | 'own';
  /** Files of the step that are not as the lab has them, by block: the diff from its text to theirs. */
  differing?: Readonly<Record<string, string>>;
  /** A check that nobody asked for, kept apart until it passes. */
  noticed?: CheckRun;
}

/** Everything that a screen may show; made of events alone, the same for every interactive view. */
export interface Model {
  /** What starts this program in another terminal: `istio-workshop`, `npm start --`. */
  program: string;
  workshop: string;
  engineTitle: string;
  workFolder: string;
  labs: readonly Lab[];
  state: State;
  engines: readonly EngineChoice[];
  current?: StepView;
  /** What a long wait waits for: a pod and its last event, or what the engine does. */
  waiting?: string;
  /** How long that may take at most, in milliseconds. */
  waitingBound?: number;
  notes: readonly string[];
  /** What everybody who works in the cluster has to know of it. */
  clusterNotice?: string;
  problem?: WorkshopError;
  /** Commands that go on in the background, or did. */
  background: readonly {command: string; state: BackgroundState}[];
  /** Finished steps, in the order in which they go to the scroll-back. */
  finished: readonly StepView[];
  /** Page loads since somebody watches, the latest last. */
  traffic: readonly TrafficLoad[];
  /** Becomes true when the session is over. */
  ended: boolean;
}

const keptOutput = 200_000;

/** What the screen shows after `event`. @param at milliseconds since the epoch */
export function foldEvent(model: Model, event: SessionEvent, at: number): Model {
  switch (event.type) {
    case 'session-started':
      return {
        ...model,
        workshop: event.workshop,
        engineTitle: event.engine,
        workFolder: event.workFolder ?? '',
      };
    case 'engines-found':
      return {...model, engines: event.engines};
    case 'state-changed':
      return hintsIn(event.state) > hintsIn(model.state) && model.current
        ? {...model, state: event.state, current: {...model.current, latest: 'hint'}}
        : {...model, state: event.state};
    case 'cluster-progress':
      return {...model, waiting: event.text};
    case 'waiting': {
      const {waitingBound: _, ...rest} = model;
      return {...rest, waiting: event.text, ...(event.bound ? {waitingBound: event.bound} : {})};
    }
    case 'cluster-notice':
      return {...model, clusterNotice: event.text};
    case 'traffic':
      return {...model, traffic: [...model.traffic.slice(-999), event.load]};
    case 'lab-started':
      return {...model, notes: []};
    case 'step-started':
      return withoutWaiting({
        ...model,
        notes: [],
        finished:
          model.current && worthKeeping(model.current) ? [...model.finished, model.current] : model.finished,
        current: {lab: event.lab, step: event.step, runs: {}, own: []},
      });
    case 'background-changed': {
      const {command, state} = event;
      const known = model.background.some(other => other.command === command);
      const background = model.background.map(other =>
        other.command === command ? {command, state} : other,
      );
      return {...model, background: known ? background : [...background, {command, state}]};
    }
    case 'file-seen':
      return model.current
        ? {...model, current: foldDifference(model.current, event.block, event.diff)}
        : model;
    case 'note':
      return {...model, notes: [...model.notes.slice(-2), event.text]};
    case 'problem':
      return {...model, problem: event.error};
    case 'session-finished':
      return {...model, ended: true};
    default:
      return model.current ? {...withoutWaiting(model, event), current: foldStep(model, event, at)} : model;
  }
}

function hintsIn(state: State): number {
  return state.situation === 'in-step' ? state.hintsShown : 0;
}

function worthKeeping(step: StepView): boolean {
  return Object.keys(step.runs).length > 0 || step.own.length > 0 || step.check !== undefined;
}

/** What is told of something that is over already, or is a part of it, ends no wait. */
const endingNoWait: readonly SessionEvent['type'][] = [
  'command-output',
  'condition-progress',
  'observed',
  'routed',
  'versions',
];

function withoutWaiting(model: Model, event?: SessionEvent): Model {
  if (event && endingNoWait.includes(event.type)) return model;
  const {waiting: _, waitingBound: __, problem: ___, ...rest} = model;
  return rest;
}

function foldStep(model: Model, event: SessionEvent, at: number): StepView {
  const {latest, ...rest} = model.current as StepView;
  const step: StepView = latest && !isOfStep(event) ? {...rest, latest} : rest;
  switch (event.type) {
    case 'command-started': {
      const run: BlockRun = {status: 'running', startedAt: at, output: ''};
      if (event.block !== ownCommand) return withRun(step, event.block, run);
      const after = model.state.situation === 'in-step' ? model.state.position.block : 0;
      return {...step, latest: 'own', own: [...step.own, {...run, text: event.text, after}]};
    }
    case 'command-output':
      return changeRun(step, event.block, run => ({
        ...run,
        output: (run.output + event.text).slice(-keptOutput),
      }));
    case 'command-finished':
      return changeRun(step, event.block, run => ({
        ...run,
        status: event.ok ? 'done' : event.cancelled ? 'interrupted' : 'failed',
        milliseconds: event.milliseconds,
        ...(event.problem ? {problem: event.problem} : {}),
        ...(event.remark ? {remark: event.remark} : {}),
      }));
    case 'routed':
      return changeRun(step, event.block, run => ({
        ...run,
        routed: {milliseconds: event.milliseconds, proxies: event.proxies},
      }));
    case 'file-written': {
      if (event.block === '') return step;
      const {change, name, backup, diff} = event;
      return withRun(foldDifference(step, event.block, undefined), event.block, {
        status: 'done',
        startedAt: at,
        output: '',
        file: {change, name, ...(backup ? {backup} : {}), ...(diff ? {diff} : {})},
      });
    }
    case 'file-edited':
      return withRun(step, event.block, {
        status: 'done',
        startedAt: at,
        output: '',
        file: {change: event.asShown ? 'unchanged' : 'edited', name: event.name},
      });
    default:
      return foldCheck(step, event, at);
  }
}

function foldDifference(step: StepView, block: string, diff: string | undefined): StepView {
  const {[block]: _, ...others} = step.differing ?? {};
  return {...step, differing: diff === undefined ? others : {...others, [block]: diff}};
}

/** Something that the step itself does begins, so that it is what is to be seen. */
function isOfStep(event: SessionEvent): boolean {
  switch (event.type) {
    case 'command-started':
    case 'file-edited':
      return true;
    case 'file-written':
      return event.block !== '';
    case 'check-started':
      return !event.quiet;
    default:
      return false;
  }
}

function withRun(step: StepView, block: string, run: BlockRun): StepView {
  return {...step, runs: {...step.runs, [block]: run}};
}

function changeRun(step: StepView, block: string, change: (run: BlockRun) => BlockRun): StepView {
  if (block === ownCommand) {
    const last = step.own.at(-1);
    return last ? {...step, own: [...step.own.slice(0, -1), {...last, ...change(last)}]} : step;
  }
  const run = step.runs[block];
  return run ? withRun(step, block, change(run)) : step;
}

function foldCheck(step: StepView, event: SessionEvent, at: number): StepView {
  switch (event.type) {
    case 'check-started': {
      const check = {conditions: event.labels.map(label => ({label})), startedAt: at, quiet: event.quiet};
      return event.quiet ? {...step, noticed: check} : {...step, check};
    }
    case 'condition-progress':
      return changeCondition(step, event.index, condition => ({
        ...condition,
        seen: event.seen,
        ...(event.rows ? {rows: event.rows} : {}),
      }));
    case 'condition-finished':
      return changeCondition(step, event.index, condition => ({
        ...condition,
        label: event.result.label,
        result: event.result,
        ...(event.result.rows ? {rows: event.result.rows} : {}),
      }));
    case 'check-finished': {
      const {noticed, ...rest} = step;
      const running = noticed ?? step.check;
      if (!running) return step;
      // What was only noticed shows when it is good news.
      if (event.quiet && event.verdict !== 'passed') return rest;
      return {
        ...rest,
        check: {...running, verdict: event.verdict, milliseconds: event.milliseconds},
      };
    }
    default:
      return step;
  }
}

function changeCondition(
  step: StepView,
  index: number,
  change: (condition: ConditionView) => ConditionView,
): StepView {
  const key = step.noticed ? 'noticed' : 'check';
  const check = step[key];
  if (!check) return step;
  const conditions = check.conditions.map((condition, at) => (at === index ? change(condition) : condition));
  return {...step, [key]: {...check, conditions}};
}

/** Whether a file of the step is not as the lab has it. */
export function hasDifference({current}: Model): boolean {
  return Object.keys(current?.differing ?? {}).length > 0;
}

/** The latest result of a failed condition: what `why` is about. */
export function failedConditions(model: Model): readonly ConditionResult[] {
  return (model.current?.check?.conditions ?? []).flatMap(({result}) =>
    result && result.verdict !== 'passed' ? [result] : [],
  );
}
