import type {CheckBlock, Lab} from '../../catalog/lab.ts';
import type {ConditionResult} from '../../checks/result.ts';
import type {SessionEvent} from '../../session/events.ts';
import {command, file, lab} from '../../testing/sample-labs.ts';
import {observed} from '../../ui/testing/models.ts';
import {createRecorder, type RunRecorder} from '../record.ts';

const place = {file: 'labs/02-route/lab.md', line: 31};

const stars: CheckBlock = {
  kind: 'check',
  id: 's1c3',
  momentary: false,
  conditions: [
    {
      kind: 'stars',
      via: 'productpage',
      wanted: {mode: 'each', visitors: {jason: 'black', john: 'none'}},
      place,
    },
    {kind: 'resource', resource: 'virtualservice', name: 'reviews', fields: [], place: {...place, line: 34}},
  ],
  place,
};

/** Three labs: one that passes, one that fails, one that is never begun. */
export const runLabs: readonly Lab[] = [
  lab('first', 1),
  lab('route', 2, {
    title: 'Route <jason> & "john"',
    place: {file: 'labs/02-route/lab.md', line: 1},
    steps: [{title: 'Write it', blocks: [command('s1c1'), file('s1c2', 'route.yaml'), stars]}],
  }),
  lab('last', 3, {place: {file: 'labs/03-last/lab.md', line: 1}}),
];

export const failedStars: ConditionResult = {
  verdict: 'failed',
  label: 'stars jason black, john none',
  expected: 'jason black, john none',
  seen: 'jason red, john none',
  milliseconds: 1900,
  settled: {by: 'engine', after: 400},
  rows: [
    {visitor: 'jason', expected: 'black', stars: [5, 4], seen: 'red', good: 0, loads: 3, version: 'v3'},
    {visitor: 'john', expected: 'none', stars: [], seen: 'none', good: 10, loads: 10, version: 'v1'},
  ],
  notes: ['10 of 13 loads were right'],
  pictures: [
    {
      visitor: 'jason',
      stars: 'red',
      version: 'v3',
      path: '/report/evidence/02-route/s1c3-1/jason.png',
      html: '/report/evidence/02-route/s1c3-1/jason.html',
    },
  ],
  traces: [
    {visitor: 'jason', path: '/report/evidence/02-route/s1c3-1/jason.trace.zip', loads: ['red', 'red']},
  ],
  proxyLogs: [{pod: 'productpage-v1-1', container: 'istio-proxy', lines: ['"GET /reviews/0 HTTP/1.1" 200']}],
  why: [
    {
      code: 'header-value',
      sentence: 'The rule wants end-user to be "Jason".',
      object: 'VirtualService bookinfo/reviews',
      fix: 'spec.http[0].match[0].headers.end-user.exact: "Jason" -> "jason"',
      command: 'kubectl edit virtualservice reviews -n bookinfo',
    },
    {code: 'weights', sentence: 'The rule spreads its requests.', object: 'VirtualService bookinfo/reviews'},
  ],
};

const finished = {
  type: 'command-finished',
  exitCode: 0,
  wanted: 0,
  ok: true,
  background: false,
  timedOut: false,
  cancelled: false,
  milliseconds: 240,
} as const;

const [first, route] = runLabs as [Lab, Lab, Lab];

const begun: readonly SessionEvent[] = [
  {
    type: 'session-started',
    workshop: 'fresh',
    engine: 'sandbox (simulated) · Istio 1.30.3',
    simulated: true,
    workFolder: '/work',
    labs: ['first', 'route', 'last'],
  },
  {type: 'lab-started', lab: first},
  {type: 'step-started', lab: first, step: 0},
  {type: 'command-started', lab: 'first', block: 's1c1', text: 'echo s1c1', background: false},
  {type: 'command-output', block: 's1c1', text: '\u001b[32mhello\u001b[39m\u0007\n', stream: 'stdout'},
  {...finished, block: 's1c1'},
  {type: 'routed', block: 's1c1', milliseconds: 400, proxies: 7},
  {type: 'check-started', lab: 'first', block: 's1c2', labels: ['true'], quiet: false},
  {
    type: 'condition-finished',
    block: 's1c2',
    index: 0,
    quiet: false,
    result: {
      verdict: 'passed',
      label: 'true',
      expected: 'exit code 0',
      seen: 'exit code 0',
      milliseconds: 300,
    },
  },
  {type: 'check-finished', lab: 'first', block: 's1c2', verdict: 'passed', milliseconds: 310, quiet: false},
  {
    type: 'versions',
    versions: {kubernetes: 'v1.33.4+istio-workshop', istio: '1.30.3', browser: 'chromium 1'},
  },
  {type: 'lab-passed', lab: 'first', milliseconds: 900},
  {type: 'lab-started', lab: route},
  {type: 'step-started', lab: route, step: 0},
  {type: 'command-started', lab: 'route', block: 's1c1', text: 'echo s1c1', background: false},
];

/** A run that fails in its second lab, as it is told. */
export const failedRun: readonly SessionEvent[] = [
  ...begun,
  {...finished, block: 's1c1'},
  {type: 'file-written', block: 's1c2', name: 'route.yaml', path: '/work/route.yaml', change: 'created'},
  {
    type: 'check-started',
    lab: 'route',
    block: 's1c3',
    labels: ['stars', 'virtualservice/reviews'],
    quiet: false,
  },
  {...observed, block: 's1c3', phase: 'settle', right: false},
  {...observed, block: 's1c3', right: false},
  {type: 'condition-finished', block: 's1c3', index: 0, result: failedStars, quiet: false},
  {
    type: 'condition-finished',
    block: 's1c3',
    index: 1,
    quiet: false,
    result: {
      verdict: 'unknown',
      label: 'virtualservice/reviews',
      expected: 'to be seen',
      seen: 'The cluster answered: no.',
      milliseconds: 20,
      remedies: [{say: 'Look at it', command: 'cluster up'}],
    },
  },
  {type: 'check-finished', lab: 'route', block: 's1c3', verdict: 'failed', milliseconds: 2000, quiet: false},
  {
    type: 'session-finished',
    outcome: 'failed',
    milliseconds: 4000,
    labs: [
      {lab: 'first', number: 1, title: first.title, verdict: 'passed', milliseconds: 900},
      {lab: 'route', number: 2, title: route.title, verdict: 'failed', milliseconds: 0},
      {lab: 'last', number: 3, title: 'Lab last', verdict: 'not-run', milliseconds: 0},
    ],
  },
];

/** A run whose second lab has a command that fails. */
export const brokenCommandRun: readonly SessionEvent[] = [
  ...begun,
  {
    ...finished,
    block: 's1c1',
    ok: false,
    exitCode: 1,
    problem: 'route.yaml, line 11, VirtualService reviews, spec.http: it is missing.',
  },
];

const startedAt = Date.parse('2026-01-01T10:00:00.000Z');

/** The record of a run: an event each 100 ms. */
export function recordOf(events: readonly SessionEvent[]): ReturnType<RunRecorder['record']> {
  const recorder = createRecorder({
    command: 'run --all',
    engine: 'sandbox',
    labs: runLabs,
    versions: {'istio-workshop': '0.1.0', node: '20.19.0', platform: 'linux x64'},
    startedAt,
    fileOf: path => path.replace('/report/', ''),
  });
  for (const [index, event] of events.entries()) recorder.add(event, startedAt + (index + 1) * 100);
  return recorder.record();
}
