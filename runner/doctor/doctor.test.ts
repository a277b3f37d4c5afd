import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {buffer} from 'node:stream/consumers';
import {pack} from 'tar-stream';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {EngineName} from '../catalog/lab.ts';
import {openKube} from '../engines/kube/kube.ts';
import {createRest} from '../engines/kube/rest.ts';
import {type RealApi, startRealApi} from '../engines/testing/real-api.ts';
import type {ProcessRunner} from '../processes.ts';
import {examine} from './doctor.ts';
import type {Finding} from './finding.ts';
import {installHint} from './install.ts';
import {lookAtImages} from './look-at-images.ts';
import type {Machine, Reached} from './machine.ts';
import {proxyFor} from './proxy.ts';

/** Part of what `docker info --format '{{json .}}'` prints. */
function dockerInfo(given: object): string {
  return JSON.stringify({
    NCPU: 4,
    MemTotal: 8321499136,
    SystemTime: '2026-06-01T12:00:00.25Z',
    OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    DockerRootDir: '/var/lib/docker',
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    ...given,
  });
}

const outputs: Readonly<Record<string, string>> = {
  'docker version': '28.2.2\n',
  'docker info': dockerInfo({}),
  'kind version': 'kind v0.33.0 go1.26.8 linux/amd64\n',
  'kubectl version': '{"clientVersion": {"gitVersion": "v1.33.1"}}',
  'helm version': 'v3.19.0',
};

function running(
  given: Readonly<Record<string, string | number>>,
  stderr = 'Cannot connect to the Docker daemon.',
): ProcessRunner {
  const never = (): never => {
    throw new Error('The doctor only asks tools.');
  };
  return {
    shell: never,
    interactive: never,
    detached: never,
    async tool({command, args}) {
      const output = {...outputs, ...given}[`${command} ${args[0]}`];
      const ok = typeof output === 'string';
      return {
        exitCode: ok ? 0 : Number(output ?? 127),
        stdout: ok ? output : '',
        stderr: ok ? '' : stderr,
        timedOut: false,
        cancelled: false,
        milliseconds: 1,
      };
    },
  };
}

const asked: string[] = [];
const machine: Machine = {
  env: {},
  platform: 'linux',
  release: '6.1.0',
  nodeVersion: 'v20.19.0',
  processes: running({}),
  now: () => Date.parse('2026-06-01T12:00:00Z'),
  has: () => false,
  freeBytes: async () => 20 * 1024 ** 3,
  isPortFree: async () => true,
  async reach(url) {
    asked.push(url);
    return {ok: true, milliseconds: 20, date: Date.parse('2026-06-01T12:00:01Z')};
  },
  browser: async () => 'chromium, /usr/bin/chromium',
};

async function findings(
  engine: EngineName,
  changed: Partial<Machine> = {},
  settings = {},
): Promise<readonly Finding[]> {
  return examine({
    engine,
    settings,
    labImages: [],
    machine: {...machine, ...changed},
    folder: '/state',
    home: '/home/me',
    signal: new AbortController().signal,
  });
}

async function finding(name: string, ...given: Parameters<typeof findings>): Promise<Finding | undefined> {
  return (await findings(...given)).find(candidate => candidate.name === name);
}

