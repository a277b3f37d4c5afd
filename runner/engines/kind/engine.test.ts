import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import type {ClusterSettings} from '../settings.ts';
import {type FakeDocker, fakeDocker} from '../testing/fake-docker.ts';
import {kindConfig} from './config.ts';
import {createKindEngine} from './engine.ts';
import {nodeImageFor} from './images.ts';

let folder: string;
let docker: FakeDocker;
let answering: boolean;
let progress: string[];
let clock: number;
let onPause: () => void;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'iw-kind-'));
  writeFileSync(path.join(folder, 'made.yaml'), 'apiVersion: v1\nkind: Config\n');
  docker = fakeDocker(path.join(folder, 'made.yaml'));
  answering = true;
  progress = [];
  clock = 0;
  onPause = () => {};
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const {signal} = new AbortController();
const options = {signal, onProgress: ({text}: {text: string}) => void progress.push(text)};

/** An app that was just started, over the same state folder. */
function engineOf(settings: ClusterSettings = {}): ReturnType<typeof createKindEngine> {
  return createKindEngine({
    folder: path.join(folder, 'state'),
    workshop: 'default',
    settings,
    env: {},
    processes: docker.processes,
    serverVersion: async kubeconfig => {
      if (answering && existsSync(kubeconfig)) return 'v1.34.11';
      throw new Error('connect ECONNREFUSED');
    },
    now: () => clock,
    every: () => () => {},
    pause: async milliseconds => {
      clock += milliseconds;
      onPause();
      answering = true;
    },
  });
}

function callsOf(command: string): readonly string[] {
  return docker.calls.filter(call => call.startsWith(command));
}

