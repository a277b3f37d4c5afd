import {describe, expect, it} from 'vitest';
import {WorkshopError} from '../../errors.ts';
import type {SessionEvent} from '../../session/events.ts';
import {createJsonView} from '../json/json-view.ts';
import {createPaint} from '../paint.ts';
import {conditionResult, observed, sampleLabs, stepState} from '../testing/models.ts';
import {createPlainView} from './plain-view.ts';

const [first] = sampleLabs;
if (!first) throw new Error('no labs');

/** What is said: `>` stands before talk, results stand alone. */
function said(...events: readonly SessionEvent[]): string[] {
  const lines: string[] = [];
  const view = createPlainView({
    out: line => void lines.push(line),
    talk: line => void lines.push(`>${line}`),
    paint: createPaint(false),
  });
  for (const event of events) view.event(event);
  return lines;
}

const finished: SessionEvent & {type: 'command-finished'} = {
  type: 'command-finished',
  block: 'b',
  exitCode: 0,
  wanted: 0,
  ok: true,
  background: false,
  timedOut: false,
  cancelled: false,
  milliseconds: 240,
};
const printed = (text: string): SessionEvent => ({
  type: 'command-output',
  block: 'b',
  text,
  stream: 'stdout',
});
const written: SessionEvent & {type: 'file-written'} = {
  type: 'file-written',
  block: 'b',
  name: 'a.yaml',
  path: '/a.yaml',
  change: 'created',
};
const condition: SessionEvent & {type: 'condition-finished'} = {
  type: 'condition-finished',
  block: 'b',
  index: 0,
  quiet: false,
  result: conditionResult({verdict: 'passed'}),
};
const error = new WorkshopError({code: 'x', message: 'It broke.', detail: 'one\ntwo', remedies: ['Mend it']});

/** What each event says in lines, and whether it is a line of JSON; a new event has to be decided here. */
const table: {
  [Type in SessionEvent['type']]: [SessionEvent & {type: Type}, readonly string[], object | null];
} = {
  'session-started': [
    {type: 'session-started', workshop: 'w', engine: 'e', simulated: true, workFolder: '/f', labs: []},
    ['>istio-workshop · e · work folder /f'],
    {workFolder: '/f'},
  ],
  'engines-found': [{type: 'engines-found', engines: []}, [], {engines: []}],
  'state-changed': [{type: 'state-changed', state: stepState({name: 'reading'})}, [], null],
  waiting: [{type: 'waiting', text: 'for a pod'}, ['>      … waiting: for a pod'], {text: 'for a pod'}],
  'cluster-notice': [{type: 'cluster-notice', text: 'lost'}, ['>! lost'], {text: 'lost'}],
  'cluster-progress': [{type: 'cluster-progress', text: 'starting'}, ['>  … starting'], {text: 'starting'}],
  'lab-started': [
    {type: 'lab-started', lab: first},
    ['', 'Lab 1 · Lab first'],
    {lab: {id: 'first', number: 1, title: 'Lab first'}},
  ],
  'step-started': [
    {type: 'step-started', lab: first, step: 1},
    ['  A command alone'],
    {lab: 'first', step: 2, title: 'A command alone'},
  ],
  'command-started': [
    {type: 'command-started', lab: 'first', block: 'b', text: 'one \\\n  two\n', background: true},
    ['    $ one \\   (goes on in the background)', '    >   two'],
    {text: 'one \\\n  two\n'},
  ],
  'background-changed': [
    {type: 'background-changed', command: 'forward', state: 'down'},
    [],
    {command: 'forward', state: 'down'},
  ],
  'command-output': [
    {type: 'command-output', block: 'b', text: 'a', stream: 'stderr'},
    [],
    {text: 'a', stream: 'stderr'},
  ],
  'command-finished': [finished, ['    ✓ 0.24 s'], {ok: true, exitCode: 0}],
  routed: [
    {type: 'routed', block: 'b', milliseconds: 400, proxies: 7},
    ['      routed after 0.40 s by all 7 proxies'],
    {milliseconds: 400, proxies: 7},
  ],
  'cleanup-finished': [
    {type: 'cleanup-finished', left: ['Namespace bookinfo']},
    ['>! left behind: Namespace bookinfo'],
    {left: ['Namespace bookinfo']},
  ],
  observed: [observed, [], null],
  versions: [{type: 'versions', versions: {kubernetes: 'v1.33.4'}}, [], {versions: {kubernetes: 'v1.33.4'}}],
  'file-written': [written, ['    ✓ a.yaml written'], {name: 'a.yaml', change: 'created'}],
  'file-edited': [{type: 'file-edited', block: 'b', name: 'a.yaml', asShown: true}, [], {name: 'a.yaml'}],
  'file-seen': [
    {type: 'file-seen', block: 'b', name: 'a.yaml', state: 'differs', diff: '-a'},
    [">a.yaml differs from the lab's: d shows how"],
    {state: 'differs', diff: '-a'},
  ],
  'check-started': [
    {type: 'check-started', lab: 'first', block: 'b', labels: ['a'], quiet: false},
    [],
    {labels: ['a']},
  ],
  'condition-progress': [{type: 'condition-progress', block: 'b', index: 0, seen: 'x'}, [], null],
  'condition-finished': [
    condition,
    ['    ✓ stars black for every visitor: red  1.2 s'],
    {result: {verdict: 'passed'}},
  ],
  'check-finished': [
    {type: 'check-finished', lab: 'first', block: 'b', verdict: 'failed', milliseconds: 1, quiet: false},
    [],
    {verdict: 'failed'},
  ],
  traffic: [
    {type: 'traffic', load: {visitor: 'jason', stars: 'red', milliseconds: 1}},
    [],
    {load: {visitor: 'jason'}},
  ],
  'lab-passed': [
    {type: 'lab-passed', lab: 'first', milliseconds: 5000},
    ['  ✓ passed  5.0 s'],
    {lab: 'first'},
  ],
  'reset-finished': [
    {type: 'reset-finished', lab: 'first', ok: true},
    ['  ✓ lab first is reset'],
    {ok: true},
  ],
  problem: [
    {type: 'problem', error},
    ['>error: It broke.', '>  one', '>  two', '>  → Mend it'],
    {error: {code: 'x', message: 'It broke.', detail: 'one\ntwo', remedies: ['Mend it'], exitCode: 3}},
  ],
  note: [{type: 'note', text: 'n'}, ['>n'], {text: 'n'}],
  'session-finished': [
    {type: 'session-finished', outcome: 'quit', labs: [], milliseconds: 1},
    [],
    {outcome: 'quit'},
  ],
};

