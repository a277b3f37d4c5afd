import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {nodeImageFor} from '../runner/engines/kind/images.ts';
import {systemProcesses} from '../runner/processes.ts';
import {buildActionlint, fetchPrograms} from '../runner/testing/published-program.ts';
import {copyOfCheckout, runStep} from '../runner/testing/workflow-steps.ts';
import {version} from '../runner/version.ts';

/**
 * The workflows, the action and the development container: what their own tools say of them, and each of their commands
 * that can run here, as it stands, in a copy of the checkout. The steps come from the files, so that a new one is run
 * too.
 */
const root = path.resolve(import.meta.dirname, '..');
const workflows = path.join(root, '.github', 'workflows');
const workflow = path.join(workflows, 'release.yml');
const container = path.join(root, '.devcontainer', 'devcontainer.json');

const [actionlint, devcontainer] = await Promise.all([
  buildActionlint(),
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

const checkout = copyOfCheckout();
afterAll(() => checkout.remove());
const step = (text: string, env: Record<string, string> = {}) =>
  runStep(checkout, text, {GITHUB_REF_NAME: `v${version}`, ...env});

describe('the release workflow', () => {
  const {on, jobs} = parse(readFileSync(workflow, 'utf8'));
  const runs: string[] = jobs.publish.steps.flatMap((each: {run?: string}) => each.run ?? []);

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
    const [tarball = ''] = readdirSync(checkout.directory).filter(file => file.endsWith('.tgz'));
    const packed = execFileSync('tar', [
      '-xzOf',
      path.join(checkout.directory, tarball),
      'package/package.json',
    ]);
    expect(JSON.parse(packed.toString()).repository).toEqual({
      type: 'git',
      url: 'git+https://github.com/owner/name.git',
    });
  });
});

interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, string>;
  env?: Record<string, string>;
}

const read = (file: string) => parse(readFileSync(path.join(root, '.github', file), 'utf8'));
const stepsOf = (file: string): readonly Step[] =>
  Object.values<{steps: Step[]}>(read(`workflows/${file}`).jobs).flatMap(({steps}) => steps);
const runsOf = (steps: readonly Step[]): readonly string[] => steps.flatMap(({run}) => run ?? []);

describe('the workflows', () => {
  it.skipIf('missing' in actionlint)(titled('are what actionlint accepts', actionlint), async () => {
    const command = 'folder' in actionlint ? path.join(actionlint.folder, 'actionlint') : '';
    const files = readdirSync(workflows).map(file => path.join(workflows, file));
    expect(files).toHaveLength(3);
    expect(await systemProcesses.tool({command, args: files})).toMatchObject({stdout: '', exitCode: 0});
  });

  it('try the sandbox at every push on Linux and macOS and each Node, and kind on a schedule and by hand', () => {
    const ci = read('workflows/ci.yml');
    expect(ci.on.push).toEqual({branches: ['**']});
    expect(ci.jobs.labs.strategy.matrix).toEqual({
      os: ['ubuntu-latest', 'macos-latest'],
      node: [20, 22, 24],
    });
    const kind = read('workflows/kind.yml');
    expect(Object.keys(kind.on)).toEqual(['schedule', 'workflow_dispatch']);
    const {matrix} = kind.jobs.labs.strategy;
    expect(matrix.istio).toEqual(['1.27.1', '1.30.3']);
    // The nodes that the app itself takes for these versions of Istio.
    expect(matrix.include.map(({image}: {image: string}) => image)).toEqual(matrix.istio.map(nodeImageFor));
  });

  it('give the action only what it takes, and keep each report under a name of its own', () => {
    const {inputs} = read('actions/istio-workshop/action.yml');
    for (const file of ['ci.yml', 'kind.yml']) {
      const [action] = stepsOf(file).filter(({uses}) => uses === './.github/actions/istio-workshop');
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(action?.with ?? {})));
      expect(action?.with?.['artifact']).toContain('${{ matrix.');
    }
  });

  it('put nothing into a script that GitHub would fill in', () => {
    const all = [
      ...['ci.yml', 'kind.yml'].flatMap(stepsOf),
      ...read('actions/istio-workshop/action.yml').runs.steps,
    ];
    expect(runsOf(all).filter(text => text.includes('${{'))).toEqual([]);
  });
});

describe('a job', () => {
  const output = path.join(checkout.home, 'output');
  const summary = path.join(checkout.home, 'summary.md');
  const job = {
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_WORKSPACE: checkout.directory,
  };
  const [labs] = runsOf(read('actions/istio-workshop/action.yml').runs.steps);
  const written = (file: string): string => readFileSync(file, 'utf8');
  const packages = [...new Set(runsOf(stepsOf('ci.yml')).filter(text => text.includes('npm pack')))];
  let packed = '';

  beforeAll(async () => {
    expect(packages).toHaveLength(1);
    expect(await step(packages[0] ?? '', job)).toMatchObject({exitCode: 0});
    [, packed = ''] = /^package=(.+)$/m.exec(written(output)) ?? [];
  });

  const action = (inputs: Record<string, string>) =>
    step(labs ?? '', {
      ...job,
      PACKAGE: packed,
      LABS: '',
      ENGINE: 'sandbox',
      ARGUMENTS: '',
      REPORT: path.join(checkout.home, 'report'),
      ...inputs,
    });

  it('takes the labs from the package, keeps their report, and has it as its summary', async () => {
    const ran = await action({LABS: '01', ARGUMENTS: '--loads 10 --deadline 5m'});
    expect(ran, ran.stderr).toMatchObject({exitCode: 0});
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/);
    expect(written(output)).toContain(`report=${path.join(checkout.home, 'report')}\n`);
    expect(JSON.parse(written(path.join(checkout.home, 'report', 'report.json')))).toMatchObject({
      outcome: 'passed',
      command: 'run 01 --ci --loads 10 --deadline 5m --engine sandbox',
    });
    expect(written(summary)).toMatch(/^# istio-workshop report\n/);
    expect(ran.stderr).not.toContain('::error');
  });

  it('that fails has the reason as an annotation', async () => {
    const ran = await action({LABS: '99'});
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toMatch(/^::error title=istio-workshop::There is no lab "99"\.%0A/m);
  });

  it('on kind begins with what is there and what is missing', async () => {
    const [doctor] = runsOf(stepsOf('kind.yml')).filter(text => text.includes('doctor'));
    const ran = await step(doctor ?? '', {...job, PACKAGE: packed});
    expect([0, 3], ran.stderr).toContain(ran.exitCode);
    expect(ran.stdout).toMatch(/Docker/);
  });

  it('has no command that is not tried here, but the tests themselves', () => {
    const tried = [...packages, labs, ...runsOf(stepsOf('kind.yml')).filter(text => text.includes('doctor'))];
    const all = ['ci.yml', 'kind.yml'].flatMap(file => runsOf(stepsOf(file)));
    expect(all.filter(text => !tried.includes(text))).toEqual(['npm test']);
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
