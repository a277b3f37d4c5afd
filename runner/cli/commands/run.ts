import type {Lab} from '../../catalog/lab.ts';
import type {Kube} from '../../engines/kube/kube.ts';
import {asWorkshopError, type ExitCode, exitCodes, WorkshopError} from '../../errors.ts';
import type {View} from '../../session/events.ts';
import {holdEnd} from '../../session/hold-end.ts';
import {startSession} from '../../session/session.ts';
import {teeView} from '../../session/tee-view.ts';
import {isGiven, planFor} from '../../state/plan.ts';
import {type App, openApp} from '../app.ts';
import {confirmOn} from '../confirm.ts';
import {eventsFor} from '../events-for.ts';
import {keepFreshFolder} from '../fresh-folder.ts';
import {givenText} from '../given.ts';
import type {Io} from '../io.ts';
import {findLab, type GlobalOptions} from '../options.ts';
import {reportFor} from '../report-for.ts';
import {beginCleanUp, type CleanUp} from '../run/clean-up.ts';
import {type Deadline, startDeadline} from '../run/deadline.ts';
import {holdCluster} from '../run/hold-cluster.ts';
import {listOf} from '../run/lists.ts';
import {forVisitors} from '../run/narrow-labs.ts';
import {selectLabs} from '../run/select-labs.ts';
import {createTally, exitCodeOfRun} from '../run/tally.ts';
import {asVerification, installLabs, requireMeshBefore, withMeshGiven} from '../run/verify-install.ts';
import {untilFinished} from '../signals.ts';
import {viewChoice} from '../view-choice.ts';
import {lineView} from '../views.ts';

export interface RunOptions extends GlobalOptions {
  all?: boolean;
  from?: string;
  to?: string;
  tag?: readonly string[];
  visitor?: readonly string[];
  /** The mesh is there: its labs are verified and not done. */
  skipInstall?: boolean;
  fresh?: boolean;
  again?: boolean;
  ci?: boolean;
  loads?: string;
  /** `10m` */
  deadline?: string;
  failFast?: boolean;
  /** A file or an address that each change is told to. */
  events?: string;
  /** Leaves a private workshop standing. */
  keep?: boolean;
  evidence?: string;
  /** The folder of the report. */
  report?: string;
}

const defaultLoads = 10;
const ciLoads = 50;

