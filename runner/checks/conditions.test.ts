import {describe, expect, it, vi} from 'vitest';
import type {Condition, ConditionKind} from '../catalog/lab.ts';
import type {KubeItem} from '../engines/kube/kube.ts';
import {checkAnswer, checkCommand} from './command.ts';
import type {CheckContext} from './context.ts';
import {checkLog} from './log.ts';
import {checkMetric} from './metric.ts';
import {judgePage} from './page.ts';
import {checkRequest} from './request.ts';
import {checkAbsent, checkCrds, checkResource} from './resource.ts';
import {fakeContext, fakeKube, item} from './testing/fake-context.ts';

/** What the pods' logs and proxies tell, in place of a cluster. */
const told = vi.hoisted(() => ({log: '', metrics: {status: 200, body: ''}}));
vi.mock('./pod-log.ts', () => ({logOf: async () => told.log}));
vi.mock('../engines/kube/pod-request.ts', () => ({askPod: async () => told.metrics}));

const place = {file: 'lab.md', line: 1};
const leaving = {deletionTimestamp: '2026-11-30T10:00:00Z'};

type Of<K extends ConditionKind> = Omit<Condition & {kind: K}, 'kind' | 'place'>;

const context = (objects: readonly KubeItem[], over: Partial<CheckContext> = {}): CheckContext =>
  fakeContext(
    fakeKube(() => objects),
    {answering: {starting: async () => [], silent: async () => []}, ...over},
  );

describe('a resource', () => {
  const route = (over: object = {}) =>
    item('VirtualService', 'reviews', {spec: {hosts: ['reviews']}, status: {phase: 'Ready'}, ...over});
  const wanted: Of<'resource'> = {
    resource: 'virtualservice',
    name: 'reviews',
    namespace: 'bookinfo',
    fields: [{path: '{.status.phase}', equals: 'Ready'}],
  };
  const verdict = async (objects: readonly KubeItem[]) =>
    (await checkResource({kind: 'resource', place, ...wanted}, context(objects))).verdict;

  it('passes where it stands as wanted', async () => {
    expect(await verdict([route()])).toBe('passed');
  });

  it.each<[string, readonly KubeItem[]]>([
    ['is absent', []],
    ['stands in another namespace', [route({metadata: {namespace: 'default'}})]],
    ['is being deleted', [route({metadata: leaving})]],
    ['lacks the field', [route({status: {}})]],
    ['has an empty field', [route({status: {phase: ''}})]],
    ['has another value', [route({status: {phase: 'Pending'}})]],
    [
      'has the status of an earlier generation',
      [route({metadata: {generation: 2}, status: {phase: 'Ready', observedGeneration: 1}})],
    ],
  ])('fails where it %s', async (_what, objects) => {
    expect(await verdict(objects)).toBe('failed');
  });
});

describe('an absent object', () => {
  const verdict = async (objects: readonly KubeItem[], resource = 'virtualservice') =>
    (
      await checkAbsent(
        {kind: 'absent', place, resource, name: 'reviews', namespace: 'bookinfo'},
        context(objects),
      )
    ).verdict;
  const other = item('VirtualService', 'ratings');

  it('passes where others of its kind are all there is', async () => {
    expect(await verdict([other])).toBe('passed');
  });

  it('fails where it is there, or only on its way out', async () => {
    expect(await verdict([item('VirtualService', 'reviews')])).toBe('failed');
    expect(await verdict([item('VirtualService', 'reviews', {metadata: leaving})])).toBe('failed');
  });

  it('could not be seen where nobody knows such a kind', async () => {
    expect(await verdict([other], 'virtualservise')).toBe('unknown');
  });
});

describe('definitions', () => {
  const definition = (over: object = {}, status = 'True') =>
    item('CustomResourceDefinition', 'sidecars.networking.istio.io', {
      spec: {group: 'networking.istio.io'},
      status: {conditions: [{type: 'Established', status}]},
      ...over,
    });
  const verdict = async (objects: readonly KubeItem[]) =>
    (
      await checkCrds(
        {kind: 'crds', place, group: 'istio.io', atLeast: 1},
        context(objects, {capabilities: {...context([]).capabilities, startUp: 0}}),
      )
    ).verdict;

  it('pass where they are established', async () => {
    expect(await verdict([definition()])).toBe('passed');
  });

  it('fail where there are none, or none of the group', async () => {
    expect(await verdict([])).toBe('failed');
    expect(await verdict([definition({spec: {group: 'example.com'}})])).toBe('failed');
  });

  it('fail where they are being deleted', async () => {
    expect(await verdict([definition({metadata: leaving})])).toBe('failed');
  });
});