describe('the doctor', () => {
  it('finds nothing missing where all is there', async () => {
    expect((await findings('kind')).filter(({status}) => status !== 'ok')).toEqual([]);
  });

  it('needs neither Docker nor kubectl for the sandbox, and asks nobody on the network', async () => {
    asked.length = 0;
    const nothing = {'docker version': 127, 'kind version': 127, 'kubectl version': 127, 'helm version': 127};
    const found = await findings('sandbox', {processes: running(nothing)});
    expect(found.filter(({status}) => status === 'missing')).toEqual([]);
    expect(found.find(({name}) => name === 'kubectl')?.found).toContain('built in');
    expect(asked).toEqual([]);
  });

  it.each([
    ['kind', {'kind version': 127}, 'missing', 'not installed'],
    ['kind', {'kind version': 'kind v0.11.1 go1.16\n'}, 'missing', 'v0.11.1'],
    ['docker', {'docker version': 1}, 'missing', 'Cannot connect'],
    ['helm', {'helm version': 'v3.9.0'}, 'missing', 'v3.9.0'],
    ['docker size', {'docker info': dockerInfo({NCPU: 1, MemTotal: 2061447168})}, 'warning', '1 CPU, 1.9 GB'],
    [
      'docker clock',
      {'docker info': dockerInfo({SystemTime: '2026-06-01T11:10:00Z'})},
      'warning',
      '50 min behind',
    ],
  ] as const)('names what is wrong with %s %o', async (name, given, status, text) => {
    const found = await finding(name, 'kind', {processes: running(given)});
    expect(found).toMatchObject({status, found: expect.stringContaining(text), fix: expect.any(String)});
  });

  it('asks only the registries that the settings leave to be asked', async () => {
    asked.length = 0;
    await findings(
      'kind',
      {},
      {images: '/images', charts: '/charts', nodeImage: 'mirror.example.org/node:v1'},
    );
    expect(asked).toEqual(['https://mirror.example.org/v2/']);
    const found = await finding('registry.istio.io', 'kind', {
      reach: async () => ({ok: false, reason: 'getaddrinfo ENOTFOUND registry.istio.io'}),
    });
    expect(found).toMatchObject({status: 'missing', fix: expect.stringContaining('--images')});
  });

  it('asks no registry for a node image that Docker has already', async () => {
    asked.length = 0;
    const processes = running({'docker image': 'sha256:44e2\n'});
    const settings = {images: '/images', charts: '/charts'};
    expect(await finding('node image', 'kind', {processes}, settings)).toMatchObject({status: 'ok'});
    await findings('kind', {processes}, settings);
    expect(asked).toEqual([]);
  });

  it('tells a Docker that does not run from one that may not be used, and from one elsewhere', async () => {
    const docker = (stderr: string, env = {}): Promise<Finding | undefined> =>
      finding('docker', 'kind', {processes: running({'docker version': 1}, stderr), env});
    expect((await docker('Cannot connect to the Docker daemon at unix:///var/run/docker.sock.'))?.fix).toBe(
      'Start it: sudo systemctl start docker',
    );
    // As Docker 28 said it to a user outside the group.
    const denied =
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": dial unix /var/run/docker.sock: connect: permission denied';
    expect(await docker(denied, {DOCKER_HOST: 'unix:///var/run/docker.sock'})).toMatchObject({
      found:
        'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      fix: expect.stringContaining('usermod -aG docker'),
    });
    expect((await docker('Cannot connect.', {DOCKER_HOST: 'tcp://10.0.0.1:2375'}))?.fix).toContain(
      'tcp://10.0.0.1:2375',
    );
  });

  it('warns of a clock that is wrong by what the network says', async () => {
    const found = await finding('clock', 'kind', {now: () => Date.parse('2026-06-01T11:00:00Z')});
    expect(found).toMatchObject({status: 'warning', found: expect.stringContaining('60 min behind')});
  });

  it('says so when there is nothing to compare the clock with', async () => {
    const reach = async (): Promise<Reached> => ({ok: false, reason: 'ENOTFOUND'});
    expect((await finding('clock', 'kind', {reach}))?.found).toContain('nothing to compare it with');
  });

  it('warns of a proxy that is asked for this machine too, without showing its password', async () => {
    const env = {HTTPS_PROXY: 'http://me:secret@proxy:3128'};
    const found = await findings('kind', {env});
    expect(found.find(({name}) => name === 'proxy')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('NO_PROXY=127.0.0.1'),
    });
    expect(found.find(({name}) => name === 'registry.istio.io')?.found).toContain(
      'through http://proxy:3128',
    );
    expect(JSON.stringify(found)).not.toContain('secret');
    const spared = {...env, NO_PROXY: 'localhost,127.0.0.1'};
    expect((await finding('proxy', 'kind', {env: spared}))?.status).toBe('ok');
  });

  it('warns of a Docker that does not know the proxy of the shell', async () => {
    const env = {HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '*'};
    expect(await finding('docker proxy', 'kind', {env})).toMatchObject({status: 'warning'});
    const processes = running({'docker info': dockerInfo({HttpsProxy: 'http://me:secret@proxy:3128'})});
    expect(await finding('docker proxy', 'kind', {env, processes})).toMatchObject({
      status: 'ok',
      found: 'http://proxy:3128',
    });
    expect(await finding('docker proxy', 'kind')).toBeUndefined();
  });

  it('wants room for the images of a real cluster where Docker keeps them', async () => {
    const freeBytes = async (folder: string): Promise<number> =>
      (folder === '/var/lib/docker' ? 2 : 20) * 1024 ** 3;
    expect(await finding('docker disk', 'kind', {freeBytes})).toMatchObject({
      status: 'missing',
      fix: expect.stringContaining('docker system prune'),
    });
    expect((await finding('disk', 'kind', {freeBytes}))?.status).toBe('ok');
    expect((await finding('disk', 'sandbox', {freeBytes: async () => 2 * 1024 ** 3}))?.status).toBe('ok');
    // In Docker Desktop's own machine /var/lib/docker is another one; its file lies on our disk.
    const processes = running({'docker info': dockerInfo({OperatingSystem: 'Docker Desktop'})});
    expect(await finding('docker disk', 'kind', {freeBytes, processes})).toBeUndefined();
    expect((await finding('disk', 'kind', {freeBytes: async () => 2 * 1024 ** 3, processes}))?.status).toBe(
      'missing',
    );
  });
});

