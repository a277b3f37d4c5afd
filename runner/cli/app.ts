import {rm} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {EngineName, Lab} from '../catalog/lab.ts';
import {createConditions} from '../checks/conditions.ts';
import {openKube} from '../engines/kube/kube.ts';
import type {ClusterEngine, ClusterFacts, Consent, ProxyState} from '../engines/port.ts';
import type {ClusterSettings} from '../engines/settings.ts';
import {exitCodes, WorkshopError} from '../errors.ts';
import {systemProcesses} from '../processes.ts';
import {workshopEnvironment} from '../session/environment.ts';
import type {View} from '../session/events.ts';
import {createExecutor, type Executor} from '../session/executor.ts';
import {lockWorkshop} from '../session/lock.ts';
import {type MeshHistory, openMeshHistory} from '../session/mesh-history.ts';
import {freePort} from '../session/ports.ts';
import {rememberChecks} from '../session/remember-checks.ts';
import {createRoutedWatch, mayChangeRouting, type RoutedOptions} from '../session/routed.ts';
import type {WorkshopRecord} from '../session/stored-shapes.ts';
import {tellRouted} from '../session/tell-routed.ts';
import {tellVersions} from '../session/tell-versions.ts';
import {waitedFor} from '../session/waiting.ts';
import {openWorkshopStore, type WorkshopStore} from '../session/workshop-store.ts';
import {istioVersion} from '../version.ts';
import {createBrowsers} from './browsers.ts';
import {createEngine, settingsOf} from './engines.ts';
import {makeFreshFolder} from './fresh-folder.ts';
import {rememberGiven} from './given.ts';
import type {Surroundings} from './io.ts';
import {type GlobalOptions, parseEngine} from './options.ts';
import {defaultWorkFolder, stateFolder} from './paths.ts';
import {readLabs} from './read-labs.ts';

/** One opened workshop with everything wired: what the commands work with. */
export interface App {
  labs: readonly Lab[];
  store: WorkshopStore;
  engine: ClusterEngine;
  workFolder: string;
  /** Where all of a private workshop lies. */
  privateFolder?: string;
  /** True when no workshop of this name was there before. */
  isNew: boolean;
  environment(): Promise<Record<string, string>>;
  /**
   * Remembers the workshop's engine and folder; done before the first change, so it is here that somebody is asked
   * whether a cluster that is not ours may be changed.
   * @throws WorkshopError when they say no, or when the cluster is another one than before.
   */
  remember(told?: Told): Promise<void>;
  /** Keeps other apps off this workshop until `close`. */
  lock(): Promise<void>;
  createExecutor(view: View, options: ExecutorChoice): Executor;
  /** Removes the whole workshop: its cluster, its state, and its work folder where that is a private one. */
  dispose(onProgress: (text: string) => void): Promise<void>;
  close(): Promise<void>;
}

export interface ExecutorChoice {
  /** Loads of each visitor that prove a result. */
  loads: number;
  /** Where pictures of the page are kept: those of the last check. */
  evidenceFolder?: string;
  /** Everything that a report needs: evidence of each check, every load, versions. */
  reports?: boolean;
  /** Puts the question of a check to the learner; absent where nobody sits there. */
  answer?: Asking;
}

interface Told {
  signal?: AbortSignal;
  onProgress?(text: string): void;
  /** Asks the person at the terminal; absent where nobody can be asked. */
  confirm?: Confirm | undefined;
}

/** Puts a question to the person at the terminal. */
export type Confirm = (consent: Consent) => Promise<boolean>;

type Asking = (question: string, choices: readonly string[]) => Promise<string | undefined>;

/**
 * Opens a workshop: its saved engine unless another is asked for, the sandbox for a new one.
 * @param options.fresh a private workshop in a temporary folder, of which `dispose` leaves nothing.
 */
