import type {EngineName, Lab} from '../../catalog/lab.ts';
import type {ReviewsPicture} from '../../checks/result.ts';
import type {Kube} from '../../engines/kube/kube.ts';
import {exitCodes, messageOf, WorkshopError} from '../../errors.ts';
import {type Completion, completeLine} from '../../session/completion.ts';
import type {View} from '../../session/events.ts';
import {createFollowFiles} from '../../session/follow-files.ts';
import {createNotice} from '../../session/notice.ts';
import {createRegressionWatch} from '../../session/regressions.ts';
import {type Session, startSession} from '../../session/session.ts';
import {waitedFor} from '../../session/waiting.ts';
import type {WorkshopStore} from '../../session/workshop-store.ts';
import {isGiven, planFor} from '../../state/plan.ts';
import type {State} from '../../state/state.ts';
import type {Ask} from '../../ui/asks.ts';
import type {App, Confirm} from '../app.ts';
import {givenText} from '../given.ts';
import type {Surroundings} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {sourcesOf} from './completion-sources.ts';
import {detectEngines} from './detect-engines.ts';
import {openProductPage} from './open-page.ts';

export interface LearnerOptions {
  io: Surroundings;
  options: GlobalOptions;
  labs: readonly Lab[];
  view: View;
  store: WorkshopStore;
  /** What the chooser offers. */
  engines: readonly EngineName[];
  completed(completion: Completion): void;
  /** Shows what the browser saw; resolves when it has been looked at. */
  showPictures(pictures: readonly ReviewsPicture[]): Promise<void>;
  /** Asks the learner whether a cluster that is not ours may be changed. */
  confirm: Confirm;
  /** The workshop's engine, when it has one already. */
  engine?: EngineName;
}

/** Does what the learner asks for through a view: the only way from a screen to the session. */
export interface Learner {
  ask(ask: Ask): void;
  /** Ends everything in order, as after a signal. */
  stop(): void;
  /** Resolves when the learner has quit; with what to say then, when a workshop was opened. */
  finished: Promise<Farewell | undefined>;
}

/** How it stands when the learner goes. */
export interface Farewell {
  passed: number;
  labs: number;
  /** What ended the session though the learner had not asked for it. */
  fault?: WorkshopError;
  /** What still runs, and the command that ends it. */
  left?: {stillRuns: string; endWith: string};
}

const loads = 10;

/** How long the chooser waits for what an engine needs, in milliseconds. */
const detectionLimit = 5000;