describe('a page', () => {
  const judge = (
    wanted: Partial<Of<'page'>>,
    answer: {status?: number; body?: string; milliseconds?: number},
  ) =>
    judgePage(
      {kind: 'page', place, path: '/productpage', via: 'productpage', visitor: 'anonymous', ...wanted},
      {status: 200, body: '<p>Reviews</p>', milliseconds: 10, ...answer},
    ).kind;

  it('passes as wanted', () => {
    expect(judge({text: ['Reviews']}, {})).toBe('right');
    expect(judge({status: 503}, {status: 503, body: ''})).toBe('right');
    expect(judge({text: ['Error fetching product']}, {body: 'Error fetching product reviews!'})).toBe(
      'right',
    );
  });

  it.each<[string, Partial<Of<'page'>>, object, string]>([
    ['an empty page where a text must not be', {absentText: ['Error']}, {body: ''}, 'wrong'],
    ['an error that comes fast', {fasterThan: 1000}, {status: 503}, 'unanswered'],
    [
      'an error without the text that must not be',
      {absentText: ['Reviews']},
      {status: 500, body: 'x'},
      'wrong',
    ],
    ['a text that is missing', {text: ['Ratings']}, {}, 'wrong'],
    ['another status', {status: 200}, {status: 404}, 'wrong'],
    ['an answer that is too fast', {slowerThan: 1000}, {}, 'wrong'],
    ['an answer that is too slow', {fasterThan: 5}, {}, 'wrong'],
    ["the page's own error", {text: ['Ratings']}, {body: 'Error fetching product reviews!'}, 'unanswered'],
  ])('does not pass with %s', (_what, wanted, answer, kind) => {
    expect(judge(wanted, answer)).toBe(kind);
  });
});

describe('requests', () => {
  const wanted: Of<'request'> = {
    from: 'deploy/ratings-v1 -n bookinfo',
    url: 'http://reviews:9080/reviews/0',
    headers: {},
    times: 4,
    codes: [200],
    rate: 1,
  };
  async function check(printed: (request: number) => string, over: Partial<Of<'request'>> = {}) {
    let requests = 0;
    const tool = async () => ({stdout: printed(requests++)});
    const processes = {tool} as unknown as CheckContext['processes'];
    const {verdict, seen} = await checkRequest(
      {kind: 'request', place, ...wanted, ...over},
      context([], {processes, settled: async () => true}),
    );
    return {verdict, seen, requests};
  }

  it('pass where all are answered as wanted', async () => {
    expect(await check(() => '200 0.01\n')).toEqual({
      verdict: 'passed',
      seen: '200: 4 (slowest 0.01 s)',
      requests: 4,
    });
  });

  it.each<[string, (request: number) => string, Partial<Of<'request'>>]>([
    ['nobody answers', () => '000 0.00\n', {}],
    ['the caller is not there', () => '', {}],
    ['the caller is not there and little is wanted', () => '', {rate: 0.01}],
    ['one of them is not', request => (request === 3 ? '503 0.01\n' : '200 0.01\n'), {}],
    ['too few are', request => (request % 2 ? '503 0.01\n' : '200 0.01\n'), {rate: 0.75}],
    ['they are too slow', () => '200 3.00\n', {fasterThan: 1000}],
  ])('fail where %s', async (_what, printed, over) => {
    expect((await check(printed, over)).verdict).toBe('failed');
  });
});

const labels = {app: 'productpage'};
const workload = item('Deployment', 'productpage-v1', {spec: {selector: {matchLabels: labels}}});
const pod = (metadata: object = {}): KubeItem =>
  item('Pod', 'productpage-v1-5c', {
    metadata: {
      labels: {...labels, 'pod-template-hash': '5c'},
      ownerReferences: [{kind: 'ReplicaSet', name: 'productpage-v1-5c', uid: 'r', controller: true}] as never,
      ...metadata,
    },
    spec: {containers: [{name: 'productpage'}]},
    status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]},
  });

