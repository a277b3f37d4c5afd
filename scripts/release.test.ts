import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {systemProcesses} from '../runner/processes.ts';
import {buildGoProgram, fetchPrograms} from '../runner/testing/published-program.ts';
import {version} from '../runner/version.ts';

/**
 * The release workflow and the development container: what their own tools say of them, and each of their commands
 * that can run here, as it stands, in a copy of the checkout. The steps come from the files, so that a new one is run
 * too.
 */
const root = path.resolve(import.meta.dirname, '..');
const workflow = path.join(root, '.github', 'workflows', 'release.yml');
const container = path.join(root, '.devcontainer', 'devcontainer.json');

const [actionlint, devcontainer] = await Promise.all([
  buildGoProgram({package: 'github.com/rhysd/actionlint/cmd/actionlint', version: 'v1.7.12'}),
  fetchPrograms({
    name: '@devcontainers/cli',
    version: '0.89.0',
    integrity:
      'sha512-LzaoOGKQ/Zql6PsiZ4hVIYVZagzWkD65aG/1ou5/Kly5Y1PtjLg1yn7qu+LZCzVoAl6DZZ/pbz8qOO4RLNlqMg==',
    files: ['package.json', 'dist/spec-node/devContainersSpecCLI.js'],
  }),
]);

function titled(name: string, tool: typeof actionlint): string {
  return 'missing' in tool ? `${name} (skipped: ${tool.missing})` : name;
}

let folder: string;
let copy: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'release-'));
  copy = path.join(folder, 'copy');
  mkdirSync(copy);
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of new Set(files.split('\0').filter(Boolean)))
    cpSync(path.join(root, file), path.join(copy, file), {recursive: true, force: true});
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** As GitHub runs a step: bash that ends at the first failure. */
function step(text: string, env: Record<string, string> = {}) {
  return systemProcesses.tool({
    command: 'bash',
    args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c', text],
    directory: copy,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      ISTIO_WORKSHOP_CACHE: process.env['ISTIO_WORKSHOP_CACHE'] ?? '',
      CI: 'true',
      GITHUB_REF_NAME: `v${version}`,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'owner/name',
      // Nothing that these steps do asks npm's registry.
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      ...env,
    },
  });
}

describe('the release workflow', () => {
  const {on, jobs} = parse(readFileSync(workflow, 'utf8'));
  const runs: string[] = jobs.publish.steps.flatMap((each: {run?: string}) => each.run ?? []);

  it.skipIf('missing' in actionlint)(titled('is what actionlint accepts', actionlint), async () => {
    const command = 'folder' in actionlint ? path.join(actionlint.folder, 'actionlint') : '';
    expect(await systemProcesses.tool({command, args: [workflow]})).toMatchObject({stdout: '', exitCode: 0});
  });

  it('publishes on a tag alone, after the tests on each Node, with the right to prove where it was built', () => {
    expect(on).toEqual({push: {tags: ['v*']}});
    expect(jobs.test.strategy.matrix.node).toEqual([20, 22, 24]);
    expect(jobs.test.steps.at(-1)).toEqual({run: 'npm test'});
    expect(jobs.publish.needs).toBe('test');
    expect(jobs.publish.permissions).toEqual({contents: 'read', 'id-token': 'write'});
    expect(runs.at(-1)).toContain('--provenance');
    // What GitHub puts into a script by itself can hold anything; variables are quoted.
    expect(runs.filter(text => text.includes('${{'))).toEqual([]);
  });

  it('refuses a tag that is not the version', async () => {
    const refused = await step(runs[0] as string, {GITHUB_REF_NAME: 'v99.0.0'});
    expect(refused).toMatchObject({
      stdout: `The tag is v99.0.0, the version v${version}.`,
      exitCode: 1,
    });
  });

  it('runs to its end as it stands, up to a publication that is tried without being made', async () => {
    for (const text of runs) {
      const isPublication = text.startsWith('npm publish');
      const ran = await step(text, isPublication ? {npm_config_dry_run: 'true'} : {});
      expect(ran, `${text}\n${ran.stdout}\n${ran.stderr}`).toMatchObject({exitCode: 0});
      if (isPublication) expect(ran.stdout).toBe(`+ istio-workshop@${version}`);
    }
    const [tarball = ''] = readdirSync(copy).filter(file => file.endsWith('.tgz'));
    const packed = execFileSync('tar', ['-xzOf', path.join(copy, tarball), 'package/package.json']);
    expect(JSON.parse(packed.toString()).repository).toEqual({
      type: 'git',
      url: 'git+https://github.com/owner/name.git',
    });
  });
});

describe('the development container', () => {
  it.skipIf('missing' in devcontainer)(
    titled('is read by its own tool, with Node, Docker, kind, kubectl and helm in it', devcontainer),
    async () => {
      const cli = 'folder' in devcontainer ? path.join(devcontainer.folder, 'dist/spec-node') : '';
      const read = await systemProcesses.tool({
        command: process.execPath,
        // It asks Docker whether the container runs; this one has none.
        args: [
          path.join(cli, 'devContainersSpecCLI.js'),
          'read-configuration',
          `--workspace-folder=${root}`,
          '--docker-path=true',
        ],
      });
      expect(read.exitCode).toBe(0);
      const {configuration} = JSON.parse(read.stdout);
      expect(configuration.image).toContain('javascript-node:22');
      const features = Object.keys(configuration.features).join(' ');
      for (const feature of ['docker-in-docker', 'kubectl-helm', 'kind']) expect(features).toContain(feature);
    },
  );

  it('makes ready what the first start needs', async () => {
    const {postCreateCommand} = parse(readFileSync(container, 'utf8').replaceAll(/^\s*\/\/.*$/gm, ''));
    const ran = await step(postCreateCommand);
    expect(ran.stderr).toContain('browser: ');
    expect(ran.exitCode).toBe(0);
  });
});
