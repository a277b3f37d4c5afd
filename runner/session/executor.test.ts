import {afterEach, expect, it, vi} from 'vitest';
import type {Conditions} from '../checks/conditions.ts';
import type {ProcessResult, ProcessRunner} from '../processes.ts';
import {check, command, lab} from '../testing/sample-labs.ts';
import type {SessionEvent} from './events.ts';
import {createExecutor} from './executor.ts';

afterEach(() => {
  vi.useRealTimers();
});

const never = (): never => {
  throw new Error('A command is run by the shell.');
};

const ended: ProcessResult = {
  exitCode: 0,
  stdout: '',
  stderr: '',
  timedOut: false,
  cancelled: false,
  milliseconds: 1,
};

async function problemOf(text: string, result: Partial<ProcessResult>): Promise<string | undefined> {
  const events: SessionEvent[] = [];
  const processes: ProcessRunner = {
    tool: never,
    interactive: never,
    detached: never,
    shell: async () => ({...ended, exitCode: 1, ...result}),
  };
  const executor = createExecutor({
    engine: 'kind',
    view: {event: event => void events.push(event), close: async () => {}},
    processes,
    workFolder: '/',
    environment: async () => ({}),
    conditions: {close: async () => {}} as Conditions,
    waitedFor: async () => "pod istiod-1: the image pilot:1 can't be pulled; 90 s so far",
    now: () => 0,
    release: async () => {},
  });
  const sample = lab('waits', 1, {steps: [{title: 'Wait', blocks: [command('c', {text})]}]});
  await executor.runBlock(sample, 'c', new AbortController().signal);
  return events.find(event => event.type === 'command-finished')?.problem;
}

it.each([
  ['helm install istiod istio/istiod --wait --timeout 9m', {}],
  ['kubectl rollout status deploy/istiod --timeout=5m', {}],
  ['sleep 100', {timedOut: true}],
])('says what the cluster waits for when a command waited in vain: %s', async (text, result) => {
  expect(await problemOf(text, result)).toMatch(
    /\. The cluster waits: pod istiod-1: the image pilot:1 can't be pulled; 90 s so far\.$/,
  );
});

it.each([
  ['kubectl get pods', {}],
  ['helm install a b --wait', {cancelled: true}],
])('says nothing of it otherwise: %s', async (text, result) => {
  expect(await problemOf(text, result)).not.toContain('waits');
});

it('has no problem to tell when all went well', async () => {
  expect(await problemOf('helm install a b --wait', {exitCode: 0})).toBeUndefined();
});

it('says what the API server has against a file, in the command that fails', async () => {
  const stderr =
    'Error from server: error when creating "a.yaml": admission webhook "validation.istio.io" denied the request: configuration is invalid: no hosts\n';
  expect(await problemOf('kubectl apply -f a.yaml', {stderr})).toBe('a.yaml: no hosts.');
});

it.each([
  ['a change', {exitCode: 0, stdout: 'virtualservice.networking.istio.io/reviews created\n'}, true],
  ['nothing new', {exitCode: 0, stdout: 'virtualservice.networking.istio.io/reviews unchanged\n'}, false],
  ['a failure', {exitCode: 1}, false],
] as const)('tells of %s whether and when it was routed', async (_, result, told) => {
  const events: SessionEvent[] = [];
  const shell = async () => ({...ended, ...result});
  const executor = createExecutor({
    engine: 'kind',
    view: {event: event => void events.push(event), close: async () => {}},
    processes: {tool: never, interactive: never, detached: never, shell},
    workFolder: '/',
    environment: async () => ({}),
    conditions: {close: async () => {}} as Conditions,
    watchRouted: () => ({finished: async () => ({milliseconds: 40, proxies: 7})}),
    now: () => 0,
    release: async () => {},
  });
  const blocks = [command('c', {text: 'kubectl apply -f reviews.yaml'})];
  const sample = lab('routes', 1, {steps: [{title: 'Route', blocks}]});
  await executor.runBlock(sample, 'c', new AbortController().signal);
  expect(events.filter(event => event.type === 'routed')).toEqual(
    told ? [{type: 'routed', block: 'c', milliseconds: 40, proxies: 7}] : [],
  );
});

it('says within two seconds how far a check is that says nothing itself, and up to which bound', async () => {
  vi.useFakeTimers();
  const said: string[] = [];
  const executor = createExecutor({
    engine: 'kind',
    view: {
      event(event) {
        if (event.type === 'waiting') said.push(`${event.text} of ${event.bound}`);
      },
      close: async () => {},
    },
    processes: {tool: never, interactive: never, detached: never, shell: never},
    workFolder: '/',
    environment: async () => ({}),
    conditions: {
      label: () => 'nodes',
      async check(_, {onProgress}) {
        onProgress({seen: 'not over yet', bound: 30_000});
        await new Promise(resolve => setTimeout(resolve, 13_500));
        return {verdict: 'passed', label: 'nodes', expected: '', seen: '', milliseconds: 0};
      },
    } as Partial<Conditions> as Conditions,
    now: () => Date.now(),
    release: async () => {},
  });
  const sample = lab('waits', 1, {steps: [{title: 'Wait', blocks: [check('k')]}]});
  const {signal} = new AbortController();
  const checked = executor.runCheck(sample, 'k', {signal, quiet: false});
  await vi.advanceTimersByTimeAsync(14_000);
  expect(await checked).toBe('passed');
  expect(said).toEqual([
    'nodes: not over yet; 2 s so far of 30000',
    'nodes: not over yet; 12 s so far of 30000',
  ]);
});
