import {spawn} from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {version} from '../version.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const main = path.join(root, '.build', 'main.mjs');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built program as a person would, with a state folder of its own. */
function workshop(
  args: readonly string[],
  options: {env?: Record<string, string>; directory?: string} = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.directory ?? folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      ISTIO_WORKSHOP_STATE: path.join(folder, 'state'),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = {code: null, stdout: '', stderr: ''};
  child.stdout.on('data', chunk => {
    ended.stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    ended.stderr += chunk;
  });
  return new Promise(resolve => child.on('close', code => resolve({...ended, code})));
}

describe('wrong usage', () => {
  it.each([
    ['an unknown lab', ['run', '99'], 'There is no lab "99".', '7 route-john'],
    [
      'an unknown engine',
      ['run', '01', '--engine', 'minikube'],
      'There is no engine "minikube".',
      'sandbox, kind, context',
    ],
    ['an unknown option', ['run', '--fast'], "unknown option '--fast'", '--help'],
    ['an unknown command', ['rum'], 'There is no command "rum".', 'run'],
    [
      'a bad number of loads',
      ['check', '04', '--loads', 'many'],
      '"many" is no number of loads.',
      '--loads 20',
    ],
    [
      'a bad name',
      ['list', '--workshop', '../x'],
      '"../x" can\'t be a workshop\'s name.',
      '--workshop tuesday',
    ],
    ['a pace that is none', ['sandbox', 'up', '--pace', 'slow'], '"slow" is no pace', 'fast or real'],
    [
      'a pace for a real cluster',
      ['cluster', 'up', '--engine', 'kind', '--pace', 'real'],
      '--pace is for the built-in sandbox',
      '--engine sandbox --pace real',
    ],
    [
      'an Istio that is not simulated',
      ['run', '--istio', '1.12.0'],
      'The sandbox does not simulate Istio 1.12.0.',
      '--engine kind --istio 1.12.0',
    ],
    ['a deadline that is no time', ['run', '--deadline', 'soon'], '"soon" is no time.', '--deadline 10m'],
    ['a tag of no lab', ['run', '--tag', 'rooting'], 'No lab has the tag "rooting".', 'write "routing"'],
    [
      'a mesh that should be there in a cluster that is not',
      ['run', '--skip-install', '--fresh'],
      'A cluster that is made for this run has no mesh yet.',
      'Leave --skip-install out',
    ],
    ['help for an unknown command', ['help', 'sandbox', 'upp'], 'There is no command "upp".', 'up'],
    [
      'a shell without completion',
      ['completion', 'tcsh'],
      'There is no completion for "tcsh".',
      'bash, zsh, fish',
    ],
    ['a reset of nothing', ['reset'], 'Say what to reset', 'reset --all'],
  ])('%s ends with 2, a sentence and the way on', async (_, args, sentence, remedy) => {
    const {code, stderr, stdout} = await workshop(args);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    // A workshop begins with what is done in it, and its engine can be chosen until then.
    expect(existsSync(path.join(folder, 'state', 'workshops', 'default', 'workshop.json'))).toBe(false);
  });

  it('is data with --json', async () => {
    const {code, stdout} = await workshop(['run', '99', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({type: 'problem', error: {code: 'unknown-lab', exitCode: 2}});
    expect(code).toBe(2);
  });
});

describe('help and lists', () => {
  it('--help names the commands and ends with 0', async () => {
    const {code, stdout} = await workshop(['--help']);
    for (const name of ['run', 'check', 'why', 'list', 'reset', 'shell', 'sandbox', 'lint'])
      expect(stdout).toContain(`  ${name}`);
    expect(code).toBe(0);
  });

  it('help prints that of the command it is given, as --help does', async () => {
    const asked = await workshop(['help', 'sandbox', 'down']);
    expect(asked.stdout).toContain('Usage: istio-workshop sandbox down');
    expect(asked.code).toBe(0);
    expect((await workshop(['sandbox', 'down', '--help'])).stdout).toBe(asked.stdout);
    expect((await workshop(['help'])).stdout).toBe((await workshop(['--help'])).stdout);
  });

  it('--version prints the version alone', async () => {
    expect(await workshop(['--version'])).toEqual({code: 0, stdout: `${version}\n`, stderr: ''});
  });

  it('list prints every lab, as text and as JSON', async () => {
    const text = await workshop(['list']);
    expect(text.stdout.trim().split('\n').length).toBeGreaterThanOrEqual(7);
    const json = await workshop(['list', '--json']);
    const labs = json.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(labs[6]).toMatchObject({number: 7, id: 'route-john', status: 'open'});
  });
});

describe('a lab whose result the cluster had before', () => {
  beforeEach(() => {
    const home = path.join(folder, 'state', 'workshops', 'default');
    mkdirSync(home, {recursive: true});
    const given = {status: 'given', passedAt: '2026-01-01T00:00:00.000Z', milliseconds: 0};
    writeFileSync(
      path.join(home, 'progress.json'),
      JSON.stringify({format: 1, labs: {'install-istio': given}}),
    );
  });

  it('is listed as such', async () => {
    expect((await workshop(['list'])).stdout).toMatch(/✓ 02 {2}Install Istio .* was here before/);
    const second = (await workshop(['list', '--json'])).stdout.split('\n')[1] ?? '';
    expect(JSON.parse(second)).toMatchObject({id: 'install-istio', status: 'given'});
  });

  it('is neither checked nor undone', async () => {
    const checked = await workshop(['check', '02']);
    expect(checked.stderr).toContain('was here before the workshop');
    expect(checked.code).toBe(0);
    const undone = await workshop(['reset', '02']);
    expect(undone.stderr).toContain('Istio was in this cluster before the workshop');
    expect(undone.code).toBe(2);
  });
});

describe('a lab with mistakes', () => {
  const good = path.join(root, 'labs', '01-create-cluster');

  function labWith(change: (text: string) => string): string {
    const labs = path.join(folder, 'labs');
    cpSync(good, path.join(labs, '01-create-cluster'), {recursive: true});
    const file = path.join(labs, '01-create-cluster', 'lab.md');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    return labs;
  }

  it.each([
    ['a YAML error', (text: string) => text.replace('format: 1', 'format: [1'), /lab\.md:\d+: /],
    ['an unknown field', (text: string) => text.replace('minutes: 3', 'minuts: 3'), /lab\.md:\d+: .*minuts/],
    ['an unknown check', (text: string) => text.replace('- command:', '- comand:'), /lab\.md:\d+: .*comand/],
    [
      'a need that is not there',
      (text: string) => text.replace('minutes: 3', 'minutes: 3\nneeds: [nothing]'),
      /lab\.md:\d+: .*nothing/,
    ],
    [
      'a path out of its folder',
      (text: string) => `${text}
## More

\`\`\`yaml file=../x.yaml
a: 1
\`\`\`
`,
      /lab\.md:\d+: .*\.\.\/x\.yaml/,
    ],
    ['a cd', (text: string) => text.replace('kubectl get nodes', 'cd /tmp'), /lab\.md:\d+: .*cd/],
  ])('%s is named with file and line, with a fix, and ends with 2', async (_, change, place) => {
    const {code, stdout} = await workshop(['lint', labWith(change)]);
    expect(stdout).toMatch(place);
    expect(stdout).toContain('→ ');
    expect(code).toBe(2);
  });

  it('leaves the faults of labs as SARIF, with file and line, where a report is asked for', async () => {
    const change = (text: string): string => text.replace('- command:', '- comand:');
    const {code} = await workshop(['lint', labWith(change), '--report', 'report']);
    expect(code).toBe(2);
    const {runs} = JSON.parse(readFileSync(path.join(folder, 'report', 'report.sarif'), 'utf8'));
    expect(runs[0].results).toMatchObject([
      {
        ruleId: 'labs-invalid',
        locations: [{physicalLocation: {region: {startLine: expect.any(Number)}}}],
      },
    ]);
  });

  it('has no problems as it is shipped', async () => {
    const {code, stdout} = await workshop(['lint', path.join(root, 'labs')]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });
});

describe('the surroundings', () => {
  it('a state folder that can not be made is said so, with 3', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const {code, stderr} = await workshop(['list'], {
      env: {ISTIO_WORKSHOP_STATE: path.join(folder, 'file', 'state')},
    });
    expect(stderr).toContain("error: Can't write to the state folder");
    expect(code).toBe(3);
  });

  it('state of a newer version is refused, with 3', async () => {
    const place = path.join(folder, 'state', 'workshops', 'default');
    mkdirSync(place, {recursive: true});
    writeFileSync(path.join(place, 'progress.json'), '{"format": 7}');
    const {code, stderr} = await workshop(['list']);
    expect(stderr).toContain('was written by a newer istio-workshop');
    expect(code).toBe(3);
  });

  it('a check without a cluster could not be checked, with 3', async () => {
    const {code, stdout} = await workshop(['check', '04']);
    expect(stdout).toContain('There is no cluster yet');
    expect(stdout).toContain('istio-workshop run 01');
    expect(code).toBe(3);
  });

  it('a sandbox that died is said so, and comes back with its state', async () => {
    const up = JSON.parse((await workshop(['sandbox', 'up', '--json'])).stdout);
    process.kill(up.process.pid, 'SIGKILL');
    const dead = await workshop(['why']);
    expect(dead.stderr).toContain('does not answer');
    expect(dead.stderr).toContain('istio-workshop cluster up');
    expect(dead.code).toBe(3);
    expect((await workshop(['sandbox', 'status'])).code).toBe(3);
    expect((await workshop(['sandbox', 'up'])).code).toBe(0);
    expect((await workshop(['reset', '--all'])).code).toBe(0);
    expect(existsSync(path.join(folder, 'state', 'workshops', 'default'))).toBe(false);
  });

  it('a sandbox keeps the pace that was chosen, and starts anew at another, with its state', async () => {
    const up = JSON.parse((await workshop(['sandbox', 'up', '--pace', 'real', '--json'])).stdout);
    expect(up).toMatchObject({pace: 'real', started: true});
    expect((await workshop(['sandbox', 'status'])).stdout).toContain('at the pace real');
    const again = await workshop(['cluster', 'up']);
    expect(again.stdout).toContain('sandbox (simulated, pace real)');
    expect(again.stderr).toBe('');
    const fast = JSON.parse((await workshop(['sandbox', 'up', '--pace', 'fast', '--json'])).stdout);
    expect(fast).toMatchObject({pace: 'fast', started: true, url: up.url});
    expect(fast.pid).not.toBe(up.pid);
    expect((await workshop(['reset', '--all', '--yes'])).code).toBe(0);
  });

  it('a second run on the same workshop is refused, naming the first', async () => {
    const place = path.join(folder, 'state', 'workshops', 'default');
    mkdirSync(place, {recursive: true});
    writeFileSync(path.join(place, 'lock'), JSON.stringify({pid: process.pid, started: ''}));
    const {code, stderr} = await workshop(['run', '01']);
    expect(stderr).toContain(`is open in another istio-workshop (process ${process.pid})`);
    expect(stderr).toContain('--workshop NAME');
    expect(code).toBe(3);
  });

  it('a Node that is too old gets one sentence before anything else', async () => {
    const old = path.join(folder, 'old.mjs');
    writeFileSync(
      old,
      `Object.defineProperty(process.versions, 'node', {value: '18.20.0'});\nawait import(${JSON.stringify(path.join(root, 'scripts', 'start.mjs'))});\n`,
    );
    const child = spawn(process.execPath, [old], {stdio: ['ignore', 'ignore', 'pipe']});
    let stderr = '';
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    const code = await new Promise(resolve => child.on('close', resolve));
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('needs Node 20.19 or later; this is 18.20.0');
    expect(code).toBe(3);
  });
});

describe('an interrupted run', () => {
  it('ends what it started, keeps its place, and says 130', async () => {
    const tools = path.join(folder, 'tools');
    mkdirSync(tools);
    // A kubectl that hangs: what a learner interrupts.
    writeFileSync(path.join(tools, 'kubectl'), '#!/bin/sh\necho hanging\nexec sleep 300\n');
    chmodSync(path.join(tools, 'kubectl'), 0o755);
    const child = spawn(process.execPath, [main, 'run', '01', '--json'], {
      cwd: folder,
      env: {
        PATH: `${tools}:${process.env['PATH']}`,
        HOME: folder,
        ISTIO_WORKSHOP_STATE: path.join(folder, 'state'),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    let interrupted = false;
    child.stdout.on('data', chunk => {
      stdout += chunk;
      if (interrupted || !stdout.includes('hanging')) return;
      // Once: a second one, while it ends, would not let it come to its end.
      interrupted = true;
      child.kill('SIGINT');
    });
    const code = await new Promise(resolve => child.on('close', resolve));
    expect(code).toBe(130);
    const progress = JSON.parse(
      readFileSync(path.join(folder, 'state', 'workshops', 'default', 'progress.json'), 'utf8'),
    );
    expect(progress.position).toMatchObject({lab: 'create-cluster', step: 1});
    expect((await workshop(['reset', '--all'])).code).toBe(0);
  });
});