/** `run [LAB…|--all]`: solves and checks labs in order without asking, missing needs first. */
export async function run(io: Io, named: readonly string[], options: RunOptions): Promise<ExitCode> {
  const loads = loadsOf(options);
  const deadline = startDeadline(options.deadline);
  const fresh = options.fresh ?? (options.ci === true || options.report !== undefined);
  const app = await openApp(io, {...options, fresh});
  const asked = {engine: app.engine.name, labs: app.labs};
  const report = await reportFor(io, {asked, options, words: ['run', ...named]});
  const tally = createTally();
  const events = await eventsFor(io, options.events);
  const others = [report, events].filter(view => view !== undefined);
  const told = teeView([lineView(io, viewChoice(io, options, true)), tally, ...others]);
  let giveUp = (error: WorkshopError): void => told.event({type: 'problem', error});
  const hold = holdCluster({
    app,
    io,
    note: text => told.event({type: 'note', text}),
    onLost: error => giveUp(error),
  });
  const view = holdEnd(teeView([told, hold.view]));
  let cleanUp: CleanUp | undefined;
  // Heard until the end of the end: without a handler a signal would leave everything as it stands.
  const interruption = new AbortController();
  const forget = io.onSignal(() => interruption.abort());

  async function doLabs(): Promise<ExitCode> {
    const wanted = wantedOf(app.labs, named, options);
    const labs = forVisitors(app.labs, listOf(options.visitor));
    if (options.skipInstall) requireMeshBefore(app, fresh);
    await app.lock();
    const stop = AbortSignal.any([interruption.signal, deadline.signal]);
    await app.remember({
      signal: stop,
      onProgress: text => view.event({type: 'cluster-progress', text}),
      confirm: confirmOn(io, options, text => view.event({type: 'cluster-progress', text})),
    });
    const isThere = !app.engine.capabilities.ownsCluster || (await app.engine.running());
    if (isThere) await hold.take();
    if (fresh && !options.keep) cleanUp = await beginCleanUp(app, view);
    const executor = app.createExecutor(view, {
      loads,
      ...(options.evidence ? {evidenceFolder: options.evidence} : {}),
      ...(report ? {evidenceFolder: report.evidenceFolder, reports: true} : {}),
    });
    const before = await app.store.readProgress();
    const progress = options.skipInstall ? withMeshGiven(labs, before, Date.now()) : before;
    const verified = options.skipInstall ? installLabs(labs) : [];
    const plan = planFor(labs, progress, wanted).filter(id => !verified.some(lab => lab.id === id));
    for (const id of wanted.filter(id => isGiven(progress, id))) {
      if (!options.skipInstall) view.event({type: 'note', text: givenText(findLab(labs, id))});
    }
    if (interruption.signal.aborted || (plan.length === 0 && verified.length === 0)) {
      await executor.close();
      return interruption.signal.aborted ? exitCodes.interrupted : exitCodes.passed;
    }
    const session = startSession({
      labs,
      store: app.store,
      engine: app.engine,
      executor,
      view,
      initial: {situation: 'finished', engine: app.engine.name, progress},
      workFolder: app.workFolder,
      planned: [...verified.map(({id}) => id), ...plan],
      now: () => Date.now(),
      waitedFor: lookForWaiting(app),
      ...(verified.length > 0 ? {verifyFirst: asVerified(app, verified)} : {}),
    });
    // The first lab makes the cluster; undone on the way to others, it would take them all away.
    const isAll = wanted.length === labs.length;
    const again = wanted.filter(id => !isAll || findLab(labs, id).needs.length > 0);
    session.dispatch({
      type: 'go-to',
      labs: plan,
      pace: {kind: 'solving', until: 'queue', goesOn: options.failFast !== true},
      ...(options.again ? {again} : {}),
      at: Date.now(),
    });
    giveUp = error => {
      view.event({type: 'problem', error});
      session.dispatch({type: 'quit', outcome: 'unknown'});
    };
    endAt(deadline, giveUp);
    return untilFinished(io, session);
  }

  /** Always, also behind what failed, was interrupted or took too long. @returns whether nothing of the run is left */
  async function end(): Promise<boolean> {
    deadline.clear();
    // Nothing may be left in a cluster that is free for others.
    const isClean = !fresh || (await cleared({app, view, cleanUp, keep: options.keep === true}));
    await hold.release();
    const unsent = await events?.settle();
    if (unsent) view.event({type: 'note', text: unsent});
    view.letGo(isClean);
    await app.close();
    await view.close();
    forget();
    return isClean;
  }

  let code: ExitCode;
  try {
    code = await doLabs();
  } catch (error) {
    report?.event({type: 'problem', error: asWorkshopError(error)});
    await end();
    throw error;
  }
  const isClean = await end();
  return exitCodeOfRun(code, {isClean, failed: tally.counts().failed});
}

/** Removes a private workshop, or says how to go on with one that is kept. @returns whether nothing of it is left */
async function cleared(options: {
  app: App;
  view: View;
  cleanUp: CleanUp | undefined;
  keep: boolean;
}): Promise<boolean> {
  const {app, view, cleanUp, keep} = options;
  if (keep && app.privateFolder) {
    const variables = await keepFreshFolder(app.privateFolder);
    view.event({type: 'note', text: `Kept. To go on with it: export ${variables}`});
    view.event({type: 'note', text: 'To remove it then: istio-workshop reset --all'});
    return true;
  }
  if (cleanUp) return cleanUp.finish();
  try {
    await app.dispose(text => view.event({type: 'cluster-progress', text}));
    return true;
  } catch (error) {
    view.event({type: 'problem', error: asWorkshopError(error)});
    return false;
  }
}

function wantedOf(labs: readonly Lab[], named: readonly string[], options: RunOptions): readonly string[] {
  const {all, from, to, tag} = options;
  return selectLabs(labs, {named: all ? [] : named, from, to, tags: listOf(tag)});
}

/** Ends the session when its time is over, as far as it is then. */
function endAt({signal, error}: Deadline, end: (error: WorkshopError) => void): void {
  if (signal.aborted) end(error);
  else signal.addEventListener('abort', () => end(error), {once: true});
}

/** The labs whose result was there before, as far as it can be verified whoever made it. */
function asVerified(app: App, labs: readonly Lab[]): (signal: AbortSignal) => Promise<readonly Lab[]> {
  return async signal => {
    const {openKube} = await import('../../engines/kube/kube.ts');
    const kube = (await openKube((await app.engine.connect()).kubeconfig)).during(signal);
    return Promise.all(labs.map(lab => asVerification(lab, kube)));
  };
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