describe('a kind cluster', () => {
  it('is made with a node image pinned by digest, and a kubeconfig of its own', async () => {
    await engineOf().ensure(options);
    const [create] = callsOf('kind create cluster');
    const state = path.join(folder, 'state');
    expect(create).toBe(
      `kind create cluster --name istio-workshop --config ${state}/kind-cluster.yaml --wait 5m --kubeconfig ${state}/kubeconfig`,
    );
    const config = parse(kindConfig({nodeImage: nodeImageFor('1.30.3')}));
    expect(config.nodes[0].image).toMatch(/^kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64}$/);
    expect(config.nodes[0].extraPortMappings[0].listenAddress).toBe('127.0.0.1');
  });

  it('is started again after Docker or the machine was', async () => {
    await engineOf().ensure(options);
    docker.stopAll();
    answering = false;
    await engineOf().ensure(options);
    expect(callsOf('docker start')).toEqual(['docker start istio-workshop-control-plane']);
    expect(callsOf('kind create')).toHaveLength(1);
  });

  it('takes another name where somebody else has a cluster of that name, and never touches theirs', async () => {
    docker.add('istio-workshop');
    const engine = engineOf();
    await engine.ensure(options);
    const own = docker.containers.at(-1)?.cluster;
    expect(own).toMatch(/^istio-workshop-[0-9a-f]{4}$/);
    expect((await engine.connect()).env['KIND_CLUSTER_NAME']).toBe(own);
    expect(await engine.delete(options)).toEqual([`the kind cluster ${own}`]);
    expect(docker.containers.map(({cluster}) => cluster)).toEqual(['istio-workshop']);
  });

  it('is kept when it is not the one that the workshop made, though it has its name', async () => {
    const engine = engineOf();
    await engine.ensure(options);
    await docker.processes.tool({
      command: 'kind',
      args: ['delete', 'cluster', '--name', 'istio-workshop', '--kubeconfig', 'none'],
    });
    docker.add('istio-workshop');
    expect(await engine.delete(options)).toEqual([]);
    expect(docker.containers).toHaveLength(1);
    expect(progress.at(-1)).toContain('kept the kind cluster istio-workshop');
  });

  it('leaves nothing when its creation is interrupted', async () => {
    docker.next({how: 'hangs'});
    const stop = new AbortController();
    const making = engineOf().ensure({
      signal: stop.signal,
      onProgress: ({text}) => text.includes('Ensuring node image') && stop.abort(),
    });
    await expect(making).rejects.toMatchObject({code: 'interrupted', exitCode: 130});
    expect(docker.containers).toEqual([]);
    expect(await engineOf().delete(options)).toEqual([]);
  });

  it('is made anew after the app was killed in the middle of it', async () => {
    docker.next({how: 'hangs'});
    const killed = engineOf().ensure(options);
    killed.catch(() => {});
    await expect.poll(() => docker.containers.length).toBe(1);
    await engineOf().ensure(options);
    expect(callsOf('kind delete cluster')).toHaveLength(1);
    expect(docker.containers.map(({id}) => id)).toEqual(['id-2']);
  });

  it('that came to its end after the app was killed is gone on with', async () => {
    docker.next({how: 'hangs'});
    engineOf()
      .ensure(options)
      .catch(() => {});
    await expect.poll(() => docker.containers.length).toBe(1);
    writeFileSync(path.join(folder, 'state', 'kubeconfig'), '');
    await engineOf().ensure(options);
    expect(callsOf('kind delete cluster')).toEqual([]);
    expect(await engineOf().running()).toBe(true);
  });

  it('that somebody else made in the very moment is left alone', async () => {
    docker.next({how: 'comes too late'});
    await expect(engineOf().ensure(options)).rejects.toMatchObject({code: 'name-taken', exitCode: 3});
    expect(docker.containers).toHaveLength(1);
    expect(callsOf('kind delete')).toEqual([]);
    expect(await engineOf().delete(options)).toEqual([]);
    await engineOf().ensure(options);
    expect(docker.containers.map(({cluster}) => cluster)).toEqual([
      'istio-workshop',
      expect.stringMatching(/^istio-workshop-[0-9a-f]{4}$/),
    ]);
  });

  it('is neither forgotten nor removed blindly while Docker does not say what it has', async () => {
    await engineOf().ensure(options);
    docker.lists = false;
    answering = false;
    await expect(engineOf().ensure(options)).rejects.toMatchObject({code: 'docker-silent'});
    await expect(engineOf().delete(options)).rejects.toMatchObject({code: 'docker-silent'});
    expect(docker.containers).toHaveLength(1);
    docker.lists = true;
    expect(await engineOf().delete(options)).toEqual(['the kind cluster istio-workshop']);
  });

  it('of an interrupted creation is not taken for another one that has its name since', async () => {
    docker.next({how: 'hangs'});
    engineOf()
      .ensure(options)
      .catch(() => {});
    const record = path.join(folder, 'state', 'cluster.json');
    await expect.poll(() => JSON.parse(readFileSync(record, 'utf8')).nodes, {interval: 5}).toHaveLength(1);
    await docker.processes.tool({
      command: 'kind',
      args: ['delete', 'cluster', '--name', 'istio-workshop', '--kubeconfig', 'none'],
    });
    docker.add('istio-workshop');
    expect(await engineOf().delete(options)).toEqual([]);
    expect(docker.containers).toHaveLength(1);
  });

  it('names what stays in Docker when it goes', async () => {
    await engineOf().ensure(options);
    await engineOf().delete(options);
    expect(progress.at(-1)).toMatch(
      /^left in Docker: the node image \(docker image rm kindest\/node:.*network/,
    );
  });

  it('that could not be cleaned up is named, with why it failed first', async () => {
    docker.next({how: 'hangs'});
    docker.refusesDelete = 'ERROR: failed to delete cluster "istio-workshop": error deleting nodes\n';
    const stop = new AbortController();
    const making = engineOf().ensure({
      signal: stop.signal,
      onProgress: ({text}) => text.includes('Preparing nodes') && stop.abort(),
    });
    await expect(making).rejects.toMatchObject({
      code: 'interrupted',
      exitCode: 130,
      message: expect.stringMatching(/interrupted\. .*its containers are left: istio-workshop-control-plane/),
      remedies: expect.arrayContaining(['Remove it by hand: kind delete cluster --name istio-workshop']),
    });
    docker.refusesDelete = undefined;
    await engineOf().ensure(options);
    expect(docker.containers.map(({id}) => id)).toEqual(['id-2']);
  });

  it('can not be removed while Docker is down, which is said and not forgotten', async () => {
    await engineOf().ensure(options);
    docker.daemon = false;
    await expect(engineOf().delete(options)).rejects.toMatchObject({
      code: 'cluster-not-removed',
      message: expect.stringContaining('istio-workshop'),
    });
    docker.daemon = true;
    expect(await engineOf().delete(options)).toEqual(['the kind cluster istio-workshop']);
  });
});

