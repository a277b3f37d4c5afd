import {copyFileSync, rmSync} from 'node:fs';
import type {ProcessResult, ProcessRunner, ToolOptions} from '../../processes.ts';

interface Container {
  id: string;
  name: string;
  cluster: string;
  running: boolean;
}

/** How the next `kind create cluster` goes; the outputs are those of kind v0.33.0. */
export type Creation =
  | {how: 'succeeds'}
  | {how: 'fails'; output: string}
  /** Goes on until the caller ends it, and leaves its container behind, as kind does. */
  | {how: 'hangs'};

export interface FakeDocker {
  processes: ProcessRunner;
  /** Every call, as one line. */
  calls: readonly string[];
  containers: readonly Container[];
  /** Containers of a cluster that somebody else made. */
  add(cluster: string, running?: boolean): void;
  stopAll(): void;
  next(creation: Creation): void;
  /** Whether the daemon answers. */
  daemon: boolean;
}

/**
 * Docker and kind as far as the engine uses them, by their effects: containers come and go. What a made cluster
 * answers with is the cluster of `kubeconfig`.
 */
export function fakeDocker(kubeconfig: string): FakeDocker {
  const calls: string[] = [];
  let containers: Container[] = [];
  let creation: Creation = {how: 'succeeds'};
  let count = 0;

  const after = (args: readonly string[], flag: string): string => args[args.indexOf(flag) + 1] ?? '';
  const result = (exitCode: number, stdout = '', stderr = ''): ProcessResult => ({
    exitCode,
    stdout,
    stderr,
    timedOut: false,
    cancelled: false,
    milliseconds: 1,
  });
  const add = (cluster: string, running = true): void => {
    count += 1;
    containers.push({id: `id-${count}`, name: `${cluster}-control-plane`, cluster, running});
  };

  async function create({
    args,
    onOutput,
    signal,
  }: Pick<ToolOptions, 'args' | 'onOutput' | 'signal'>): Promise<ProcessResult> {
    const cluster = after(args, '--name');
    onOutput?.(
      `Creating cluster "${cluster}" ...\n • Ensuring node image (kindest/node:v1.34.11) 🖼  ...\n`,
      'stderr',
    );
    const current = creation;
    creation = {how: 'succeeds'};
    if (current.how === 'fails') {
      onOutput?.(current.output, 'stderr');
      return result(1, '', current.output);
    }
    add(cluster);
    if (current.how === 'hangs') {
      await new Promise<void>(resolve => {
        if (signal?.aborted) resolve();
        signal?.addEventListener('abort', () => resolve(), {once: true});
      });
      return {...result(130), cancelled: true};
    }
    onOutput?.(' ✓ Ensuring node image (kindest/node:v1.34.11) 🖼\n', 'stderr');
    copyFileSync(kubeconfig, after(args, '--kubeconfig'));
    return result(0);
  }

  async function kind(options: ToolOptions): Promise<ProcessResult> {
    const {args} = options;
    switch (args.slice(0, 2).join(' ')) {
      case 'version':
        return result(0, 'kind v0.33.0 go1.26.8 linux/amd64');
      case 'get clusters':
        return result(0, [...new Set(containers.map(({cluster}) => cluster))].join('\n'));
      case 'delete cluster': {
        const name = after(args, '--name');
        containers = containers.filter(({cluster}) => cluster !== name);
        rmSync(after(args, '--kubeconfig'), {force: true});
        return result(0);
      }
      case 'load image-archive':
        return result(0);
      default:
        throw new Error(`kind ${args.join(' ')}`);
    }
  }

  function docker({args}: ToolOptions): ProcessResult {
    if (!fake.daemon) {
      return result(
        1,
        '',
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      );
    }
    switch (args[0]) {
      case 'version':
        return result(0, '28.2.2\n');
      case 'ps': {
        const wanted = after(args, '--filter').replace('label=io.x-k8s.kind.cluster=', '');
        const lines = containers
          .filter(({cluster}) => cluster === wanted)
          .map(({id, name, running}) => [id, name, running ? 'running' : 'exited'].join('\t'));
        return result(0, lines.join('\n'));
      }
      case 'start':
        for (const container of containers) if (args.includes(container.name)) container.running = true;
        return result(0);
      case 'exec':
        return result(0);
      default:
        throw new Error(`docker ${args.join(' ')}`);
    }
  }

  const notUsed = (): never => {
    throw new Error('Engines start no such process.');
  };
  const fake: FakeDocker = {
    processes: {
      // Only what takes minutes goes through a shell, for its guard.
      async shell({text, ...rest}) {
        calls.push(text);
        if (!text.startsWith('kind create cluster ')) throw new Error(text);
        return create({args: text.split(' ').slice(1), ...rest});
      },
      interactive: notUsed,
      detached: notUsed,
      async tool(options) {
        calls.push([options.command, ...options.args].join(' '));
        if (options.command === 'docker') return docker(options);
        if (options.command === 'kind') return kind(options);
        return result(127);
      },
    },
    calls,
    get containers() {
      return containers;
    },
    add,
    stopAll() {
      for (const container of containers) container.running = false;
    },
    next(given) {
      creation = given;
    },
    daemon: true,
  };
  return fake;
}
