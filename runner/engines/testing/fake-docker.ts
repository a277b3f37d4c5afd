import {chmodSync, copyFileSync, readFileSync, rmSync} from 'node:fs';
import {parse} from 'yaml';
import type {ProcessResult, ProcessRunner, ToolOptions} from '../../processes.ts';

interface Container {
  id: string;
  name: string;
  cluster: string;
  running: boolean;
}

/** How the next `kind create cluster` goes; the outputs are those of kind v0.33.0 with Docker 20.10. */
export type Creation =
  | {how: 'succeeds'}
  /** kind removes what it has made, then. */
  | {how: 'fails'; output: string}
  /** Somebody else makes a cluster of the same name just before. */
  | {how: 'comes too late'}
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
  /** What the archives held that were loaded. */
  loaded: readonly string[];
  next(creation: Creation): void;
  /** Whether the daemon answers. */
  daemon: boolean;
  /** Whether `docker ps` answers, where all else does. */
  lists: boolean;
  /** What `helm version` prints; absent means that there is no helm. */
  helm: string | undefined;
  /** Whether Docker has the node image already. */
  hasNodeImage: boolean;
  /** Makes `kind load image-archive` fail with this. */
  refusesImages: string | undefined;
  /** Makes `kind delete cluster` fail with this. */
  refusesDelete: string | undefined;
}

/** What kind v0.33.0 prints without a terminal when all goes well. */
function createdBy(cluster: string, image: string, kubeconfig: string): string {
  const steps = [
    [`Ensuring node image (${image})`, '🖼️', ' '],
    ['Preparing nodes', '📦', '  '],
    ['Writing configuration', '📜', ' '],
    ['Starting control-plane', '🕹️', ' '],
    ['Installing CNI', '🔌', ' '],
    ['Installing StorageClass', '💾', ' '],
    ['Waiting ≤ 5m0s for control-plane = Ready', '⏳', ' '],
  ];
  return [
    `Creating cluster "${cluster}" ...`,
    ...steps.flatMap(([text, picture, gap]) => [` • ${text} ${picture} ${gap}...`, ` ✓ ${text} ${picture}`]),
    ' • Ready after 0s 💚',
    `Set kubectl context to "kind-${cluster}"`,
    'You can now use your cluster with:',
    '',
    `kubectl cluster-info --context kind-${cluster} --kubeconfig ${kubeconfig}`,
    '',
    'Have a nice day! 👋',
    '',
  ].join('\n');
}

/**
 * Docker and kind as far as the engine uses them, by their effects: containers come and go. What a made cluster
 * answers with is the cluster of `kubeconfig`.
 */
export function fakeDocker(kubeconfig: string): FakeDocker {
  const calls: string[] = [];
  let containers: Container[] = [];
  let creation: Creation = {how: 'succeeds'};
  const loaded: string[] = [];
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
    const current = creation;
    creation = {how: 'succeeds'};
    const failing = (output: string): ProcessResult => {
      onOutput?.(output, 'stderr');
      return result(1, '', output);
    };
    if (current.how === 'comes too late') add(cluster);
    if (containers.some(container => container.cluster === cluster)) {
      return failing(
        `ERROR: failed to create cluster: node(s) already exist for a cluster with the name "${cluster}"\n`,
      );
    }
    const image = parse(readFileSync(after(args, '--config'), 'utf8')).nodes[0].image.split('@')[0];
    const output = createdBy(cluster, image, after(args, '--kubeconfig'));
    if (current.how === 'fails') {
      onOutput?.(`Creating cluster "${cluster}" ...\n • Ensuring node image (${image}) 🖼️  ...\n`, 'stderr');
      return failing(current.output);
    }
    add(cluster);
    const [first = '', ...rest] = output.split(/(?<=✓ Preparing nodes 📦\n)/);
    onOutput?.(first, 'stderr');
    if (current.how === 'hangs') {
      await new Promise<void>(resolve => {
        if (signal?.aborted) resolve();
        signal?.addEventListener('abort', () => resolve(), {once: true});
      });
      return {...result(130), cancelled: true};
    }
    copyFileSync(kubeconfig, after(args, '--kubeconfig'));
    chmodSync(after(args, '--kubeconfig'), 0o600);
    onOutput?.(rest.join(''), 'stderr');
    return result(0);
  }

  /** As Docker pulls when it has no terminal. */
  function pull({args, onOutput}: Pick<ToolOptions, 'args' | 'onOutput'>): ProcessResult {
    const name = args.at(-1) ?? '';
    onOutput?.(`${name.split(/[:@]/)[1]}: Pulling from ${name.split(':')[0]}\n`, 'stdout');
    for (const layer of ['5f1d6a2c8e90', '0b2f7c3d4e5a']) {
      onOutput?.(`${layer}: Pulling fs layer\n`, 'stdout');
      onOutput?.(`${layer}: Pull complete\n`, 'stdout');
    }
    fake.hasNodeImage = true;
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
        if (fake.refusesDelete) return result(1, '', fake.refusesDelete);
        const name = after(args, '--name');
        containers = containers.filter(({cluster}) => cluster !== name);
        rmSync(after(args, '--kubeconfig'), {force: true});
        return result(0);
      }
      case 'load image-archive': {
        const held = readFileSync(args[2] ?? '');
        loaded.push(held.toString('utf8'));
        return fake.refusesImages ? result(1, '', fake.refusesImages) : result(0);
      }
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
        if (!fake.lists) return result(1, '', 'Error response from daemon: context deadline exceeded');
        const wanted = args.includes('--filter')
          ? after(args, '--filter').replace('label=io.x-k8s.kind.cluster=', '')
          : undefined;
        const lines = containers
          .filter(({cluster}) => wanted === undefined || cluster === wanted)
          .map(({id, name, cluster, running}) =>
            after(args, '--format')
              .replace('{{.ID}}', id)
              .replace('{{.Names}}', name)
              .replace('{{.State}}', running ? 'running' : 'exited')
              .replace('{{.Label "io.x-k8s.kind.cluster"}}', cluster),
          );
        return result(0, lines.join('\n'));
      }
      case 'image':
        return fake.hasNodeImage
          ? result(0, 'sha256:3b9ec287aab8\n')
          : result(1, '', `Error response from daemon: No such image: ${args.at(-1)}`);
      case 'network':
        return result(0, 'kind\n');
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
        const args = text.split(' ').slice(1);
        if (text.startsWith('docker pull ')) return pull({args, ...rest});
        if (text.startsWith('kind create cluster ')) return create({args, ...rest});
        throw new Error(text);
      },
      interactive: notUsed,
      detached: notUsed,
      async tool(options) {
        calls.push([options.command, ...options.args].join(' '));
        if (options.command === 'docker') return docker(options);
        if (options.command === 'kind') return kind(options);
        if (options.command === 'kubectl') return result(0, '{"clientVersion": {"gitVersion": "v1.33.1"}}');
        if (options.command === 'helm') return fake.helm ? result(0, fake.helm) : result(127);
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
    loaded,
    daemon: true,
    lists: true,
    helm: 'v3.19.0',
    hasNodeImage: false,
    refusesImages: undefined,
    refusesDelete: undefined,
  };
  return fake;
}
