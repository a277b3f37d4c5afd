import type {Lab} from '../catalog/lab.ts';
import type {ClusterEngine} from '../engines/port.ts';
import {asWorkshopError, messageOf, WorkshopError} from '../errors.ts';
import type {Effect, Event} from '../state/events.ts';
import {backgroundDue, checkOf, resetCommands, runnableBlocks} from '../state/plan.ts';
import {createReducer} from '../state/reduce.ts';
import type {Outcome, State} from '../state/state.ts';
import type {LabSummary, SessionEvent, View} from './events.ts';
import type {Executor} from './executor.ts';
import {firstUntrueStep} from './first-untrue-step.ts';
import type {FollowFiles} from './follow-files.ts';
import type {Notice} from './notice.ts';
import type {RegressionWatch} from './regressions.ts';
import {createRevival} from './revival.ts';
import {verifyLabs} from './verify-first.ts';
import {reportWaiting} from './waiting.ts';
import type {WorkshopStore} from './workshop-store.ts';

export interface SessionOptions {
  labs: readonly Lab[];
  store: WorkshopStore;
  engine: ClusterEngine;
  executor: Executor;
  view: View;
  initial: State;
  workFolder: string;
  /** Labs that the session is meant to do, for the summary. */
  planned: readonly string[];
  /** Milliseconds since the epoch. */
  now(): number;
  /** Tells of changes in the cluster that nobody here made; absent where nobody sits in front of it. */
  notice?: Notice;
  /** Tells when a change breaks a lab that has passed; absent where nobody sits in front of it. */
  regressions?: RegressionWatch;
  /** Tells of the step's files that differ from the lab's; absent where nobody sits in front of it. */
  followFiles?: FollowFiles;
  /** Whether commands that went on in the background go on again: where somebody uses what they forward. */
  resumesBackground?: boolean;
  /** Labs that somebody else has done: their checks come first, and what fails of them ends the session. */
  verifyFirst?(signal: AbortSignal): Promise<readonly Lab[]>;
  /** What a long wait is for. */
  waitedFor?(signal: AbortSignal): Promise<string | undefined>;
}

export interface Session {
  readonly state: State;
  dispatch(event: Event): void;
  /** Ends what runs at the moment (a command, a check) and lets the learner go on. */
  interrupt(): void;
  /** Begins or ends to load the page for somebody who watches; a check never runs at the same time. */
  watchTraffic(on: boolean): void;
  /** Stops a command that goes on in the background, or starts it again. */
  setBackground(command: string, on: boolean): void;
  /** What ended the session without having been asked for: a fault of ours, or of the machine. */
  readonly fault: WorkshopError | undefined;
  /** Resolves when the session has stopped and nothing of it runs any more. */
  finished: Promise<Outcome>;
}

/** How long after one of our own commands the cluster may still be busy with it. */
const aftermathMilliseconds = 1500;

/**
 * Carries out what the reducer asks for, one effect after the other, under one AbortController. Whatever
 * happens, the progress is written and what was started is ended before `finished` resolves.
 */