describe('the images that archives must hold', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'iw-doctor-'));
    const writer = pack();
    const tags = ['registry.istio.io/release/pilot:1.30.3', 'team/reviews:1'];
    writer.entry({name: 'manifest.json'}, JSON.stringify([{RepoTags: tags}]));
    writer.finalize();
    writeFileSync(path.join(folder, 'some.tar'), await buffer(writer));
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  const images = (settings: object): Promise<readonly Finding[]> =>
    lookAtImages({settings, labImages: ['team/ratings:1', 'team/reviews:1']});

  it('are listed one by one, with the archive that holds each, and how to get what is missing', async () => {
    const found = await images({images: folder});
    expect(found.map(({status, found}) => `${status} ${found}`)).toEqual([
      'ok registry.istio.io/release/pilot:1.30.3, in some.tar',
      'missing registry.istio.io/release/proxyv2:1.30.3, in no archive',
      'missing team/ratings:1, in no archive',
      'ok team/reviews:1, in some.tar',
    ]);
    expect(found.map(({fix}) => fix?.includes('docker save'))).toEqual([undefined, true, true, undefined]);
  });

  it('may come from a mirror', async () => {
    const found = await images({images: folder, hub: 'mirror.example.org'});
    expect(found.map(({status}) => status)).toEqual(['ok', 'warning', 'warning', 'ok']);
  });

  it('are all missing where nothing can be read, and why is said', async () => {
    writeFileSync(path.join(folder, 'bad.tar.gz'), 'no archive');
    const found = await images({images: path.join(folder, 'bad.tar.gz')});
    expect(found.map(({name, status}) => `${name} ${status}`)).toEqual([
      'bad.tar.gz missing',
      ...Array.from({length: 4}, () => 'image missing'),
    ]);
    expect((await images({images: path.join(folder, 'nowhere')}))[0]).toMatchObject({name: 'images'});
    expect(await images({})).toEqual([]);
  });
});

describe('the proxy for an address', () => {
  const env = {https_proxy: 'http://a:1', HTTP_PROXY: 'http://b:2', NO_PROXY: '.corp, example.org,10.0.0.7'};

  it.each([
    ['https://registry.istio.io/v2/', 'http://a:1'],
    ['http://registry.istio.io/v2/', 'http://b:2'],
    ['https://mirror.corp/v2/', undefined],
    ['https://www.example.org', undefined],
    ['https://notexample.org', 'http://a:1'],
    ['https://10.0.0.7', undefined],
  ])('%s is %s', (url, proxy) => {
    expect(proxyFor(new URL(url), env)).toBe(proxy);
  });

  it('is none where all are spared', () => {
    expect(proxyFor(new URL('https://a.b'), {ALL_PROXY: 'http://a:1', no_proxy: '*'})).toBeUndefined();
  });
});

describe('how to install a tool', () => {
  const here = (...programs: string[]) => ({
    platform: 'linux' as NodeJS.Platform,
    release: '6.1.0',
    has: (program: string) => programs.includes(program),
  });

  it.each([
    ['docker', here('apt-get', 'go'), /apt-get install -y docker\.io/],
    ['docker', {...here('apt-get', 'winget.exe'), release: '5.15-microsoft-standard-WSL2'}, /^winget\.exe/],
    ['kind', {...here('brew', 'go'), platform: 'darwin'}, /^brew install kind$/],
    ['kind', here('apt-get', 'go'), /^go install sigs\.k8s\.io\/kind.*GOPATH/],
    ['docker', here('brew', 'apt-get'), /apt-get install -y docker\.io/],
    ['docker', {...here('brew'), platform: 'darwin'}, /^brew install --cask docker-desktop/],
    ['kubectl', here('apt-get', 'snap', 'go'), /^sudo snap install kubectl/],
    ['helm', here('apt-get'), /^https:\/\/helm\.sh/],
  ] as const)('%s', (tool, machine, expected) => {
    expect(installHint(tool, machine)).toMatch(expected);
  });
});

describe('the doctor of a cluster elsewhere', () => {
  let api: RealApi;
  beforeAll(async () => {
    api = await startRealApi();
  });
  afterAll(() => api?.close());

  const offline: Partial<Machine> = {reach: async () => ({ok: false, reason: 'offline'})};
  const charts = () => finding('charts', 'context', offline, {kubeconfig: api.kubeconfig});

  it("misses Istio's charts only where the labs install them", async () => {
    expect(await charts()).toMatchObject({status: 'missing'});
    const rest = createRest((await openKube(api.kubeconfig)).config);
    await rest.send('POST', '/api/v1/namespaces', {metadata: {name: 'mesh'}});
    await rest.send('POST', '/apis/apps/v1/namespaces/mesh/deployments', istiod);
    expect(await charts()).toBeUndefined();
  });
});

const istiod = {
  metadata: {name: 'istiod', labels: {app: 'istiod'}},
  spec: {
    replicas: 0,
    selector: {matchLabels: {app: 'istiod'}},
    template: {
      metadata: {labels: {app: 'istiod'}},
      spec: {containers: [{name: 'discovery', image: 'registry.istio.io/release/pilot:1.30.3'}]},
    },
  },
};
