import {describe, expect, it} from 'vitest';
import type {ProcessRunner} from '../processes.ts';
import {examine} from './doctor.ts';
import type {Finding} from './finding.ts';
import {installHint} from './install.ts';
import type {Machine} from './machine.ts';

const outputs: Readonly<Record<string, string>> = {
  'docker version': '28.2.2\n',
  'docker info': '4 8321499136\n',
  'kind version': 'kind v0.33.0 go1.26.8 linux/amd64\n',
  'kubectl version': '{"clientVersion": {"gitVersion": "v1.33.1"}}',
  'helm version': 'v3.19.0',
};

function running(given: Readonly<Record<string, string | number>>): ProcessRunner {
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
        stderr: ok ? '' : 'Cannot connect to the Docker daemon.',
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
  engine: 'sandbox' | 'kind',
  changed: Partial<Machine> = {},
  settings = {},
): Promise<readonly Finding[]> {
  return examine({
    engine,
    settings,
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
    ['docker size', {'docker info': '1 2061447168\n'}, 'warning', '1 CPUs, 1.9 GB'],
  ] as const)('names what is wrong with %s %o', async (name, given, status, text) => {
    const found = await finding(name, 'kind', {processes: running(given)});
    expect(found).toMatchObject({status, found: expect.stringContaining(text), fix: expect.any(String)});
  });

  it('asks only the registries that the settings leave to be asked', async () => {
    asked.length = 0;
    await findings('kind', {}, {images: '/images', charts: '/charts', nodeImage: 'mirror/node:v1'});
    expect(asked).toEqual([]);
    const found = await finding('registry.istio.io', 'kind', {
      reach: async () => ({ok: false, reason: 'getaddrinfo ENOTFOUND registry.istio.io'}),
    });
    expect(found).toMatchObject({status: 'missing', fix: expect.stringContaining('--images')});
  });

  it('warns of a clock that is wrong by what the network says', async () => {
    const found = await finding('clock', 'kind', {now: () => Date.parse('2026-06-01T11:00:00Z')});
    expect(found).toMatchObject({status: 'warning', found: expect.stringContaining('60 min behind')});
  });

  it('warns of a proxy that is asked for this machine too, without showing its password', async () => {
    const env = {HTTPS_PROXY: 'http://me:secret@proxy:3128'};
    const found = await finding('proxy', 'kind', {env});
    expect(found).toMatchObject({status: 'warning', fix: expect.stringContaining('NO_PROXY=127.0.0.1')});
    expect(JSON.stringify(found)).not.toContain('secret');
    const spared = {...env, NO_PROXY: 'localhost,127.0.0.1'};
    expect((await finding('proxy', 'kind', {env: spared}))?.status).toBe('ok');
  });

  it('wants room for the images of a real cluster', async () => {
    const freeBytes = async (): Promise<number> => 2 * 1024 ** 3;
    expect((await finding('disk', 'kind', {freeBytes}))?.status).toBe('missing');
    expect((await finding('disk', 'sandbox', {freeBytes}))?.status).toBe('ok');
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
    ['kind', here('apt-get', 'go'), /^go install sigs\.k8s\.io\/kind/],
    ['helm', here('apt-get'), /^https:\/\/helm\.sh/],
  ] as const)('%s', (tool, machine, expected) => {
    expect(installHint(tool, machine)).toMatch(expected);
  });
});
