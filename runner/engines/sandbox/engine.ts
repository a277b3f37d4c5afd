import path from 'node:path';
import {WorkshopError} from '../../errors.ts';
import type {ProcessRunner} from '../../processes.ts';
import {
  type SandboxHandshake,
  sandboxStatus,
  startSandboxProcess,
  stopSandbox,
} from '../../sandbox/lifecycle/control.ts';
import {istioVersion} from '../../version.ts';
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
}

/** What is special about the sandbox beyond the port: it can be asked for and stopped on its own. */
export interface SandboxEngine extends ClusterEngine {
  /** Starts it, or finds it running. @throws WorkshopError when it does not come up. */
  up(signal: AbortSignal): Promise<{handshake: SandboxHandshake; started: boolean}>;
  /** Stops it and keeps its state. @returns whether it ran. */
  down(): Promise<boolean>;
  status(): Promise<SandboxHandshake | undefined>;
}

const capabilities: Capabilities = {
  simulated: true,
  propagation: 500,
  startUp: 5_000,
  rollout: 5_000,
  ownsCluster: true,
};

const startTimeoutMilliseconds = 30_000;

/** The built-in simulated cluster, one background process for each workshop. */
export function createSandboxEngine(options: SandboxEngineOptions): SandboxEngine {
  const {directory, workshop, processes} = options;

  async function up(signal: AbortSignal): Promise<{handshake: SandboxHandshake; started: boolean}> {
    const running = await sandboxStatus(directory);
    if (running) return {handshake: running, started: false};
    const handshake = await startSandboxProcess({
      directory,
      name: workshop,
      nodePath: options.nodePath,
      entry: options.entry,
      istioVersion,
      spawn: ({command, args, logFile}) =>
        processes.detached({command, args, logFile, env: definedIn(options.env)}),
      timeout: startTimeoutMilliseconds,
      signal,
    });
    return {handshake, started: true};
  }

  return {
    name: 'sandbox',
    title: `sandbox (simulated) · Istio ${istioVersion}`,
    capabilities,
    async detect() {
      return {usable: true, needs: 'nothing but Node; starts in a second', requirements: []};
    },
    async ensure({signal, onProgress}) {
      const {started} = await up(signal);
      if (started) onProgress({text: 'the sandbox has been started'});
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
      endWith: 'istio-workshop sandbox down',
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
    remedies: ['Name another workshop: istio-workshop --workshop NAME sandbox up'],
  });
}