export async function openApp(io: Surroundings, options: GlobalOptions & {fresh?: boolean}): Promise<App> {
  const labs = await readLabs(io);
  const privateFolder = options.fresh ? await makeFreshFolder() : undefined;
  const state = privateFolder ? path.join(privateFolder, 'state') : stateFolder(io);
  const name = options.workshop ?? (options.fresh ? 'fresh' : (io.env['ISTIO_WORKSHOP'] ?? 'default'));
  const store = await openWorkshopStore({stateFolder: state, name});
  const record = await store.readRecord();
  const engineName = chooseEngine(record?.engine, options.engine);
  const workFolder = path.resolve(
    options.workFolder ??
      (privateFolder
        ? path.join(privateFolder, 'work')
        : (record?.workFolder ?? defaultWorkFolder(io.homeFolder, name))),
  );
  const settings = {...record?.settings, ...settingsOf(io, options)};
  if (record) requireSameIstio(record, settings);
  let facts: ClusterFacts = factsIn(record);
  const engine = await createEngine({
    name: engineName,
    io,
    store,
    processes: systemProcesses,
    settings,
    facts,
  });
  let release: (() => Promise<void>) | undefined;
  let productpagePort: number | undefined;
  // Runs that begin together would all find the same port free.
  const preferredPort = privateFolder ? 20_000 + (io.pid % 12_000) : 9080;

  async function environment(): Promise<Record<string, string>> {
    productpagePort ??= await freePort(preferredPort);
    return workshopEnvironment({
      inherited: {...io.env, ISTIO_WORKSHOP_NODE: io.nodePath},
      folder: store.folder,
      workshop: name,
      stateFolder: state,
      toolsFolder: path.join(io.programFolder, 'tools', 'bin'),
      connection: await engine.connect(),
      productpagePort,
    });
  }

  /** What goes on in the background listens on the port, and somebody's own port-forward may have taken it. */
  async function backgroundEnvironment(): Promise<Record<string, string>> {
    productpagePort = await freePort(productpagePort ?? preferredPort);
    return environment();
  }

  return {
    labs,
    store,
    engine,
    workFolder,
    ...(privateFolder ? {privateFolder} : {}),
    isNew: record === undefined,
    environment,
    async remember({signal = new AbortController().signal, onProgress = () => {}, confirm} = {}) {
      facts = {
        ...facts,
        ...(await engine.begin?.({
          signal,
          onProgress: ({text}) => onProgress(text),
          ...(confirm ? {confirm} : {}),
        })),
      };
      await store.writeRecord({...record, ...facts, settings, name, engine: engineName, workFolder});
      await rememberGiven(store, facts, Date.now());
    },
    async lock() {
      const lock = await lockWorkshop({folder: store.folder, name, pid: io.pid});
      release = () => lock.release();
    },
    createExecutor(shown, {loads, evidenceFolder, reports = false, answer}) {
      const withTimes = tellRouted(shown, {store, now: () => Date.now()});
      const remembering = rememberChecks(withTimes.view, {store, now: () => Date.now()});
      const {view, told} = reports
        ? tellVersions(remembering.view, versions)
        : {view: remembering.view, told: async () => {}};
      const browsers = createBrowsers({io, onProgress: text => view.event({type: 'note', text})});
      let browserUsed: string | undefined;
      async function versions(signal: AbortSignal): Promise<Record<string, string>> {
        const {findIstio} = await import('../engines/istio/find-istio.ts');
        const kube = (await openKube((await engine.connect()).kubeconfig)).during(signal);
        const istio = await findIstio(kube).catch(() => undefined);
        return {
          kubernetes: await kube.version(),
          ...(istio?.version ? {istio: istio.version} : {}),
          ...(browserUsed === undefined ? {} : {browser: browserUsed}),
        };
      }
      const conditions = createConditions({
        openKube: async () => openKube((await engine.connect()).kubeconfig),
        capabilities: engine.capabilities,
        ...(engine.settled
          ? {settled: (signal: AbortSignal) => engine.settled?.(signal) ?? Promise.resolve(undefined)}
          : {}),
        browsers: {
          ...browsers,
          async lend(signal) {
            const browser = await browsers.lend(signal);
            browserUsed = browser.description;
            return browser;
          },
        },
        processes: systemProcesses,
        directory: workFolder,
        environment,
        loads,
        ...(evidenceFolder ? {evidenceFolder} : {}),
        keepsEach: reports,
        ...(answer ? {answer} : {}),
      });
      return createExecutor({
        engine: engine.name,
        view,
        processes: systemProcesses,
        workFolder,
        environment,
        backgroundEnvironment,
        conditions,
        tellsLoads: reports,
        waitedFor: async signal => {
          const kube = await openKube((await engine.connect()).kubeconfig);
          return waitedFor(kube.during(signal), engine.capabilities.namespaces);
        },
        watchRouted: keepingMoments(
          {history: openMeshHistory(store.folder), engine},
          {
            proxies: asked => proxiesOf(engine, asked).catch(() => undefined),
            now: () => performance.now(),
            pause: (milliseconds, asked) => delay(milliseconds, undefined, {signal: asked}).catch(() => {}),
          },
        ),
        now: () => Date.now(),
        async release() {
          await conditions.close();
          await remembering.written();
          await withTimes.written();
          await told();
        },
      });
    },
    async dispose(onProgress) {
      await engine.delete({signal: new AbortController().signal, onProgress: ({text}) => onProgress(text)});
      await store.remove();
      if (privateFolder) await rm(privateFolder, {recursive: true, force: true});
    },
    async close() {
      await release?.();
    },
  };
}