describe('a failed creation', () => {
  // What kind v0.33.0 printed on a machine without the internet.
  const notPulled = [
    ' ✗ Ensuring node image (kindest/node:v1.34.11) 🖼',
    'ERROR: failed to create cluster: failed to pull image "kindest/node:v1.34.11@sha256:44e2": command "docker pull kindest/node:v1.34.11@sha256:44e2" failed with error: exit status 1',
    '',
    'Command Output: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
    '',
  ].join('\n');

  // What kind v0.33.0 printed with a node whose kubelet did not run; most of kubeadm's log is left out.
  const noKubelet = [
    ' ✗ Starting control-plane 🕹️',
    'Deleted nodes: ["istio-workshop-control-plane"]',
    'ERROR: failed to create cluster: failed to init node with kubeadm: command "docker exec --privileged istio-workshop-control-plane kubeadm init --config=/kind/kubeadm.conf --skip-token-print --v=6" failed with error: exit status 1',
    '',
    'Command Output: I1128 08:59:05.095810     146 initconfiguration.go:263] loading configuration from "/kind/kubeadm.conf"',
    '[kubelet-start] Starting the kubelet',
    'I1128 09:00:06.892554     146 round_trippers.go:632] "Response" verb="POST" status="" milliseconds=0',
    'client rate limiter Wait returned an error: rate: Wait(n=1) would exceed context deadline',
    'unable to create ClusterRoleBinding',
    'k8s.io/kubernetes/cmd/kubeadm/app/phases/kubeconfig.EnsureAdminClusterRoleBindingImpl.func1',
    '\tk8s.io/kubernetes/cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go:724',
    'error execution phase wait-control-plane',
    'main.main',
    '',
  ].join('\n');

  it.each([
    ['node-image-not-pulled', notPulled],
    [
      'pull-limit',
      notPulled.replace(/dial tcp.*/, 'toomanyrequests: You have reached your pull rate limit.'),
    ],
    [
      'docker-too-limited',
      // As kind v0.33.0 printed it where containers may not be privileged.
      'ERROR: failed to create cluster: command "docker run --cgroupns=private node" failed with error: exit status 125\nCommand Output: docker: Error response from daemon: OCI runtime create failed: unable to apply caps: operation not permitted: unknown.\n',
    ],
    ['disk-full', 'ERROR: failed to create cluster: write /x: no space left on device\n'],
    [
      'node-did-not-start',
      'ERROR: failed to create cluster: could not find a log line that matches "Reached target .*Multi-User System.*|detected cgroup v1"\n',
    ],
    ['control-plane-not-ready', noKubelet],
    [
      'control-plane-not-ready',
      // kubeadm's advice names cgroups whatever the matter is.
      noKubelet.replace('unable to create', '- a misconfiguration of the node (required cgroups disabled)'),
    ],
    [
      'disk-full',
      noKubelet.replace(
        'unable to create ClusterRoleBinding',
        'mkdir /var/lib/etcd: no space left on device',
      ),
    ],
    [
      'inotify-limits',
      'ERROR: failed to create cluster: failed to start: Failed to create control group inotify object: Too many open files\n',
    ],
    [
      'docker-rootless',
      'ERROR: failed to create cluster: running kind with rootless provider requires setting systemd property "Delegate=yes", see https://kind.sigs.k8s.io/docs/user/rootless/\n',
    ],
    ['kind-failed', 'ERROR: something new\n'],
  ])('is explained: %s', async (code, output) => {
    docker.next({how: 'fails', output: `cgroup v1 is deprecated in Kubernetes\n${output}`});
    await expect(engineOf().ensure(options)).rejects.toMatchObject({code, exitCode: 3});
    expect(docker.containers).toEqual([]);
  });

  it('quotes the reason, without the command', async () => {
    docker.next({how: 'fails', output: notPulled});
    await expect(engineOf().ensure(options)).rejects.toMatchObject({
      detail: expect.stringMatching(
        /^failed to create cluster: failed to pull image "[^"]+": Error response from daemon: .*no such host$/,
      ),
    });
  });

  it("quotes kubeadm's reason out of its log, and says where all of it is", async () => {
    docker.next({how: 'fails', output: noKubelet});
    const log = path.join(folder, 'state', 'kind.log');
    await expect(engineOf().ensure(options)).rejects.toMatchObject({
      detail:
        'failed to create cluster: failed to init node with kubeadm: client rate limiter Wait returned an error: rate: Wait(n=1) would exceed context deadline; unable to create ClusterRoleBinding; error execution phase wait-control-plane',
      remedies: expect.arrayContaining([`Read all that kind printed: ${log}`]),
    });
    expect(readFileSync(log, 'utf8')).toContain(noKubelet);
  });

  it('because Docker was ended in the middle says so, and the cluster is cleared away later', async () => {
    // kubeadm was ended with the container, as kind v0.33.0 told it.
    docker.next({
      how: 'fails',
      output: noKubelet.replaceAll('exit status 1', 'exit status 143'),
    });
    const {shell} = docker.processes;
    docker.processes.shell = async given => {
      const result = await shell(given);
      if (given.text.startsWith('kind create')) {
        docker.add('istio-workshop', false);
        docker.lists = false;
        docker.refusesDelete = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n';
      }
      return result;
    };
    await expect(engineOf().ensure(options)).rejects.toMatchObject({
      code: 'docker-stopped',
      exitCode: 3,
      message: expect.stringContaining('istio-workshop is left'),
      remedies: ['Start Docker', {say: 'Then clear it away', command: 'cluster down'}],
    });
    docker.lists = true;
    docker.refusesDelete = undefined;
    expect(await engineOf().delete(options)).toEqual(['the kind cluster istio-workshop']);
  });

  it.each([
    ['none', undefined],
    // As the built-in one answers, which stands last on PATH and can't render Istio's own charts.
    ['ours alone', 'version.BuildInfo{Version:"v3.19+istio-workshop", GitCommit:"", GoVersion:""}'],
  ])('for want of helm says so before anything is made, and removes without it: %s', async (_, helm) => {
    docker.helm = helm;
    const engine = engineOf();
    await expect(engine.ensure(options)).rejects.toMatchObject({
      code: 'no-helm',
      exitCode: 3,
      remedies: expect.arrayContaining([{say: expect.any(String), command: 'doctor --engine kind'}]),
    });
    expect(docker.containers).toEqual([]);
    expect((await engine.detect(signal)).usable).toBe(false);
    docker.helm = 'v3.19.0';
    await engine.ensure(options);
    docker.helm = helm;
    expect(await engine.delete(options)).toEqual(['the kind cluster istio-workshop']);
  });

  it('for want of Docker says so before anything is tried, after three minutes', async () => {
    docker.daemon = false;
    await expect(engineOf().ensure(options)).rejects.toMatchObject({code: 'no-docker', exitCode: 3});
    expect(callsOf('kind')).toEqual([]);
    expect(clock).toBe(180_000);
    expect(progress[0]).toBe('Docker does not answer; waiting for it: 0 s so far, at most 180 s');
  });

  it('waits for Docker, starts the node again, and goes on by itself', async () => {
    await engineOf().ensure(options);
    docker.stopAll();
    docker.daemon = false;
    answering = false;
    onPause = () => {
      docker.daemon = clock >= 25_000;
      answering = false;
      if (docker.containers.every(({running}) => running)) answering = true;
    };
    await engineOf().ensure(options);
    expect(callsOf('docker start')).toHaveLength(1);
    expect(progress.filter(text => text.startsWith('Docker does not answer'))).toHaveLength(3);
  });

  it('ends the wait for Docker on an interrupt', async () => {
    const stop = new AbortController();
    docker.daemon = false;
    onPause = () => stop.abort();
    const waiting = engineOf().ensure({...options, signal: stop.signal});
    await expect(waiting).rejects.toMatchObject({code: 'interrupted', exitCode: 130});
  });
});

