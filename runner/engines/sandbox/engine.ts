import path from 'node:path';
import {WorkshopError} from '../../errors.ts';
import type {ProcessRunner} from '../../processes.ts';
import {
  type SandboxHandshake,
  sandboxStatus,
  startSandboxProcess,
  stopSandbox,
} from '../../sandbox/lifecycle/control.ts';
import {type PaceSettings, paceText, slowestDelivery, slowestStart} from '../../sandbox/pace.ts';
import {istioVersion as usualIstio} from '../../version.ts';
import type {Capabilities, ClusterEngine, Connection} from '../port.ts';

export interface SandboxEngineOptions {
  /** The sandbox's own state folder. */
  directory: string;
  workshop: string;
  /** The Node that runs it. */
  nodePath: string;
  /** The sandbox's bundle. */
  entry: string;
  env: Readonly<Record<string, string | undefined>>;
  processes: ProcessRunner;
  /** How slowly it acts. @default fast */
  pace?: PaceSettings;
  /** The release of Istio that it simulates. @default the one that the labs are written for */
  istio?: string;
}

/** What is special about the sandbox beyond the port: it can be asked for and stopped on its own. */
export interface SandboxEngine extends ClusterEngine {
  /**
   * Starts it, or finds it running; one that runs at another pace is started anew, from its state.
   * @throws WorkshopError when it does not come up.
   */
  up(signal: AbortSignal): Promise<{handshake: SandboxHandshake; started: Start}>;
  /** Stops it and keeps its state. @returns whether it ran. */
  down(): Promise<boolean>;
  status(): Promise<SandboxHandshake | undefined>;
}

/** What `up` had to do: nothing, start it, or start it anew. */
type Start = 'no' | 'yes' | 'anew';

function capabilitiesAt(pace: PaceSettings): Capabilities {
  const common = {simulated: true, ownsCluster: true};
  if (pace.name === 'fast') return {...common, propagation: 500, startUp: 5_000, rollout: 5_000};
  return {
    ...common,
    propagation: slowestDelivery + slack,
    // Longer than the slowest of all, on a machine that is busy with all of them.
    startUp: slowestStart(pace) + 5 * slack,
    rollout: 120_000,
  };
}

/** What a busy machine may add to any time, in milliseconds. */
const slack = 3000;

const startTimeoutMilliseconds = 30_000;
/** For one that runs already. */
const answerMilliseconds = 10_000;

/** The built-in simulated cluster, one background process for each workshop. */
export function createSandboxEngine(options: SandboxEngineOptions): SandboxEngine {
  const {directory, workshop, processes, pace = {name: 'fast'}, istio: istioVersion = usualIstio} = options;
  const paceWords = pace.name === 'fast' ? '' : `, pace ${paceText(pace)}`;

  async function up(signal: AbortSignal): Promise<{handshake: SandboxHandshake; started: Start}> {
    const running = await sandboxStatus(directory);
    if (running?.pace === paceText(pace)) {
      const {requireAnswer} = await import('../../sandbox/lifecycle/answer.ts');
      await requireAnswer(running, answerMilliseconds, signal);
      return {handshake: running, started: 'no'};
    }
    if (running) await stopSandbox(directory);
    const handshake = await startSandboxProcess({
      directory,
      name: workshop,
      nodePath: options.nodePath,
      entry: options.entry,
      istioVersion,
      pace: paceText(pace),
      spawn: ({command, args, logFile}) =>
        processes.detached({command, args, logFile, env: definedIn(options.env)}),
      timeout: startTimeoutMilliseconds,
      signal,
    });
    return {handshake, started: running ? 'anew' : 'yes'};
  }

  return {
    name: 'sandbox',
    title: `sandbox (simulated${paceWords}) · Istio ${istioVersion}`,
    capabilities: capabilitiesAt(pace),
    async detect() {
      return {usable: true, needs: 'nothing but Node; starts in a second', requirements: []};
    },
    async ensure({signal, onProgress}) {
      const {started} = await up(signal);
      if (started === 'no') return;
      onProgress({text: `the sandbox has been started${started === 'anew' ? ' anew' : ''}${paceWords}`});
    },
    notice: async () => (await sandboxStatus(directory))?.loss?.text,
    async connect(): Promise<Connection> {
      const running = await sandboxStatus(directory);
      return {
        kubeconfig: path.join(directory, 'kubeconfig'),
        env: {ISTIO_VERSION: istioVersion, ...(running ? {ISTIO_CHARTS: running.chartsUrl} : {})},
      };
    },
    async settled(signal) {
      const [{openKube}, {proxiesSettled}] = await Promise.all([
        import('../kube/kube.ts'),
        import('../istio/proxies-settled.ts'),
      ]);
      return proxiesSettled(await openKube(path.join(directory, 'kubeconfig')), signal);
    },
    running: async () => (await sandboxStatus(directory)) !== undefined,
    async delete({onProgress}) {
      const [{existsSync}, {rm}] = await Promise.all([import('node:fs'), import('node:fs/promises')]);
      if (!existsSync(directory)) return [];
      onProgress({text: 'stopping the sandbox'});
      await stopSandbox(directory);
      await rm(directory, {recursive: true, force: true});
      return [`the sandbox of the workshop "${workshop}"`];
    },
    afterwards: () => ({
      stillRuns: 'the sandbox, which ends by itself after 8 hours without use',
      endWith: 'sandbox down',
    }),
    up,
    down: () => stopSandbox(directory),
    status: () => sandboxStatus(directory),
  };
}

function definedIn(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** @throws WorkshopError when a workshop of another engine is asked for its sandbox. */
export function asSandbox(engine: ClusterEngine): SandboxEngine {
  if ('up' in engine) return engine as SandboxEngine;
  throw new WorkshopError({
    code: 'not-a-sandbox',
    message: `This workshop runs on the engine ${engine.name} and has no sandbox.`,
    remedies: [{say: 'Name another workshop', command: '--workshop NAME sandbox up'}],
  });
}
