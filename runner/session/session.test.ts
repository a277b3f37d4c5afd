import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Lab} from '../catalog/lab.ts';
import type {Conditions} from '../checks/conditions.ts';
import type {ConditionResult} from '../checks/result.ts';
import type {ClusterEngine} from '../engines/port.ts';
import {WorkshopError} from '../errors.ts';
import {systemProcesses} from '../processes.ts';
import type {State} from '../state/state.ts';
import {check, command, file, lab} from '../testing/sample-labs.ts';
import type {SessionEvent} from './events.ts';
import {createExecutor} from './executor.ts';
import type {RegressionWatch} from './regressions.ts';
import {startSession} from './session.ts';
import {openWorkshopStore} from './workshop-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'session-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const engine: ClusterEngine = {
  name: 'sandbox',
  title: 'sandbox (simulated)',
  capabilities: {simulated: true, propagation: 0, startUp: 0, rollout: 0, ownsCluster: true},
  detect: async () => ({usable: true, needs: '', requirements: []}),
  ensure: async () => {},
  connect: async () => ({kubeconfig: '/nowhere', env: {}}),
  running: async () => true,
  delete: async () => [],
  afterwards: () => undefined,
};

function verdicts(...wanted: ConditionResult['verdict'][]): Conditions {
  return {
    label: () => 'a condition',
    warmUp() {},
    pictures: async () => [],
    async watchTraffic() {},
    async close() {},
    async check() {
      const verdict = wanted.shift() ?? 'passed';
      return {verdict, label: 'a condition', expected: '1', seen: verdict, milliseconds: 1};
    },
  };
}