/** Opens the workshop as soon as its engine is known, while the screen shows already. */
export function createLearner(given: LearnerOptions): Learner {
  const {io, options, labs, view, engine, completed} = given;
  let session: Session | undefined;
  let app: App | undefined;
  let opening = false;
  let stopped = false;
  const chosen = new AbortController();
  const leaving = new AbortController();
  let kube: (() => Promise<Kube>) | undefined;
  let pictures: (() => Promise<readonly ReviewsPicture[]>) | undefined;
  let end: (app: App | undefined) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const finished = new Promise<App | undefined>((resolve, reject) => {
    end = resolve;
    fail = reject;
  }).then(
    async opened =>
      opened && {...(await farewell(opened)), ...(session?.fault ? {fault: session.fault} : {})},
  );

  // Loaded once, for the chooser's look-up and for what is opened after it.
  let loaded: Promise<typeof import('../app.ts')> | undefined;
  const load = () => {
    loaded ??= import('../app.ts');
    return loaded;
  };

  async function open(name: EngineName): Promise<void> {
    if (opening) return;
    opening = true;
    const {openApp} = await load();
    const opened = await openApp(io, {...options, engine: name});
    await opened.remember({
      signal: leaving.signal,
      onProgress: text => view.event({type: 'cluster-progress', text}),
      confirm: given.confirm,
    });
    app = opened;
    const openKube = kubeOf(opened);
    const progress = await opened.store.readProgress();
    if (stopped) return end(opened);
    const initial: State = {situation: 'choosing-engine', progress};
    kube = openKube;
    const executor = opened.createExecutor(view, {loads, evidenceFolder: `${opened.store.folder}/pictures`});
    pictures = executor.pictures;
    session = startSession({
      labs,
      store: opened.store,
      engine: opened.engine,
      executor,
      view,
      initial,
      workFolder: opened.workFolder,
      planned: [],
      now: () => Date.now(),
      notice: createNotice({openKube}),
      regressions: createRegressionWatch({
        labs,
        engine: opened.engine.name,
        notice: createNotice({openKube}),
        explain: async condition => {
          const {explainStars} = await import('../../checks/diagnose.ts');
          return explainStars(await openKube(), condition);
        },
        emit: event => view.event(event),
      }),
      followFiles: createFollowFiles({workFolder: opened.workFolder, emit: event => view.event(event)}),
      resumesBackground: true,
      waitedFor: async signal =>
        waitedFor((await openKube()).during(signal), opened.engine.capabilities.namespaces),
    });
    session.finished.then(() => end(opened), fail);
    session.dispatch({type: 'engine-chosen', engine: name, at: Date.now()});
  }

  /** The cluster's client, opened once and loaded only when something is looked up. */
  function kubeOf(opened: App): () => Promise<Kube> {
    let kube: Promise<Kube> | undefined;
    return () => {
      kube ??= Promise.all([import('../../engines/kube/kube.ts'), opened.engine.connect()]).then(
        ([{openKube}, {kubeconfig}]) => openKube(kubeconfig),
      );
      kube.catch(() => {
        kube = undefined;
      });
      return kube;
    };
  }

  /** What each engine needs and what is here of it; for the chooser, and only until one is chosen. */
  async function lookForEngines(): Promise<void> {
    await load();
    if (chosen.signal.aborted) return;
    const {createEngine, settingsOf} = await import('../engines.ts');
    const {systemProcesses} = await import('../../processes.ts');
    await detectEngines({
      engines: given.engines,
      limit: detectionLimit,
      signal: chosen.signal,
      onFound: engines => view.event({type: 'engines-found', engines}),
      async detect(name, signal) {
        const found = await createEngine({
          name,
          io,
          store: given.store,
          processes: systemProcesses,
          settings: settingsOf(io, options),
          facts: {},
        });
        return found.detect(signal);
      },
    });
  }

  function begin(name: EngineName): void {
    chosen.abort();
    open(name).catch(error => {
      opening = false;
      // Whoever quits ends a wait for the cluster.
      if (stopped) return end(undefined);
      // What a person can mend at the chooser leaves them there.
      if (engine === undefined && error instanceof WorkshopError && error.exitCode !== exitCodes.internal) {
        view.event({type: 'problem', error});
      } else fail(error);
    });
  }

  function goTo(lab: string, at: number): void {
    if (!session) return;
    const plan = planFor(labs, session.state.progress, [lab]);
    if (isGiven(session.state.progress, lab)) return sayGiven(lab);
    session.dispatch({type: 'go-to', labs: plan, pace: {kind: 'solving', until: 'last-lab'}, at});
  }

  async function showPictures(): Promise<void> {
    const taken = (await pictures?.()) ?? [];
    if (taken.length > 0) await given.showPictures(taken);
    else view.event({type: 'note', text: 'The last check saw no page to take a picture of.'});
  }

  function sayGiven(id: string): void {
    for (const lab of labs) if (lab.id === id) view.event({type: 'note', text: givenText(lab)});
  }

  function note(error: unknown): void {
    view.event({type: 'note', text: messageOf(error)});
  }

  function ask(asked: Ask): void {
    const at = Date.now();
    switch (asked.type) {
      case 'choose-engine':
        return begin(asked.engine);
      case 'advance':
        return session?.dispatch({type: 'advance', at});
      case 'check':
        return session?.dispatch({type: 'check-asked', at});
      case 'hint':
        return session?.dispatch({type: 'hint-asked'});
      case 'solve':
        return session?.dispatch({type: 'solve-asked', until: 'step', at});
      case 'reset':
        return session?.dispatch({type: 'reset-asked'});
      case 'go-to':
        return goTo(asked.lab, at);
      case 'command':
        return session?.dispatch({type: 'command-typed', text: asked.text});
      case 'why':
        return session?.dispatch({type: 'command-typed', text: `istio-workshop why --as ${asked.visitor}`});
      case 'edit':
        return session?.dispatch({type: 'edit-asked'});
      case 'interrupt':
        return session?.interrupt();
      case 'open-page':
        if (app) openProductPage({io, app}).then(text => view.event({type: 'note', text}), note);
        return;
      case 'complete':
        if (app && kube) completeLine(asked.line, sourcesOf(app, kube)).then(completed, note);
        return;
      case 'quit':
        return stop();
      case 'traffic':
        return session?.watchTraffic(asked.on);
      case 'background':
        return session?.setBackground(asked.command, asked.on);
      case 'suspend':
        // The terminal is the screen's; it is put aside there.
        return;
      case 'pictures':
        showPictures().catch(note);
        return;
    }
  }

  function stop(): void {
    stopped = true;
    chosen.abort();
    leaving.abort();
    if (session) session.dispatch({type: 'quit', outcome: 'quit'});
    // What is being opened ends as soon as it is open.
    else if (!opening) end(undefined);
  }

  if (engine) begin(engine);
  else lookForEngines().catch(fail);
  return {ask, stop, finished};
}

async function farewell({store, labs, engine}: App): Promise<Farewell> {
  const progress = await store.readProgress();
  const left = engine.afterwards();
  return {
    passed: labs.filter(({id}) => progress.labs[id]).length,
    labs: labs.length,
    ...(left && (await engine.running()) ? {left} : {}),
  };
}
