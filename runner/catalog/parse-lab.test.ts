import {describe, expect, it} from 'vitest';
import {parseLab} from './parse-lab.ts';
import {formatProblem} from './problem.ts';

const frontMatter = `---
format: 1
id: sample
title: A sample
summary: One line.
minutes: 5
---
`;

function parse(body: string) {
  return parseLab(`${frontMatter}${body}`, 'labs/01-sample/lab.md');
}

function problemsOf(body: string): readonly string[] {
  return parse(body).problems.map(formatProblem);
}

const fence = '```';

describe('parseLab', () => {
  const page = parse(`Prose before.

## First step

Look *here*:

> [!NOTE]
> This stays prose.

${fence}sh engine=kind,context timeout=10m exit=1
kubectl get pods
${fence}

${fence}yaml file=a.yaml
a: 1
${fence}

${fence}yaml check
- stars: black
${fence}

> [!TIP]
> A nudge.

> [!TIP]
> The pointer,
> on two lines.

## Undo

Prose of the reset.

${fence}sh reset
kubectl delete -f a.yaml
${fence}

## Second step

${fence}console
sample output
${fence}

${fence}sh background
kubectl port-forward svc/a 1:1
${fence}
`);

  it('keeps what is shown in order, and numbers what is run', () => {
    expect(page.problems).toEqual([]);
    expect(page.introduction).toEqual([{kind: 'prose', markdown: 'Prose before.'}]);
    expect(page.steps.map(step => [step.title, step.blocks.map(block => block.kind)])).toEqual([
      ['First step', ['prose', 'command', 'file', 'check', 'hint', 'hint']],
      ['Second step', ['console', 'command']],
    ]);
    const ids = page.steps.flatMap(step => step.blocks).flatMap(block => ('id' in block ? block.id : []));
    expect(ids).toEqual(['s1c1', 's1c2', 's1c3', 's2c1']);
  });

  it('reads the attributes of commands, and where they stand', () => {
    expect(page.steps[0]?.blocks[1]).toEqual({
      kind: 'command',
      id: 's1c1',
      text: 'kubectl get pods',
      engines: ['kind', 'context'],
      background: false,
      timeout: 600_000,
      exit: 1,
      place: {file: 'labs/01-sample/lab.md', line: 17},
    });
    expect(page.steps[1]?.blocks[1]).toMatchObject({background: true, timeout: 60_000, exit: 0});
  });

  it('takes the reset out of the steps', () => {
    expect(page.reset).toMatchObject([{id: 'reset1', text: 'kubectl delete -f a.yaml'}]);
  });

  it('turns tips into hints without their quotation marks', () => {
    const hints = page.steps[0]?.blocks.filter(block => block.kind === 'hint');
    expect(hints).toEqual([
      {kind: 'hint', markdown: 'A nudge.'},
      {kind: 'hint', markdown: 'The pointer,\non two lines.'},
    ]);
  });
});

