import path from 'node:path';
import type {EngineName} from '../../catalog/lab.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import type {View} from '../../session/events.ts';
import {lockWorkshop} from '../../session/lock.ts';
import {openWorkshopStore} from '../../session/workshop-store.ts';
import {planFor} from '../../state/plan.ts';
import {resumePosition} from '../../state/reduce.ts';
import type {State} from '../../state/state.ts';
import type {Ask} from '../../ui/asks.ts';
import {createInteractive} from '../../ui/interactive.ts';
import {createPaint} from '../../ui/paint.ts';
import {withCompletion} from '../../ui/screen/press-in-command.ts';
import type {Model} from '../../ui/view-model.ts';
import {programOf} from '../invocation.ts';
import type {Io} from '../io.ts';
import type {Farewell, Learner} from '../learner/learner.ts';
import type {PictureViewer} from '../learner/pictures.ts';
import {type GlobalOptions, parseEngine} from '../options.ts';
import {defaultWorkFolder, stateFolder} from '../paths.ts';
import {readLabs} from '../read-labs.ts';
import {say} from '../say.ts';
import {viewChoice} from '../view-choice.ts';

/**
 * The app on a terminal. The first frame is drawn from what two small files say; whatever is heavy (the cluster's
 * client, the browser) is loaded behind it, in a thread of its own, so that no key waits for it.
 */
export async function openInk(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const name = options.workshop ?? io.env['ISTIO_WORKSHOP'] ?? 'default';
  const choice = viewChoice(io, options, false);
  const [labs, store] = await Promise.all([
    readLabs(io),
    openWorkshopStore({stateFolder: stateFolder(io), name}),
  ]);
  const [record, progress] = await Promise.all([store.readRecord(), store.readProgress()]);
  const engine = record?.engine ?? (options.engine === undefined ? undefined : parseEngine(options.engine));
  const lock = await lockWorkshop({folder: store.folder, name, pid: io.pid});
  const workFolder = path.resolve(
    options.workFolder ?? record?.workFolder ?? defaultWorkFolder(io.homeFolder, name),
  );
  let learner: Learner | undefined;
  // Keys that are pressed before everything is loaded are not lost.
  const early: Ask[] = [];
  const interactive = createInteractive({
    model: {
      program: programOf(io.env),
      workshop: name,
      engineTitle: engine ?? '',
      workFolder,
      labs,
      state: firstState({labs, progress, engine}),
      engines: engineNames.map(engine => ({engine})),
      notes: [],
      background: [],
      finished: [],
      traffic: [],
      ended: false,
    } satisfies Model,
    onAsk(ask: Ask) {
      if (ask.type === 'suspend') void view.lend?.(async () => io.suspend());
      else if (learner) learner.ask(ask);
      else early.push(ask);
    },
    now: () => Date.now(),
  });
  const paint = createPaint(choice.colour);
  const view = choice.view === 'ink' ? await openScreen() : await openPrompts();

  async function openScreen(): Promise<View> {
    const {createInkView} = await import('../../ui/ink/ink-view.tsx');
    const {stdin, stdout, stderr} = io;
    return createInkView({stdin, stdout, stderr, interactive, paint, now: () => Date.now()});
  }

  async function openPrompts(): Promise<View> {
    const {createPromptView} = await import('../../ui/prompts/prompt-view.ts');
    const needed = (lab: string) =>
      planFor(labs, interactive.shown.model.state.progress, [lab]).filter(id => id !== lab);
    return createPromptView({input: io.stdin, output: io.stdout, interactive, paint, needed});
  }

  let signalled: ExitCode | undefined;
  const forget = io.onSignal(signal => {
    signalled = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
    learner?.stop();
  });
  let farewell: Farewell | undefined;
  let viewer: PictureViewer | undefined;
  try {
    const [{startLearnerThread}, {confirmOn}, {createPictureViewer}] = await Promise.all([
      import('../learner/start-thread.ts'),
      import('../confirm.ts'),
      import('../learner/pictures.ts'),
    ]);
    viewer = createPictureViewer({io, options, view});
    const confirm = confirmOn(io, options, text => view.event({type: 'cluster-progress', text}));
    // Who asks on a line pauses the input when it is done, and the screen would hear no key any more.
    learner = await startLearnerThread({
      io,
      options,
      workshop: name,
      labs,
      view,
      showPictures: viewer.show,
      confirm: confirm && (consent => confirm(consent).finally(() => io.stdin.resume())),
      completed: ({text, cursor, candidates}) =>
        interactive.change(screen => withCompletion(screen, {text, cursor}, candidates)),
      ...(engine ? {engine} : {}),
    });
    if (signalled !== undefined) learner.stop();
    for (const ask of early) learner.ask(ask);
    farewell = await learner.finished;
    if (farewell?.fault && signalled === undefined) throw farewell.fault;
    return signalled ?? exitCodes.passed;
  } finally {
    forget();
    await viewer?.end();
    await view.close();
    await lock.release();
    if (farewell) sayGoodbye(io, farewell);
  }
}

const engineNames: readonly EngineName[] = ['sandbox', 'kind', 'context'];

/** What the first frame shows: the chooser, or where the learner stood while the cluster is looked for. */
function firstState(options: {
  labs: Parameters<typeof resumePosition>[0];
  progress: Parameters<typeof resumePosition>[1];
  engine: EngineName | undefined;
}): State {
  const {labs, progress, engine} = options;
  if (!engine) return {situation: 'choosing-engine', progress};
  const position = resumePosition(labs, progress);
  if (!position) return {situation: 'finished', engine, progress};
  const goal = {position, pace: {kind: 'learner'}, queue: []} as const;
  return {situation: 'preparing-cluster', engine, progress, goal};
}

/** What still runs after the app, and the one command that ends it. */
function sayGoodbye(io: Io, {passed, labs, left}: Farewell): void {
  say(io.stdout, `Your place is kept: ${passed} of ${labs} labs done; the next start goes on there.`);
  if (left) {
    say(io.stdout, `Still running: ${left.stillRuns}.\n  → end it with ${programOf(io.env)} ${left.endWith}`);
  }
}