/** Neither of the two is there, for a log line and for a metric alike. */
const nobody: readonly [string, readonly KubeItem[]][] = [
  ['the workload is absent', []],
  ['it has no pod', [workload]],
  ['its pod is being deleted', [workload, pod(leaving)]],
  ['its selector selects everything', [item('Deployment', 'productpage-v1', {spec: {selector: {}}}), pod()]],
  [
    'the pod is of another workload',
    [workload, pod({ownerReferences: [{kind: 'ReplicaSet', name: 'canary-5c', uid: 'r', controller: true}]})],
  ],
];
const named = {workload: 'deploy/productpage-v1', namespace: 'bookinfo'};

describe('a log line', () => {
  const verdict = async (objects: readonly KubeItem[], log: string) => {
    told.log = log;
    return (await checkLog({kind: 'log', place, ...named, contains: 'reviews'}, context(objects))).verdict;
  };

  it('passes where it stands', async () => {
    expect(await verdict([workload, pod()], 'GET /\nGET /reviews/0\n')).toBe('passed');
  });

  it.each(nobody)('fails where %s', async (_what, objects) => {
    expect(await verdict(objects, 'GET /reviews/0\n')).toBe('failed');
  });

  it('fails where the log is empty', async () => {
    expect(await verdict([workload, pod()], '')).toBe('failed');
  });
});

describe('a metric', () => {
  const verdict = async (objects: readonly KubeItem[], body: string, status = 200) => {
    told.metrics = {status, body};
    const wanted = {...named, name: 'istio_requests_total', labels: {code: '200'}, atLeast: 1};
    return (await checkMetric({kind: 'metric', place, ...wanted}, context(objects))).verdict;
  };
  const counted = 'istio_requests_total{code="200"} 3\n';

  it('passes where it has been reached', async () => {
    expect(await verdict([workload, pod()], counted)).toBe('passed');
  });

  it.each(nobody)('fails where %s', async (_what, objects) => {
    expect(await verdict(objects, counted)).toBe('failed');
  });

  it.each([
    ['nothing is counted', ''],
    ['it is zero', 'istio_requests_total{code="200"} 0\n'],
    ['it is no number', 'istio_requests_total{code="200"} NaN\n'],
    ['other labels are counted', 'istio_requests_total{code="503"} 3\n'],
    ['another metric is', 'istio_requests_total_other{code="200"} 3\n'],
  ])('fails where %s', async (_what, body) => {
    expect(await verdict([workload, pod()], body)).toBe('failed');
  });

  it('fails where the pod has no proxy to ask', async () => {
    expect(await verdict([workload, pod()], counted, 404)).toBe('failed');
  });
});

describe('a command', () => {
  const verdict = async (
    result: {exitCode: number; stdout?: string; timedOut?: boolean},
    wanted: Partial<Of<'command'>> = {},
  ) => {
    const shell = async () => ({stdout: '', stderr: '', timedOut: false, ...result});
    const processes = {shell} as unknown as CheckContext['processes'];
    const condition = {kind: 'command' as const, place, text: 'kubectl get nodes', exit: 0, ...wanted};
    return (await checkCommand(condition, context([], {processes}))).verdict;
  };

  it('passes where it ends as wanted', async () => {
    expect(await verdict({exitCode: 0, stdout: 'Ready'}, {output: 'Ready'})).toBe('passed');
  });

  it.each<[string, {exitCode: number; stdout?: string; timedOut?: boolean}, Partial<Of<'command'>>]>([
    ['ends otherwise', {exitCode: 1}, {}],
    ['prints nothing', {exitCode: 0}, {output: 'Ready'}],
    ['does not end', {exitCode: 0, stdout: 'Ready', timedOut: true}, {output: 'Ready'}],
    ['is not there and failing is wanted', {exitCode: 127}, {exit: 1}],
  ])('fails where it %s', async (_what, result, wanted) => {
    expect(await verdict(result, wanted)).toBe('failed');
  });
});

describe('an answer', () => {
  const verdict = async (given: string | undefined) =>
    (
      await checkAnswer(
        {kind: 'answer', place, question: 'Which version?', choices: ['v1', 'v2'], solution: 'v2'},
        context([], {answer: async () => given}),
      )
    ).verdict;

  it('passes when it is right', async () => {
    expect(await verdict('v2')).toBe('passed');
  });

  it('does not pass when it is wrong, empty, or not given', async () => {
    expect(await verdict('v1')).toBe('failed');
    expect(await verdict('')).toBe('failed');
    expect(await verdict(undefined)).toBe('unknown');
  });
});
