import {type Verdict, verdictOf} from '../../checks/result.ts';
import {changesSince} from '../../checks/tell-page.ts';
import {openKube} from '../../engines/kube/kube.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import {makeFolder} from '../../make-folder.ts';
import type {View} from '../../session/events.ts';
import type {Executor} from '../../session/executor.ts';
import {checksOf, isGiven, resumeLab, standingLabs} from '../../state/plan.ts';
import type {Progress} from '../../state/state.ts';
import {type App, openApp} from '../app.ts';
import {givenText} from '../given.ts';
import type {Io} from '../io.ts';
import {findLab, type GlobalOptions} from '../options.ts';
import {viewChoice} from '../view-choice.ts';
import {lineView} from '../views.ts';
import {loadsOf} from './run.ts';

export interface CheckOptions extends GlobalOptions {
  loads?: string;
  evidence?: string;
  /** Every lab that has passed and should still hold. */
  all?: boolean;
}

/** What has passed was proven before: that a change breaks it shows in one load of each visitor. */
export function loadsOfCheck({all, loads}: Pick<CheckOptions, 'all' | 'loads'>): number {
  return all && loads === undefined ? 1 : loadsOf(loads === undefined ? {} : {loads});
}

/** `check [LAB]`: looks at the conditions of a lab (the current one by default) and changes nothing. */
export async function check(io: Io, labText: string | undefined, options: CheckOptions): Promise<ExitCode> {
  const app = await openApp(io, options);
  const view = lineView(io, viewChoice(io, options, true));
  const stop = new AbortController();
  const forget = io.onSignal(() => stop.abort());
  const loads = loadsOfCheck(options);
  const once = loads === 1;
  const executor = app.createExecutor(view, {
    loads,
    ...(options.evidence ? {evidenceFolder: options.evidence} : {}),
  });
  try {
    const progress = await app.store.readProgress();
    if (options.all) {
      await app.engine.verify?.();
      await makeFolder(app.workFolder);
      return await checkAll({app, view, executor, progress, once, signal: stop.signal});
    }
    const lab = labText ? findLab(app.labs, labText) : resumeLab(app.labs, progress);
    if (isGiven(progress, lab.id)) {
      view.event({type: 'note', text: givenText(lab)});
      return exitCodes.passed;
    }
    await app.engine.verify?.();
    // Commands of checks run there, also before the first lab has made it.
    await makeFolder(app.workFolder);
    view.event({type: 'lab-started', lab});
    const verdicts = [];
    for (const block of checksOf(lab, app.engine.name)) {
      verdicts.push({verdict: await executor.runCheck(lab, block.id, {signal: stop.signal, quiet: false})});
    }
    if (stop.signal.aborted) return exitCodes.interrupted;
    const verdict = verdictOf(verdicts);
    return verdict === 'passed'
      ? exitCodes.passed
      : verdict === 'failed'
        ? exitCodes.failed
        : exitCodes.environment;
  } finally {
    forget();
    await executor.close();
    await view.close();
  }
}

/** `check --all`: which of the labs that have passed no longer hold, since when, and why. */
async function checkAll(options: {
  app: App;
  view: View;
  executor: Executor;
  progress: Progress;
  /** Pages are loaded once for each visitor. */
  once: boolean;
  signal: AbortSignal;
}): Promise<ExitCode> {
  const {app, view, executor, progress, once, signal} = options;
  const labs = standingLabs(app.labs, progress, app.engine.name);
  const note = (text: string): void => view.event({type: 'note', text});
  if (labs.length === 0) note('No lab has passed yet, so there is nothing that could have broken.');
  else if (once)
    note(
      'Each page is loaded once for each visitor, and shares as often as they need; --loads N looks more often.',
    );
  const verdicts: {verdict: Verdict}[] = [];
  for (const lab of labs) {
    view.event({type: 'lab-started', lab});
    const own = [];
    for (const block of checksOf(lab, app.engine.name)) {
      own.push({verdict: await executor.runCheck(lab, block.id, {signal, quiet: false})});
    }
    if (signal.aborted) return exitCodes.interrupted;
    const verdict = verdictOf(own);
    verdicts.push({verdict});
    if (verdict !== 'failed') continue;
    const passedAt = progress.labs[lab.id]?.passedAt ?? '';
    const kube = await openKube((await app.engine.connect()).kubeconfig);
    const changed = await changesSince(kube, Date.parse(passedAt)).catch(() => []);
    const since = changed.length === 0 ? '' : ` Since then: ${changed.join(', ')}.`;
    note(`Lab ${lab.number} passed at ${passedAt} and no longer holds.${since}`);
  }
  const verdict = verdictOf(verdicts);
  if (verdict === 'passed') return exitCodes.passed;
  return verdict === 'failed' ? exitCodes.failed : exitCodes.environment;
}