describe('lines', () => {
  it.each(Object.entries(table))('%s', (_, [event, lines]) => {
    expect(said(event)).toEqual(lines);
  });

  it('show what a command printed once it has ended, the middle of long output folded', () => {
    expect(said(printed('a\nb'), printed('c\n'), finished)).toEqual(['      a', '      bc', '    ✓ 0.24 s']);
    const long = Array.from({length: 30}, (_, index) => `${index}\n`).join('');
    const folded = said(printed(long), finished);
    expect(folded).toHaveLength(12);
    expect(folded[6]).toBe('      … 20 more lines …');
    const failed = said(printed(long), {...finished, ok: false, problem: 'It ended with exit code 1.'});
    expect(failed).toHaveLength(31);
    expect(failed.at(-1)).toBe('    ✗ It ended with exit code 1.  0.24 s');
  });

  it('name the bound of a wait once', () => {
    const bound = 600_000;
    expect(said({type: 'waiting', text: 'pod a', bound})).toEqual([
      '>      … waiting: pod a (at most 10 min)',
    ]);
    const text = 'reviews-v2-7d started 9 s ago and does not answer yet (waiting for 3 s of at most 35 s)';
    expect(said({type: 'waiting', for: 'start-up', text, elapsed: 3000, bound: 35_000})).toEqual([
      `>      … waiting: ${text}`,
    ]);
  });

  it('show of a line that was drawn over its last state, and nothing that moves a cursor', () => {
    expect(said(printed('10%\r100%\r\n\u001b[2Kdone\n\nend\n'), finished)).toEqual([
      '      100%',
      '      done',
      '      ',
      '      end',
      '    ✓ 0.24 s',
    ]);
  });

  it.each([
    ['unchanged', 'is there already'],
    ['updated', 'written anew'],
  ] as const)('say of a file that it was %s', (change, words) => {
    expect(said({...written, change, backup: 'a.yaml.1'})).toEqual([
      `    ✓ a.yaml ${words}`,
      '      what stood there before is kept in a.yaml.1',
    ]);
  });

  it('say why, and leave out what nobody asked for', () => {
    const why = [
      {
        code: 'host',
        sentence: 'The host is misspelt.',
        object: 'VirtualService reviews',
        fix: 'x',
        command: 'c',
      },
    ];
    expect(said({...condition, result: conditionResult({why, remedies: ['r'], notes: ['n']})})).toEqual([
      '    ✗ stars black for every visitor: red  1.2 s',
      '      expected: black',
      '      n',
      '      why: The host is misspelt. (VirtualService reviews)  host',
      '           fix: x',
      '           $ c',
      '      → r',
    ]);
    expect(said({...condition, quiet: true})).toEqual([]);
    expect(said({...table['reset-finished'][0], ok: false})).toEqual(['  ✗ lab first could not be reset']);
  });

  it('end with what became of each lab', () => {
    const lab = {lab: 'x', title: 'T', milliseconds: 2000};
    const labs = (['passed', 'failed', 'unknown', 'not-run'] as const).map((verdict, index) => ({
      ...lab,
      number: index + 1,
      verdict,
    }));
    expect(said({type: 'session-finished', outcome: 'failed', labs, milliseconds: 9000})).toEqual([
      '',
      '✓ 01 T: passed  2.0 s',
      '✗ 02 T: failed',
      '? 03 T: could not be checked',
      '- 04 T: not run',
      '1 of 4 labs passed in 9.0 s',
    ]);
  });
});