export function startSession(options: SessionOptions): Session {
  const {labs, store, view, executor, now} = options;
  const reduce = createReducer(labs);
  const startedAt = now();
  const whole = new AbortController();
  let current = new AbortController();
  let state = options.initial;
  let queue: Promise<void> = Promise.resolve();
  let finish: (outcome: Outcome) => void = () => {};
  const finished = new Promise<Outcome>(resolve => {
    finish = resolve;
  });
  const summaries = new Map<string, LabSummary>();
  let watching: AbortController | undefined;
  let noticing = new AbortController();
  let noticedMeanwhile = false;
  let ownWorkUntil = 0;
  let fault: WorkshopError | undefined;
  const revival = createRevival({engine: options.engine, emit: event => emit(event), now});

  const emit = (event: SessionEvent): void => view.event(event);

  function labOf(id: string): Lab {
    const lab = labs.find(candidate => candidate.id === id);
    if (!lab) throw new Error(`There is no lab "${id}".`);
    return lab;
  }

  function dispatch(event: Event): void {
    // Quitting must not wait for a command that hangs.
    if (event.type === 'quit') {
      whole.abort();
      if (event.outcome === 'unknown' || event.outcome === 'interrupted') noteGivenUp();
    }
    const before = state;
    const reduced = reduce(state, event);
    state = reduced.state;
    emit({type: 'state-changed', state});
    followRegressions();
    for (const effect of reduced.effects) {
      if (effect.type === 'interrupt') {
        current.abort();
        continue;
      }
      queue = queue.then(() => carryOut(effect)).catch(fail);
    }
    afterwards(before);
  }

  /** A lab that is underway has not failed by being given up. */
  function noteGivenUp(): void {
    if (state.situation !== 'in-step') return;
    const lab = labOf(state.position.lab);
    if (summaries.get(lab.id)?.verdict === 'failed') note(lab, 'unknown', 0);
  }

  /** What changed while the learner's own command, their editor or a check went on is looked at as soon as that ended. */
  function afterwards(before: State): void {
    const phase = before.situation === 'in-step' ? before.phase.name : undefined;
    if (phase === undefined || (state.situation === 'in-step' && state.phase.name === phase)) return;
    const ownWork = phase === 'running' || phase === 'resetting';
    if (ownWork) ownWorkUntil = now();
    else if (noticedMeanwhile) dispatch({type: 'noticed'});
    noticedMeanwhile = false;
  }

  /** Once the cluster is there: before, nothing of a lab can be looked at. */
  function followRegressions(): void {
    if (state.situation !== 'in-step') return;
    const {progress, position, phase} = state;
    const isOver = phase.name === 'passed' && progress.labs[position.lab]?.status === 'standing';
    options.regressions?.follow(progress, isOver ? undefined : position.lab);
  }

  /** A change that follows our own commands is their effect, and no news. */
  function noticed(): void {
    if (watching || !isResting(state)) noticedMeanwhile = true;
    else if (now() - ownWorkUntil > aftermathMilliseconds) dispatch({type: 'noticed'});
  }

  function watchTraffic(on: boolean): void {
    if (on === (watching !== undefined)) return;
    if (!on) {
      watching?.abort();
      watching = undefined;
      if (noticedMeanwhile) dispatch({type: 'noticed'});
      noticedMeanwhile = false;
      return;
    }
    watching = new AbortController();
    const signal = AbortSignal.any([whole.signal, watching.signal]);
    // In the queue, so that no check begins before the last load has ended.
    queue = queue
      .then(() => executor.watchTraffic(signal))
      .catch(error => {
        if (!(error instanceof WorkshopError)) throw error;
        emit({type: 'problem', error});
      })
      .catch(fail);
  }

  function watchStep(lab: Lab, step: number): void {
    noticing.abort();
    noticing = new AbortController();
    const watched = lab.steps[step];
    if (!watched) return;
    const check = checkOf(watched, options.engine.name);
    if (check) options.notice?.(check.conditions, noticed, noticing.signal);
    const blocks = runnableBlocks(watched, options.engine.name);
    options.followFiles?.(
      blocks.filter(block => block.kind === 'file'),
      noticing.signal,
    );
  }

  /** Carries out something that may take long, saying meanwhile what it waits for. */
  async function patiently<T>(work: Promise<T>, {otherwise, bound}: Patiently): Promise<T> {
    const {waitedFor} = options;
    if (!waitedFor) return work;
    const done = new AbortController();
    const began = now();
    void reportWaiting({
      look: () => waitedFor(done.signal),
      // What a pod waits for comes with its own time.
      otherwise: isHung =>
        `${otherwise}${isHung ? ', and the cluster does not answer' : ''}; ${Math.round((now() - began) / 1000)} s so far`,
      say: text =>
        emit({type: 'waiting', text, elapsed: now() - began, ...(bound === undefined ? {} : {bound})}),
      signal: done.signal,
    });
    return work.finally(() => done.abort());
  }

  /**
   * Does something in the cluster, once more where the cluster had stopped instead of answering.
   * @param work.amiss whether its outcome could come from that
   * @returns undefined when the cluster can't be had; why is told.
   */
  async function inCluster<T>(
    work: {run(): Promise<T>; amiss(outcome: T): boolean; waits?: Patiently},
    signal: AbortSignal,
  ): Promise<T | undefined> {
    try {
      if (await revival.ensure(signal)) resumeBackground();
      const outcome = await (work.waits ? patiently(work.run(), work.waits) : work.run());
      if (!work.amiss(outcome) || signal.aborted) return outcome;
      if (!(await revival.ensure(signal, {doubted: true}))) return outcome;
      resumeBackground();
    } catch (error) {
      if (!(error instanceof WorkshopError)) throw error;
      emit({type: 'problem', error});
      return undefined;
    }
    return work.waits ? patiently(work.run(), work.waits) : work.run();
  }

  /** A fault of ours inside an effect must end the session, not vanish. */
  function fail(error: unknown): void {
    const problem = asWorkshopError(error);
    emit({type: 'problem', error: problem});
    fault ??= problem;
    if (state.situation !== 'stopped') dispatch({type: 'quit', outcome: 'unknown'});
  }

  async function carryOut(effect: Effect): Promise<void> {
    if (whole.signal.aborted && effect.type !== 'save-progress' && effect.type !== 'stop') return;
    current = new AbortController();
    const signal = AbortSignal.any([whole.signal, current.signal]);
    switch (effect.type) {
      case 'save-progress':
        return store.writeProgress(state.progress);
      case 'begin-lab': {
        const lab = labOf(effect.lab);
        emit({type: 'lab-started', lab});
        note(lab, 'failed', 0);
        return executor.beginLab(lab);
      }
      case 'begin-step':
        watchStep(labOf(effect.position.lab), effect.position.step);
        return emit({type: 'step-started', lab: labOf(effect.position.lab), step: effect.position.step});
      case 'prepare-cluster':
        return prepare(signal);
      case 'run-command':
      case 'write-file': {
        const lab = labOf(effect.lab);
        const run = () => executor.runBlock(lab, effect.block, signal);
        const outcome =
          effect.type === 'write-file'
            ? await run()
            : ((await inCluster(
                {run, amiss: done => done !== 'done', waits: waitsOf(lab, effect.block)},
                signal,
              )) ?? 'unknown');
        if (outcome === 'done') return dispatch({type: 'block-done', block: effect.block, at: now()});
        if (outcome === 'unknown') note(lab, 'unknown', 0);
        const failed = effect.type === 'run-command' ? 'command' : 'file';
        return dispatch({
          type: 'block-failed',
          block: effect.block,
          reason: outcome === 'unknown' ? 'unknown' : failed,
          at: now(),
        });
      }
      case 'run-check': {
        const lab = labOf(effect.lab);
        const quiet = effect.asked === 'noticed';
        const run = () => executor.runCheck(lab, effect.block, {signal, quiet});
        // What is only noticed starts nothing.
        const verdict = quiet
          ? await run()
          : ((await inCluster({run, amiss: seen => seen !== 'passed'}, signal)) ?? 'unknown');
        if (verdict === 'unknown') note(lab, 'unknown', 0);
        return dispatch({type: 'check-done', block: effect.block, verdict, asked: effect.asked, at: now()});
      }
      case 'run-own':
        await patiently(executor.runOwn(effect.text, signal), {otherwise: 'the command is at work'});
        return dispatch({type: 'command-ended'});
      case 'edit-file': {
        const saved = await executor.editFile(labOf(effect.lab), effect.block);
        return dispatch({type: 'edit-ended', block: effect.block, saved});
      }
      case 'interrupt':
        return;
      case 'look-at-lab': {
        const lab = labOf(effect.lab);
        const text = `seeing what stands of lab ${lab.number}, ${lab.title}`;
        emit({type: 'cluster-progress', text});
        const goesOnAt = await patiently(
          firstUntrueStep({lab, engine: options.engine.name, holds: block => executor.holds(block, signal)}),
          {otherwise: text},
        );
        return dispatch({
          type: 'looked',
          lab: lab.id,
          goesOnAt: signal.aborted ? 'given-up' : goesOnAt,
          at: now(),
        });
      }
      case 'went-on':
        return tellOfGoingOn(labOf(effect.lab), effect.goesOnAt);
      case 'run-reset': {
        if (state.situation === 'in-step' && state.pace.kind === 'solving') {
          const {number} = labOf(effect.lab);
          const reasons = {
            asked: `Lab ${number} is undone before it is done again, as you asked.`,
            'no-way-on': `Going on with lab ${number} did not lead to its end, so it is undone and done from its first step.`,
          };
          emit({type: 'note', text: reasons[effect.why]});
        }
        const run = () => executor.runReset(labOf(effect.lab), signal);
        const commands = resetCommands(labOf(effect.lab), options.engine.name);
        const waits = {
          otherwise: 'the lab is being undone',
          bound: commands.reduce((sum, {timeout}) => sum + timeout, 0),
        };
        const ok = (await inCluster({run, amiss: done => !done, waits}, signal)) ?? false;
        // The first lab's takes the cluster itself away.
        await revival.reconsider();
        emit({type: 'reset-finished', lab: effect.lab, ok});
        return dispatch(ok ? {type: 'reset-done', at: now()} : {type: 'reset-failed'});
      }
      case 'lab-passed':
        note(labOf(effect.lab), 'passed', effect.milliseconds);
        return emit({type: 'lab-passed', lab: effect.lab, milliseconds: effect.milliseconds});
      case 'stop':
        return stop(effect.outcome);
    }
  }

  /** Ends the session where the labs that were not to be done don't hold, and where there is nothing else. */
  async function verifyFirst(asked: (signal: AbortSignal) => Promise<readonly Lab[]>): Promise<void> {
    const {signal} = whole;
    if (signal.aborted) return;
    try {
      await options.engine.ensure({signal, onProgress: ({text}) => emit({type: 'cluster-progress', text})});
      const given = await asked(signal);
      const verdict = await verifyLabs({
        labs: given,
        engine: options.engine.name,
        executor,
        emit,
        note,
        now,
        signal,
      });
      if (verdict !== 'passed') dispatch({type: 'quit', outcome: verdict});
      else if (options.planned.every(id => summaries.has(id))) dispatch({type: 'quit', outcome: 'passed'});
    } catch (error) {
      if (!(error instanceof WorkshopError)) throw error;
      emit({type: 'problem', error});
      dispatch({type: 'quit', outcome: 'unknown'});
    }
  }

  async function prepare(signal: AbortSignal): Promise<void> {
    try {
      await options.engine.ensure({signal, onProgress: ({text}) => emit({type: 'cluster-progress', text})});
      await revival.ensure(signal);
      const notice = await options.engine.notice?.();
      if (notice) emit({type: 'cluster-notice', text: notice});
      const {progress} = state;
      dispatch({type: 'cluster-ready', at: now()});
      resumeBackground(progress);
    } catch (error) {
      if (!(error instanceof WorkshopError)) throw error;
      emit({type: 'problem', error});
      dispatch({type: 'cluster-failed', outcome: 'unknown'});
    }
  }

  function resumeBackground(progress = state.progress): void {
    if (!options.resumesBackground) return;
    executor.resumeBackground(backgroundDue(labs, progress, options.engine.name));
  }

  function tellOfGoingOn(lab: Lab, goesOnAt: number | 'end'): void {
    if (goesOnAt === 'end') {
      note(lab, 'passed', 0);
      resumeBackground();
    }
    const title = goesOnAt === 'end' ? '' : (lab.steps[goesOnAt]?.title ?? '');
    const what =
      goesOnAt === 'end'
        ? 'stands already, and its checks hold'
        : goesOnAt === 0
          ? `was begun before; nothing of it is certain to stand, so its commands run again from the first`
          : `was begun before; it goes on with step ${goesOnAt + 1}, ${title}`;
    emit({type: 'note', text: `Lab ${lab.number}, ${lab.title}: ${what}.`});
  }

  function note(lab: Lab, verdict: LabSummary['verdict'], milliseconds: number): void {
    summaries.set(lab.id, {lab: lab.id, number: lab.number, title: lab.title, verdict, milliseconds});
  }

  async function stop(outcome: Outcome): Promise<void> {
    options.regressions?.close();
    noticing.abort();
    try {
      await executor.close();
    } catch (error) {
      emit({type: 'note', text: `Not everything could be ended: ${messageOf(error)}`});
    }
    for (const id of options.planned) if (!summaries.has(id)) note(labOf(id), 'not-run', 0);
    const ordered = options.planned.flatMap(id => summaries.get(id) ?? []);
    emit({type: 'session-finished', outcome, labs: ordered, milliseconds: now() - startedAt});
    finish(outcome);
  }

  emit({
    type: 'session-started',
    workshop: store.name,
    engine: options.engine.title,
    simulated: options.engine.capabilities.simulated,
    workFolder: options.workFolder,
    labs: options.planned,
  });
  if (options.planned.some(id => looksAtPage(labOf(id)))) executor.warmUp();
  const given = options.verifyFirst;
  if (given) queue = queue.then(() => verifyFirst(given)).catch(fail);
  return {
    get state() {
      return state;
    },
    get fault() {
      return fault;
    },
    dispatch,
    interrupt: () => current.abort(),
    watchTraffic,
    setBackground: (command, on) => void executor.setBackground(command, on).catch(fail),
    finished,
  };
}

/** What is said of a wait of which the cluster knows nothing, and how long it may take at most, in milliseconds. */
interface Patiently {
  otherwise: string;
  bound?: number;
}

function waitsOf(lab: Lab, id: string): Patiently {
  const block = lab.steps.flatMap(step => step.blocks).find(each => 'id' in each && each.id === id);
  return {
    otherwise: 'the command is at work',
    ...(block?.kind === 'command' ? {bound: block.timeout} : {}),
  };
}

function isResting(state: State): boolean {
  if (state.situation !== 'in-step') return false;
  const {name} = state.phase;
  return name === 'reading' || name === 'failed' || name === 'passed';
}

function looksAtPage(lab: Lab): boolean {
  const conditions = lab.steps
    .flatMap(step => step.blocks)
    .flatMap(block => (block.kind === 'check' ? block.conditions : []));
  return conditions.some(condition => condition.kind === 'stars');
}