describe('the forms of a condition', () => {
  function conditionsOf(check: string) {
    const page = parse(`## Step\n\n${fence}yaml check\n${check}\n${fence}\n`);
    expect(page.problems).toEqual([]);
    const [block] = page.steps[0]?.blocks ?? [];
    return block?.kind === 'check' ? block.conditions.map(({place: _place, ...condition}) => condition) : [];
  }
  const everybody = ['anonymous', 'jason', 'john'];

  it.each([
    ['black', {mode: 'each', visitors: {anonymous: 'black', jason: 'black', john: 'black'}}],
    ['{jason: black, john: none}', {mode: 'each', visitors: {jason: 'black', john: 'none'}}],
    ['{seen: [none, red]}', {mode: 'seen', stars: ['none', 'red'], visitors: everybody}],
    [
      '{none: 25%, red: 75%, margin: 5%, visitors: [jason]}',
      {mode: 'mix', shares: {none: 0.25, black: 0, red: 0.75}, margin: 0.05, visitors: ['jason']},
    ],
    [
      '{none: 33%, black: 33%, red: 33%}',
      {
        mode: 'mix',
        shares: {none: expect.closeTo(1 / 3), black: expect.closeTo(1 / 3), red: expect.closeTo(1 / 3)},
        margin: 0.1,
        visitors: everybody,
      },
    ],
  ])('stars: %s', (written, wanted) => {
    expect(conditionsOf(`- stars: ${written}`)).toEqual([{kind: 'stars', wanted, via: 'productpage'}]);
  });

  it.each([
    [
      "- resource: virtualservice/reviews -n bookinfo\n  fields: {'{.spec.a}': v2, '{.spec.n}': 1}",
      {
        kind: 'resource',
        resource: 'virtualservice',
        name: 'reviews',
        namespace: 'bookinfo',
        fields: [
          {path: '{.spec.a}', equals: 'v2'},
          {path: '{.spec.n}', equals: '1'},
        ],
      },
    ],
    ['- absent: pod/a -n b', {kind: 'absent', resource: 'pod', name: 'a', namespace: 'b'}],
    [
      '- {ready: deploy/a, namespace: b}',
      {kind: 'ready', workloads: ['deploy/a'], namespace: 'b', sidecar: false},
    ],
    ['- crds: {group: istio.io, atLeast: 14}', {kind: 'crds', group: 'istio.io', atLeast: 14}],
    [
      '- {page: /productpage, via: gateway, status: 200, text: Reviews, slowerThan: 2s}',
      {
        kind: 'page',
        path: '/productpage',
        via: 'gateway',
        visitor: 'anonymous',
        status: 200,
        text: ['Reviews'],
        slowerThan: 2000,
      },
    ],
    [
      "- {request: 'http://reviews:9080/', from: deploy/ratings-v1 -n bookinfo, times: 20, codes: 503, rate: 90%}",
      {
        kind: 'request',
        url: 'http://reviews:9080/',
        from: 'deploy/ratings-v1 -n bookinfo',
        headers: {},
        times: 20,
        codes: [503],
        rate: 0.9,
      },
    ],
    [
      '- {log: deploy/a -n b, container: istio-proxy, contains: GET}',
      {kind: 'log', workload: 'deploy/a', namespace: 'b', container: 'istio-proxy', contains: 'GET'},
    ],
    [
      '- {metric: istio_requests_total, from: deploy/a -n b, labels: {response_code: 200}}',
      {
        kind: 'metric',
        name: 'istio_requests_total',
        workload: 'deploy/a',
        namespace: 'b',
        labels: {response_code: '200'},
        atLeast: 1,
      },
    ],
    ['- {command: "true", output: ok}', {kind: 'command', text: 'true', exit: 0, output: 'ok'}],
    [
      '- {answer: Which?, choices: [v1, v2], solution: v2}',
      {kind: 'answer', question: 'Which?', choices: ['v1', 'v2'], solution: 'v2'},
    ],
  ])('%s', (written, condition) => {
    expect(conditionsOf(written)).toEqual([condition]);
  });
});