describe('the last line of a run', () => {
  const end = {type: 'session-finished', outcome: 'failed', milliseconds: 9000} as const;
  const labs = [{lab: 'first', title: 'T', milliseconds: 2000, number: 1, verdict: 'failed'}] as const;
  const told = (index: number, verdict: 'passed' | 'failed' | 'unknown'): SessionEvent => ({
    ...condition,
    index,
    result: conditionResult({verdict}),
  });

  it('counts the conditions that passed and failed, each as it stood in the end', () => {
    const lines = said(
      {type: 'lab-started', lab: first},
      told(0, 'failed'),
      told(0, 'passed'),
      told(1, 'failed'),
      told(2, 'unknown'),
      {...end, labs},
    );
    expect(lines.slice(-2)).toEqual(['1 condition could not be checked', '1 passed, 1 failed']);
  });

  it('says so where none was looked at', () => {
    expect(said({type: 'lab-started', lab: first}, {...end, labs}).at(-1)).toBe('0 passed, 0 failed');
  });
});

describe('the way this program was started', () => {
  const lines = (...events: readonly SessionEvent[]): string[] => {
    const written: string[] = [];
    const keep = (line: string): void => void written.push(line);
    const view = createPlainView({out: keep, talk: keep, paint: createPaint(false), program: 'npm start --'});
    for (const event of events) view.event(event);
    return written;
  };

  it('stands in what is said to do next', () => {
    const remedies = [{say: 'Then start again', command: 'cluster up'}];
    expect(
      lines({type: 'problem', error: new WorkshopError({code: 'x', message: 'It broke.', remedies})}),
    ).toEqual(['error: It broke.', '  → Then start again: npm start -- cluster up']);
  });

  it('changes nothing of what others wrote', () => {
    const text = 'kind create cluster --name istio-workshop --config c.yaml';
    expect(lines(printed(`$ ${text}\n`), finished).join('\n')).toContain(text);
    expect(lines({type: 'note', text})).toEqual([expect.stringContaining(text)]);
  });
});

describe('JSON', () => {
  it.each(Object.entries(table))('%s', (type, [event, , expected]) => {
    const lines: string[] = [];
    createJsonView(line => void lines.push(line)).event(event);
    if (expected === null) return expect(lines).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
    return expect(JSON.parse(lines[0] ?? '')).toMatchObject({type, ...expected});
  });

  it('names a lab and does not repeat it', () => {
    const lines: string[] = [];
    createJsonView(line => void lines.push(line)).event({type: 'step-started', lab: first, step: 0});
    expect(Object.keys(JSON.parse(lines[0] ?? ''))).toEqual(['type', 'lab', 'step', 'title']);
  });
});