/** Watches commands, and keeps what the mesh was before the first of them and is behind each. */
function keepingMoments(
  {history, engine}: {history: MeshHistory; engine: ClusterEngine},
  options: RoutedOptions,
): ReturnType<typeof createRoutedWatch> {
  const watch = createRoutedWatch(options);
  const keep = async (): Promise<void> => {
    const {readMoment} = await import('../checks/mesh-moment.ts');
    await history.keep(await readMoment(await openKube((await engine.connect()).kubeconfig), Date.now()));
  };
  return (text, signal) => {
    // Read while the first command starts, so that there is a before.
    const first = mayChangeRouting(text)
      ? history.isEmpty().then(empty => (empty ? keep() : undefined))
      : undefined;
    first?.catch(() => {});
    const watching = watch(text, signal);
    return (
      watching && {
        async finished() {
          const routed = await watching.finished();
          // It is a record and no more: nobody waits for it.
          if (routed)
            void Promise.resolve(first)
              .then(keep)
              .catch(() => {});
          return routed;
        },
      }
    );
  };
}

/** What the control plane says of its proxies; undefined where it is not there, or can't be asked. */
async function proxiesOf(
  engine: ClusterEngine,
  signal: AbortSignal,
): Promise<readonly ProxyState[] | undefined> {
  const {proxyStates} = await import('../engines/istio/proxies-settled.ts');
  const kube = await openKube((await engine.connect()).kubeconfig);
  // Each question has a signal of its own: they come often.
  return proxyStates(kube, AbortSignal.any([signal]), engine.capabilities.namespaces);
}

function factsIn(record: WorkshopRecord | undefined): ClusterFacts {
  const {clusterId, context, istio, istioVersion} = record ?? {};
  return {
    ...(clusterId ? {clusterId} : {}),
    ...(context ? {context} : {}),
    ...(istio ? {istio} : {}),
    ...(istioVersion ? {istioVersion} : {}),
  };
}

/** What stands in a workshop's cluster is of one release. @throws WorkshopError `other-istio` */
function requireSameIstio(record: WorkshopRecord, {istio}: ClusterSettings): void {
  // Charts of one's own are of the release that they are of.
  if (record.settings?.charts && !record.settings.istio) return;
  const before = record.settings?.istio ?? record.istioVersion ?? istioVersion;
  if (istio === undefined || istio === before) return;
  throw new WorkshopError({
    code: 'other-istio',
    message: `This workshop has Istio ${before}, not ${istio}.`,
    remedies: [
      `Start another workshop beside it: --workshop ${istio.replaceAll('.', '-')} --istio ${istio}`,
      `Or take a private one: --fresh --istio ${istio}`,
    ],
    exitCode: exitCodes.usage,
  });
}

function chooseEngine(saved: EngineName | undefined, asked: string | undefined): EngineName {
  const wanted = asked === undefined ? undefined : parseEngine(asked);
  if (saved && wanted && saved !== wanted) {
    throw new WorkshopError({
      code: 'other-engine',
      message: `This workshop runs on the engine ${saved}, not on ${wanted}.`,
      remedies: [
        `Start another workshop beside it: --workshop ${wanted} --engine ${wanted}`,
        {say: 'Or remove this one first', command: 'reset --all'},
      ],
      exitCode: exitCodes.usage,
    });
  }
  return wanted ?? saved ?? 'sandbox';
}