async function session(options: {
  labs: readonly Lab[];
  conditions?: Conditions;
  engine?: ClusterEngine;
  regressions?: RegressionWatch;
}) {
  const events: SessionEvent[] = [];
  const view = {event: (event: SessionEvent) => void events.push(event), close: async () => {}};
  const store = await openWorkshopStore({stateFolder: folder, name: 'test'});
  const workFolder = path.join(folder, 'work');
  const executor = createExecutor({
    engine: 'sandbox',
    view,
    processes: systemProcesses,
    workFolder,
    environment: async () => ({PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`}),
    conditions: options.conditions ?? verdicts(),
    now: () => Date.now(),
    release: async () => {},
  });
  const initial: State = {situation: 'finished', engine: 'sandbox', progress: await store.readProgress()};
  const started = startSession({
    labs: options.labs,
    store,
    engine: options.engine ?? engine,
    executor,
    view,
    initial,
    workFolder,
    ...(options.regressions ? {regressions: options.regressions} : {}),
    planned: options.labs.map(({id}) => id),
    now: () => Date.now(),
  });
  const solve = () =>
    started.dispatch({
      type: 'go-to',
      labs: options.labs.map(({id}) => id),
      pace: {kind: 'solving', until: 'queue'},
      at: Date.now(),
    });
  return {started, solve, events, store, workFolder};
}

describe('a session', () => {
  it('runs commands where the files were written, and keeps the progress', async () => {
    const first = lab('first', 1, {
      steps: [
        {
          title: 'one',
          blocks: [file('s1c1', 'route.yaml'), command('s1c2', {text: 'cat route.yaml'}), check('s1c3')],
        },
      ],
    });
    const {started, solve, events, store} = await session({labs: [first]});
    solve();
    expect(await started.finished).toBe('passed');
    const output = events.flatMap(event => (event.type === 'command-output' ? event.text : [])).join('');
    expect(output).toBe('name: s1c1\n');
    expect((await store.readProgress()).labs['first']?.status).toBe('standing');
    expect(events.at(-1)).toMatchObject({
      type: 'session-finished',
      outcome: 'passed',
      labs: [{lab: 'first', verdict: 'passed'}],
    });
  });

  it('has the refusal of a file as the first cause of a check, whoever applied it', async () => {
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    const refusal = 'The VirtualService "reviews" is invalid: spec.hosts: Required value';
    writeFileSync(
      path.join(bin, 'kubectl'),
      `#!/bin/sh\ncase "$*" in *--dry-run=server) echo '${refusal}' >&2; exit 1;; esac\n`,
      {mode: 0o755},
    );
    const apply = command('s1c2', {text: 'kubectl apply -f route.yaml'});
    const blocks = [file('s1c1', 'route.yaml'), apply, check('s1c3')];
    const first = lab('first', 1, {steps: [{title: 'one', blocks}]});
    const {started, solve, events} = await session({labs: [first], conditions: verdicts('failed')});
    solve();
    expect(await started.finished).toBe('failed');
    const judged = events.find(event => event.type === 'condition-finished');
    expect(judged?.result.why?.[0]).toMatchObject({
      code: 'broken-file',
      sentence: expect.stringContaining('route.yaml, VirtualService reviews, spec.hosts: it is missing.'),
    });
  });

  it('has the labs that were passed watched, but for the one that is being worked at', async () => {
    const followed: [passed: readonly string[], current: string | undefined][] = [];
    let closed = 0;
    const regressions: RegressionWatch = {
      follow({labs}, current) {
        const passed = Object.keys(labs).filter(id => labs[id]?.status === 'standing');
        const last = followed.at(-1);
        if (last?.[0].length === passed.length && last[1] === current) return;
        followed.push([passed, current]);
      },
      close: () => void closed++,
    };
    const labs = ['first', 'second'].map((id, index) =>
      lab(id, index + 1, {steps: [{title: 'one', blocks: [command('s1c1', {text: 'true'}), check('s1c2')]}]}),
    );
    const {started, solve} = await session({labs, regressions});
    solve();
    await started.finished;
    expect(followed).toContainEqual([[], 'first']);
    expect(followed).toContainEqual([['first'], 'second']);
    expect(closed).toBe(1);
  });

  it('keeps what the learner wrote before it writes a file anew', async () => {
    const first = lab('first', 1, {steps: [{title: 'one', blocks: [file('s1c1', 'route.yaml')]}]});
    const {started, solve, events, workFolder} = await session({labs: [first]});
    const {mkdir} = await import('node:fs/promises');
    await mkdir(workFolder, {recursive: true});
    writeFileSync(path.join(workFolder, 'route.yaml'), 'mine\n');
    solve();
    await started.finished;
    expect(readFileSync(path.join(workFolder, 'route.yaml.bak'), 'utf8')).toBe('mine\n');
    const written = events.find(event => event.type === 'file-written');
    expect(written).toMatchObject({change: 'updated', diff: expect.stringContaining('-mine\n+name: s1c1')});
  });

  it('fails a step whose file is in the way, says what it is, and goes on once it is moved', async () => {
    const first = lab('first', 1, {
      manifests: [{name: 'given.yaml', content: 'given: true\n'}],
      steps: [
        {
          title: 'one',
          blocks: [file('s1c1', 'route.yaml'), command('s1c2', {text: 'echo kubectl -f given.yaml'})],
        },
      ],
    });
    const {started, events, workFolder} = await session({labs: [first]});
    for (const name of ['route.yaml', 'given.yaml'])
      mkdirSync(path.join(workFolder, name), {recursive: true});
    const phases = () => events.flatMap(event => (event.type === 'state-changed' ? event.state : []));
    const rests = async (name: string): Promise<void> => {
      await expect.poll(() => JSON.stringify(phases().at(-1))).toContain(`"phase":{"name":"${name}"`);
    };
    started.dispatch({type: 'go-to', labs: ['first'], pace: {kind: 'learner'}, at: 0});
    started.dispatch({type: 'advance', at: 0});
    await rests('failed');
    const problems = events.flatMap(event => (event.type === 'problem' ? event.error.message : []));
    expect(problems).toEqual(
      ['given.yaml', 'route.yaml'].map(
        name => `${path.join(workFolder, name)} is a folder, and the step writes a file of that name.`,
      ),
    );
    rmSync(path.join(workFolder, 'route.yaml'), {recursive: true});
    started.dispatch({type: 'advance', at: 0});
    await rests('reading');
    expect(readFileSync(path.join(workFolder, 'route.yaml'), 'utf8')).toBe('name: s1c1\n');
    started.dispatch({type: 'quit', outcome: 'quit'});
    expect(await started.finished).toBe('quit');
  });

  it('does not run a command on what stands in the place of a manifest of the lab', async () => {
    const first = lab('first', 1, {
      manifests: [{name: 'given.yaml', content: 'given: true\n'}],
      steps: [{title: 'one', blocks: [command('s1c1', {text: 'kubectl apply -f given.yaml'})]}],
    });
    const {started, solve, events, workFolder} = await session({labs: [first]});
    mkdirSync(path.join(workFolder, 'given.yaml'), {recursive: true});
    solve();
    expect(await started.finished).toBe('failed');
    expect(events.some(event => event.type === 'command-started')).toBe(false);
  });

  it('stops at a failed check and leaves the later labs out', async () => {
    const {started, solve, events} = await session({
      labs: [lab('first', 1), lab('second', 2)],
      conditions: verdicts('failed'),
    });
    solve();
    expect(await started.finished).toBe('failed');
    expect(events.at(-1)).toMatchObject({
      labs: [
        {lab: 'first', verdict: 'failed'},
        {lab: 'second', verdict: 'not-run'},
      ],
    });
  });

  it('says what could not be checked apart from what failed', async () => {
    const {started, solve, events} = await session({
      labs: [lab('first', 1)],
      conditions: verdicts('unknown'),
    });
    solve();
    expect(await started.finished).toBe('unknown');
    expect(events.at(-1)).toMatchObject({labs: [{verdict: 'unknown'}]});
  });

  it('ends a command that hangs at its deadline, with a sentence', async () => {
    const hanging = lab('first', 1, {
      steps: [{title: 'one', blocks: [command('s1c1', {text: 'sleep 60', timeout: 200})]}],
    });
    const {started, solve, events} = await session({labs: [hanging]});
    solve();
    expect(await started.finished).toBe('failed');
    expect(events.find(event => event.type === 'command-finished')).toMatchObject({
      ok: false,
      timedOut: true,
      problem: 'It did not end within 0.2 s and was stopped.',
    });
  });

  it('quits at once while a command runs, and keeps the place', async () => {
    const hanging = lab('first', 1, {
      steps: [{title: 'one', blocks: [command('s1c1', {text: 'echo on; sleep 60'})]}],
    });
    const {started, solve, store} = await session({labs: [hanging]});
    solve();
    started.dispatch({type: 'quit', outcome: 'interrupted'});
    expect(await started.finished).toBe('interrupted');
    expect((await store.readProgress()).position).toEqual({lab: 'first', step: 0, block: 0});
  });

  it('counts an exit code that a lab wants as success', async () => {
    const wanted = lab('first', 1, {
      steps: [{title: 'one', blocks: [command('s1c1', {text: 'exit 1', exit: 1})]}],
    });
    const {started, solve} = await session({labs: [wanted]});
    solve();
    expect(await started.finished).toBe('passed');
  });

  it('takes a failure of the surroundings, which our own commands name by 3, for unknown', async () => {
    const first = lab('first', 1, {
      steps: [
        {title: 'one', blocks: [command('s1c1', {text: 'istio-workshop () { return 3; }; istio-workshop'})]},
      ],
    });
    const failing = await session({labs: [first]});
    failing.solve();
    expect(await failing.started.finished).toBe('failed');
    const own = lab('first', 1, {
      steps: [{title: 'one', blocks: [command('s1c1', {text: 'istio-workshop cluster up'})]}],
    });
    mkdirSync(path.join(folder, 'bin'));
    writeFileSync(path.join(folder, 'bin', 'istio-workshop'), '#!/bin/sh\nexit 3\n', {mode: 0o755});
    const unknown = await session({labs: [own]});
    unknown.solve();
    expect(await unknown.started.finished).toBe('unknown');
  });

  it('leaves a background command running until the session ends', async () => {
    const first = lab('first', 1, {
      steps: [
        {
          title: 'one',
          blocks: [
            command('s1c1', {text: 'echo up; exec sleep 300', background: true}),
            command('s1c2', {text: 'echo next'}),
          ],
        },
      ],
    });
    const {started, solve, events} = await session({labs: [first]});
    solve();
    expect(await started.finished).toBe('passed');
    expect(events.filter(event => event.type === 'command-finished')).toMatchObject([
      {block: 's1c1', background: true, ok: true},
      {block: 's1c2', ok: true},
    ]);
  });

  it('starts a cluster that stopped while somebody was at work, and does what failed once more', async () => {
    // Each lab takes a night, after which the cluster may be gone; the command shows that it was there.
    const up = path.join(folder, 'up');
    const events: string[] = [];
    const stopped: ClusterEngine = {
      ...engine,
      running: async () => existsSync(up),
      async ensure() {
        events.push('ensure');
        writeFileSync(up, '');
      },
    };
    const commands = [
      command('s1c1', {text: `touch ${up}`}),
      command('s1c2', {text: `rm ${up}`}),
      command('s1c3', {text: `test -e ${up}`}),
    ];
    const first = lab('first', 1, {steps: [{title: 'one', blocks: commands}]});
    const {started, solve, events: told} = await session({labs: [first], engine: stopped});
    solve();
    expect(await started.finished).toBe('passed');
    expect(events).toEqual(['ensure']);
    const said = told.flatMap(event => (event.type === 'note' ? event.text : []));
    expect(said).toContain('The cluster no longer answers. It is started again, or waited for.');
  });

  it('fails what needs a cluster that stopped and can not be had, and says why', async () => {
    const up = path.join(folder, 'up');
    const gone: ClusterEngine = {
      ...engine,
      running: async () => existsSync(up),
      async ensure() {
        throw new WorkshopError({code: 'cluster-unreachable', message: 'It is gone.', remedies: []});
      },
    };
    const commands = [
      command('s1c1', {text: `touch ${up}`}),
      command('s1c2', {text: `rm ${up}`}),
      command('s1c3', {text: `test -e ${up}`}),
    ];
    const first = lab('first', 1, {steps: [{title: 'one', blocks: commands}]});
    const {started, solve, events} = await session({labs: [first], engine: gone});
    solve();
    expect(await started.finished).toBe('unknown');
    expect(events.flatMap(event => (event.type === 'problem' ? event.error.message : []))).toEqual([
      'It is gone.',
    ]);
  });

  it('reports a cluster that can not be had as such', async () => {
    const broken: ClusterEngine = {
      ...engine,
      ensure: async () => {
        throw new WorkshopError({code: 'sandbox-died', message: 'The sandbox did not come up.'});
      },
    };
    const {started, events} = await session({labs: [lab('first', 1), lab('second', 2)], engine: broken});
    started.dispatch({type: 'go-to', labs: ['second'], pace: {kind: 'solving', until: 'queue'}, at: 0});
    expect(await started.finished).toBe('unknown');
    expect(events.find(event => event.type === 'problem')).toMatchObject({error: {code: 'sandbox-died'}});
  });
});
