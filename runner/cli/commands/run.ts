import type {Kube} from '../../engines/kube/kube.ts';
import {asWorkshopError, type ExitCode, exitCodes, WorkshopError} from '../../errors.ts';
import {startSession} from '../../session/session.ts';
import {isGiven, planFor} from '../../state/plan.ts';
import type {State} from '../../state/state.ts';
import {type App, openApp} from '../app.ts';
import {confirmOn} from '../confirm.ts';
import {givenText} from '../given.ts';
import type {Io} from '../io.ts';
import {findLab, type GlobalOptions} from '../options.ts';
import {reportFor, withReport} from '../report-for.ts';
import {untilFinished} from '../signals.ts';
import {viewChoice} from '../view-choice.ts';
import {lineView} from '../views.ts';

export interface RunOptions extends GlobalOptions {
  all?: boolean;
  fresh?: boolean;
  again?: boolean;
  ci?: boolean;
  loads?: string;
  evidence?: string;
  /** The folder of the report. */
  report?: string;
}

const defaultLoads = 10;
const ciLoads = 50;

/** `run [LAB…|--all]`: solves and checks labs in order without asking, missing needs first. */
export async function run(io: Io, labs: readonly string[], options: RunOptions): Promise<ExitCode> {
  const loads = loadsOf(options);
  const fresh = options.fresh ?? (options.ci === true || options.report !== undefined);
  const app = await openApp(io, {...options, fresh});
  const report = await reportFor(io, {app, options, words: ['run', ...labs]});
  const view = withReport(lineView(io, viewChoice(io, options, true)), report);
  try {
    const all = options.all === true || labs.length === 0;
    const wanted = all ? app.labs.map(lab => lab.id) : labs.map(text => findLab(app.labs, text).id);
    await app.lock();
    const stop = new AbortController();
    const forget = io.onSignal(() => stop.abort());
    await app
      .remember({
        signal: stop.signal,
        onProgress: text => view.event({type: 'cluster-progress', text}),
        confirm: confirmOn(io, options, text => view.event({type: 'cluster-progress', text})),
      })
      .finally(forget);
    const progress = await app.store.readProgress();
    const executor = app.createExecutor(view, {
      loads,
      ...(options.evidence ? {evidenceFolder: options.evidence} : {}),
      ...(report ? {evidenceFolder: report.evidenceFolder, reports: true} : {}),
    });
    const plan = planFor(app.labs, progress, wanted);
    for (const id of wanted.filter(id => isGiven(progress, id))) {
      view.event({type: 'note', text: givenText(findLab(app.labs, id))});
    }
    if (stop.signal.aborted || plan.length === 0) {
      await executor.close();
      return stop.signal.aborted ? exitCodes.interrupted : exitCodes.passed;
    }
    const initial: State = {situation: 'finished', engine: app.engine.name, progress};
    const session = startSession({
      labs: app.labs,
      store: app.store,
      engine: app.engine,
      executor,
      view,
      initial,
      workFolder: app.workFolder,
      planned: plan,
      now: () => Date.now(),
      waitedFor: lookForWaiting(app),
    });
    // The first lab makes the cluster; undone on the way to others, it would take them all away.
    const again = wanted.filter(id => !all || findLab(app.labs, id).needs.length > 0);
    session.dispatch({
      type: 'go-to',
      labs: plan,
      pace: {kind: 'solving', until: 'queue'},
      ...(options.again ? {again} : {}),
      at: Date.now(),
    });
    return await untilFinished(io, session);
  } catch (error) {
    report?.event({type: 'problem', error: asWorkshopError(error)});
    throw error;
  } finally {
    if (fresh) await app.dispose(text => view.event({type: 'cluster-progress', text}));
    await app.close();
    await view.close();
  }
}

/** What a long command waits for; the cluster's client is loaded only once one has taken its time. */
function lookForWaiting(app: App): (signal: AbortSignal) => Promise<string | undefined> {
  let kube: Promise<Kube> | undefined;
  return async signal => {
    const {openKube} = await import('../../engines/kube/kube.ts');
    const {waitedFor} = await import('../../session/waiting.ts');
    kube ??= app.engine.connect().then(({kubeconfig}) => openKube(kubeconfig));
    kube.catch(() => {
      kube = undefined;
    });
    return waitedFor((await kube).during(signal), app.engine.capabilities.namespaces);
  };
}

/** Loads of each visitor in a proof: 10, in CI 50, or what was asked for. */
export function loadsOf(options: {loads?: string; ci?: boolean}): number {
  if (options.loads === undefined) return options.ci ? ciLoads : defaultLoads;
  const loads = Number(options.loads);
  if (Number.isInteger(loads) && loads > 0 && loads <= 1000) return loads;
  throw new WorkshopError({
    code: 'bad-loads',
    message: `"${options.loads}" is no number of loads.`,
    remedies: ['Give a whole number from 1 to 1000, such as --loads 20'],
    exitCode: exitCodes.usage,
  });
}
