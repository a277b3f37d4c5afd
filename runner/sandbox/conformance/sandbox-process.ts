import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';
import {stillRuns} from '../../../verify/process-identity.ts';
import {type SandboxHandshake, startSandboxProcess, stopSandbox} from '../lifecycle/control.ts';
import type {Observed} from './process-figures.ts';

const root = path.resolve(import.meta.dirname, '../../..');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  env?: Readonly<Record<string, string>>;
  /** Ends the program when it is aborted. */
  signal?: AbortSignal;
  /** Hears what the program prints while it runs. */
  onOutput?: (text: string) => void;
}

/** Real sandbox processes from a bundle made for this test, and the programs run against them. */
export interface Workbench {
  folder: string;
  /** Starts a sandbox of that name, or starts it again. */
  start(
    name: string,
    options?: {
      istioVersion?: string;
      /** No file of it grows beyond this: what a full disk is like, for whoever may mount none. */
      largestFileKilobytes?: number;
    },
  ): Promise<SandboxHandshake>;
  kill(handshake: SandboxHandshake): Promise<void>;
  /** Asks for `/readyz` all the time from a process of its own. @returns what ends that and tells what it saw. */
  observe(handshake: SandboxHandshake): () => Promise<Observed>;
  /** Runs a program with folders of its own for all its settings. */
  run(file: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The workshop's own helm. */
  helm(handshake: SandboxHandshake, ...args: string[]): Promise<Ran>;
  /** Installs Istio from the sandbox's charts into its usual namespaces, with a gateway. */
  installIstio(handshake: SandboxHandshake): Promise<void>;
  close(): Promise<void>;
}

export async function openWorkbench(): Promise<Workbench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'iw-conf-'));
  const entry = path.join(folder, 'sandbox.mjs');
  const helmTool = path.join(folder, 'helm.mjs');
  const observer = path.join(folder, 'observer.mjs');
  await Promise.all([
    bundle('runner/sandbox/main.ts', entry),
    bundle('runner/sandbox/conformance/observer.ts', observer),
    bundle('runner/sandbox/tools/helm/main.ts', helmTool),
  ]);
  const directories = new Set<string>();
  const children = new Set<number>();

  async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const {input = '', env = {}, signal, onOutput} = options;
    const home = path.join(folder, `home-${path.basename(file)}`);
    mkdirSync(home, {recursive: true});
    const child = spawn(file, [...args], {
      cwd: folder,
      env: {PATH: process.env['PATH'] ?? '', HOME: home, TZ: 'UTC', ...env},
    });
    const pid = child.pid;
    if (pid !== undefined) children.add(pid);
    const ran: Ran = {code: null, stdout: '', stderr: ''};
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        ran[name] += chunk;
        onOutput?.(String(chunk));
      });
    }
    const end = () => child.kill('SIGTERM');
    signal?.addEventListener('abort', end);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    [ran.code] = (await once(child, 'close')) as [number | null];
    signal?.removeEventListener('abort', end);
    if (pid !== undefined) children.delete(pid);
    return ran;
  }

  const workbench: Workbench = {
    folder,
    start(name, {istioVersion = '1.30.3', largestFileKilobytes} = {}) {
      const directory = path.join(folder, name);
      directories.add(directory);
      return startSandboxProcess({
        directory,
        name,
        nodePath: process.execPath,
        entry,
        istioVersion,
        pace: 'fast',
        timeout: 15_000,
        spawn({command, args, logFile}) {
          const output = openSync(logFile, 'a');
          const whole = [command, ...args];
          const limit = `ulimit -f ${2 * (largestFileKilobytes ?? 0)}; exec "$@"`;
          const [file = '', ...rest] = largestFileKilobytes ? ['sh', '-c', limit, 'sh', ...whole] : whole;
          const child = spawn(file, rest, {stdio: ['ignore', output, output], detached: true});
          return {pid: child.pid as number, exited: once(child, 'exit').then(([code]) => code as number)};
        },
      });
    },
    async kill(handshake) {
      process.kill(handshake.pid, 'SIGKILL');
      while (stillRuns(handshake.process)) await new Promise(resolve => setImmediate(resolve));
    },
    observe({kubeconfigPath, pid}) {
      const child = spawn(process.execPath, [observer, kubeconfigPath, String(pid)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      if (child.pid !== undefined) children.add(child.pid);
      let told = '';
      child.stdout.on('data', chunk => {
        told += chunk;
      });
      return async () => {
        child.stdin.end();
        await once(child, 'close');
        if (child.pid !== undefined) children.delete(child.pid);
        return JSON.parse(told) as Observed;
      };
    },
    run,
    helm: (handshake, ...args) =>
      run(process.execPath, [helmTool, ...args], {env: {KUBECONFIG: handshake.kubeconfigPath}}),
    async installIstio(handshake) {
      const steps = [
        ['repo', 'add', 'istio', handshake.chartsUrl, '--force-update'],
        ['install', 'istio-base', 'istio/base', '-n', 'istio-system', '--create-namespace'],
        ['install', 'istiod', 'istio/istiod', '-n', 'istio-system', '--wait'],
        ['install', 'istio-ingressgateway', 'istio/gateway', '-n', 'istio-ingress', '--create-namespace'],
      ];
      for (const step of steps) {
        const {code, stderr} = await workbench.helm(handshake, ...step);
        if (code !== 0) throw new Error(`helm ${step.join(' ')}: ${stderr}`);
      }
    },
    async close() {
      for (const pid of children) ignoringGone(() => process.kill(pid, 'SIGKILL'));
      for (const directory of directories) await stopSandbox(directory);
      rmSync(folder, {recursive: true, force: true});
    },
  };
  return workbench;
}

/** The kubeconfig's server and certificates, for requests without a client's help. */
export function readFaults(directory: string): string {
  try {
    return readFileSync(path.join(directory, 'sandbox.log'), 'utf8')
      .split('\n')
      .filter(line => /TypeError|RangeError|ReferenceError|crashed/.test(line))
      .join('\n');
  } catch {
    return '';
  }
}

function ignoringGone(work: () => void): void {
  try {
    work();
  } catch {
    // It has ended by itself.
  }
}

async function bundle(source: string, target: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: target,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    banner: {js: "import {createRequire as _c} from 'node:module'; const require = _c(import.meta.url);"},
  });
}