describe('without the internet', () => {
  const tiny = 'an archive';
  function archives(): string {
    const images = path.join(folder, 'images');
    mkdirSync(images);
    writeFileSync(path.join(images, 'a.tar'), tiny);
    writeFileSync(path.join(images, 'b.tar.gz'), gzipSync(tiny));
    return images;
  }

  it('loads image archives, takes the node image that was named, and tells the node of a mirror', async () => {
    const images = archives();
    docker.hasNodeImage = true;
    await engineOf({images, nodeImage: 'mirror/node:v1', hub: 'mirror.example.org'}).ensure(options);
    expect(callsOf('docker pull')).toEqual([]);
    expect(docker.loaded).toEqual([tiny, tiny]);
    expect(existsSync(path.join(folder, 'state', 'images.tar'))).toBe(false);
    expect(callsOf('docker exec')[0]).toContain('/etc/containerd/certs.d/_default/hosts.toml');
  });

  it('looks for the archives before anything is made', async () => {
    const ensuring = engineOf({images: path.join(folder, 'nowhere')}).ensure(options);
    await expect(ensuring).rejects.toMatchObject({code: 'no-images'});
    expect(callsOf('kind create')).toEqual([]);
  });

  it('says what the archives lack before anything is made, where no mirror has it', async () => {
    await engineOf({images: archives()}).ensure(options);
    const said = progress.findIndex(text => text.startsWith('the archives lack 2 of 2 images'));
    expect(progress[said]).toContain('registry.istio.io/release/pilot:1.30.3');
    expect(progress.findIndex(text => text.startsWith('$ kind create'))).toBeGreaterThan(said);
    expect(said).toBeGreaterThanOrEqual(0);
  });

  it('gives a cluster that is there already what was named later, once', async () => {
    await engineOf().ensure(options);
    const images = archives();
    await engineOf({images, hub: 'mirror.example.org'}).ensure(options);
    await engineOf({images, hub: 'mirror.example.org'}).ensure(options);
    expect(callsOf('kind load')).toHaveLength(2);
    expect(callsOf('docker exec')).toHaveLength(1);
    rmSync(images, {recursive: true});
    await engineOf({images}).ensure(options);
    expect(callsOf('kind create')).toHaveLength(1);
  });

  it('does not go on with half of what was asked for', async () => {
    docker.refusesImages = [
      'ERROR: failed to load image: command "docker exec --privileged -i x-control-plane ctr --namespace=k8s.io images import --all-platforms --digests --snapshotter=overlayfs -" failed with error: exit status 1',
      '',
      'Command Output: ctr: content digest sha256:0ab1: not found',
      '',
    ].join('\n');
    await expect(engineOf({images: archives()}).ensure(options)).rejects.toMatchObject({
      code: 'images-not-loaded',
      detail: 'ctr: content digest sha256:0ab1: not found',
      remedies: [expect.stringContaining('docker save --platform')],
    });
    expect(docker.containers).toEqual([]);
  });

  it('does not take a creation that was killed while it loaded for complete', async () => {
    const images = archives();
    const engine = engineOf({images});
    let reached = (): void => {};
    const loading = new Promise<void>(resolve => {
      reached = resolve;
    });
    const {tool} = docker.processes;
    docker.processes.tool = given => {
      if (given.args[0] !== 'load') return tool(given);
      reached();
      return new Promise(() => {});
    };
    void engine.ensure(options);
    await loading;
    docker.processes.tool = tool;
    await engineOf({images}).ensure(options);
    expect(docker.loaded).toEqual([tiny, tiny]);
    expect(callsOf('kind create')).toHaveLength(1);
  });

  it('says that it was interrupted while it loaded, and leaves nothing', async () => {
    const stop = new AbortController();
    docker.refusesImages = 'ERROR: signal: interrupt\n';
    const ensuring = engineOf({images: archives()}).ensure({
      signal: stop.signal,
      onProgress: ({text}) => text.startsWith('loading') && stop.abort(),
    });
    await expect(ensuring).rejects.toMatchObject({code: 'interrupted', exitCode: 130});
    expect(docker.containers).toEqual([]);
  });
});