describe('mistakes', () => {
  const check = (text: string) => problemsOf(`## Step\n\n${fence}yaml check\n${text}\n${fence}\n`);

  it.each([
    ['- star: black', '11  unknown condition "star"; write "stars"'],
    ['- stars: blue', '11  "stars" is wrong: stars are one of none, black, red; write it like this'],
    ['- stars: {none: 50%, red: 40%}', '"stars" is wrong: the shares add up to 90%, and must add up to 100%'],
    ['- stars: black\n  vai: gateway', '12  unknown field "vai"; write "via"'],
    ['- resource: virtualservice reviews', 'an object is named like kind/name -n namespace'],
    ['- ready: deploy/a', 'the field "namespace" is missing; add'],
    ['- log: deploy/a\n  contains: x', 'its namespace is missing'],
    ['- {answer: Which?, choices: [a, b], solution: c}', 'the solution must be one of the choices'],
    [
      '- stars: black\n  stars: red',
      '12  this is not valid YAML: Map keys must be unique; keep one of the two',
    ],
    ['- stars: [', 'this is not valid YAML'],
    ['stars: black', 'a check is a list of conditions'],
    ['- {page: /a}', 'it wants nothing'],
  ])('in a check: %s', (text, message) => {
    expect(check(text).join('\n')).toContain(message);
  });

  it.each([
    [`${fence}sh engine=docker\nls\n${fence}`, 'unknown engine "docker"'],
    [`${fence}sh timeout=soon\nls\n${fence}`, 'the timeout "soon" is not a time'],
    [
      `${fence}sh backgroud\nls\n${fence}`,
      'unknown attribute "backgroud" on a command fence; write "background"',
    ],
    [`${fence}bash\nls\n${fence}`, 'a fence marked "bash" is never run; write sh for a command'],
    [`${fence}yaml file=../a.yaml\na: 1\n${fence}`, 'the path "../a.yaml" leaves the work folder'],
    [`${fence}sh\nls`, 'this fence is never closed'],
    [`- a list\n\n  ${fence}sh\n  ls\n  ${fence}`, '12  a fence inside a list is never run'],
    ['# Title', 'a lab has no # heading'],
  ])('on a page: %s', (text, message) => {
    expect(problemsOf(`## Step\n\n${text}\n`).join('\n')).toContain(message);
  });

  it('finds a command before the first step', () => {
    expect(problemsOf(`${fence}sh\nls\n${fence}\n`)).toEqual([
      'labs/01-sample/lab.md:8  this stands before the first step; put a ## heading above it',
    ]);
  });

  it('reports everything that is wrong with the front matter, each on its line', () => {
    const source = '---\nformat: 2\nid: Bad Id\ntitle: T\nminutes: many\nneed: [a]\n---\n';
    expect(parseLab(source, 'lab.md').problems.map(formatProblem)).toEqual([
      'lab.md:2  "format" is wrong: the only format is 1; write it like this: format: 1',
      'lab.md:3  "id" is wrong: an id must be lower-case words with dashes; write it like this: id: route-to-v2',
      'lab.md:2  the field "summary" is missing; add summary: Replace the v1 route by one that you write yourself.',
      'lab.md:5  "minutes" is wrong: Invalid input: expected number, received string; write it like this: minutes: 5',
      'lab.md:6  unknown field "need"; write "needs"',
    ]);
  });

  it('says so when there is no front matter, or a broken one', () => {
    expect(parseLab('## Step', 'lab.md').problems[0]?.message).toBe(
      'the front matter is missing or never closed',
    );
    expect(parseLab('---\nid: [a\n---\n', 'lab.md').problems.map(({place}) => place.line)).toEqual([3]);
  });
});

describe('prose for some engines', () => {
  const blocks = (body: string) =>
    parse(`## Step\n\n${body}`).steps[0]?.blocks.map(block =>
      block.kind === 'prose' ? {markdown: block.markdown, engines: block.engines ?? 'all'} : block.kind,
    );

  it('is what stands between the comment and the next fence, hint or comment', () => {
    const body = [
      'For all.',
      '<!-- engine=kind -->\nFor kind.\n\nStill.',
      `${fence}sh\ntrue\n${fence}`,
      'For all again.',
      '<!-- engine=sandbox,context -->',
      'For two.',
      '<!-- a note for authors -->',
      'Still for two.',
    ];
    expect(blocks(body.join('\n\n'))).toEqual([
      {markdown: 'For all.', engines: 'all'},
      {markdown: 'For kind.\n\nStill.', engines: ['kind']},
      'command',
      {markdown: 'For all again.', engines: 'all'},
      {markdown: 'For two.\n\nStill for two.', engines: ['sandbox', 'context']},
    ]);
  });

  it('names an engine that there is', () => {
    expect(problemsOf('## Step\n\n<!-- engine=kin -->\nFor kind.\n')).toEqual([
      'labs/01-sample/lab.md:10  unknown engine "kin"; write "kind"',
    ]);
  });
});
