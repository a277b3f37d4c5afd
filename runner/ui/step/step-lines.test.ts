import {describe, expect, it} from 'vitest';
import {check, command, file, lab} from '../../testing/sample-labs.ts';
import {createPaint} from '../paint.ts';
import {expectFits, plain, styledCharacters} from '../testing/lines.ts';
import {conditionResult, sampleLabs, sampleModel, stepState} from '../testing/models.ts';
import type {BlockRun, CheckRun, OwnRun, StepView} from '../view-model.ts';
import {checkLines} from './check-lines.ts';
import {commandLines, fileLines} from './run-lines.ts';
import {type StepLinesOptions, stepLines} from './step-lines.ts';

const paint = createPaint(false);
const coloured = createPaint(true);
const run: BlockRun = {status: 'done', startedAt: 0, milliseconds: 240, output: ''};

describe('a command', () => {
  const options = {width: 40, paint, now: 5000, fold: true, next: false};
  const lines = (changes: Partial<BlockRun> | undefined, more = {}): readonly string[] =>
    commandLines({text: 'ls\n'}, changes && {...run, ...changes}, {...options, ...more});

  it.each([
    ['that comes later', undefined, {}, ['$ ls']],
    ['that Enter runs', undefined, {next: true}, [`$ ls${' '.repeat(28)}⏎ to run`]],
    ['that just began', {status: 'running', startedAt: 4500}, {}, [`$ ls${' '.repeat(35)}…`]],
    ['that runs', {status: 'running', startedAt: 0}, {}, [`$ ls${' '.repeat(29)}… 5.0 s`]],
    ['that is done', {}, {}, [`$ ls${' '.repeat(28)}✓ 0.24 s`]],
    ['in the background', {}, {background: true}, [`$ ls${' '.repeat(9)}✓ goes on in the background`]],
    ['that was interrupted', {status: 'interrupted'}, {}, [`$ ls${' '.repeat(18)}interrupted 0.24 s`]],
    [
      'that failed',
      {status: 'failed', problem: 'It ended with exit code 1.'},
      {},
      [`$ ls${' '.repeat(28)}✗ 0.24 s`, '  It ended with exit code 1.'],
    ],
    [
      'that printed something',
      {output: 'a\n\tb\n'},
      {},
      [`$ ls${' '.repeat(28)}✓ 0.24 s`, '  a', '          b'],
    ],
  ] as const)('%s', (_, changes, more, expected) => {
    const {milliseconds: _ms, ...running} = run;
    const whole = changes && ('startedAt' in changes ? {...running, ...changes} : {...run, ...changes});
    expect(commandLines({text: 'ls\n'}, whole, {...options, ...more})).toEqual(expected);
  });

  it('marks further lines as the shell does, and keeps all of a long one', () => {
    const text = `kubectl get ${'pods '.repeat(12)}\\\n  -n bookinfo`;
    const shown = commandLines({text}, undefined, options);
    expectFits(shown, 40);
    expect(shown.at(-1)).toBe('>   -n bookinfo');
    expect(shown.join('').match(/pods/g)).toHaveLength(12);
  });

  it('has its state on a line of its own where there is no room beside it', () => {
    const [first, second] = commandLines({text: 'x'.repeat(36)}, run, options);
    expect([first, second]).toEqual([`$ ${'x'.repeat(36)}`, '✓ 0.24 s'.padStart(40)]);
  });

  it('folds what it printed, and unfolds it', () => {
    const output = Array.from({length: 50}, (_, index) => `${index}\n`).join('');
    expect(lines({output})).toHaveLength(12);
    expect(lines({output}, {fold: false})).toHaveLength(51);
  });
});

describe('a file', () => {
  const options = {width: 40, paint, now: 0, fold: true, next: false};
  const block = file('s1c1', 'reviews.yaml');
  const written = (changes: NonNullable<BlockRun['file']>): readonly string[] =>
    fileLines(block, {...run, file: changes}, options);

  it('shows what is to be written, and that Enter writes it', () => {
    expect(fileLines(block, undefined, {...options, next: true})).toEqual([
      `file reviews.yaml${' '.repeat(10)}⏎ to write it`,
      '  │ name: s1c1',
    ]);
  });

  it.each([
    ['created', '✓ written'],
    ['updated', '✓ written anew'],
    ['unchanged', '✓ is there'],
    ['edited', '✓ your own version'],
  ] as const)('that was %s says so', (change, words) => {
    expect(written({change, name: 'reviews.yaml'})[0]).toMatch(new RegExp(`^file reviews.yaml +${words}$`));
  });

  it('that was written anew shows the difference, and where the old one is', () => {
    const backup = `/home/learner/${'folder/'.repeat(6)}reviews.yaml.1`;
    const lines = written({change: 'updated', name: 'reviews.yaml', diff: '@@\n-a\n+b\n', backup});
    expect(lines.slice(1, 4)).toEqual(['  │ @@', '  │ -a', '  │ +b']);
    expectFits(lines, 40);
    expect(lines.slice(4).join('').replaceAll(' ', '')).toContain(backup);
  });

  it('shows a tab of theirs as one', () => {
    const difference = '@@\n-  hosts: a\n+\thosts: a\n   b\n';
    const lines = fileLines(block, run, {...options, difference, differences: true});
    expect(lines).toContain('  │ -  hosts: a');
    expect(lines).toContain('  │ +→      hosts: a');
  });

  it('that differs from the lab is not called written, and shows how on a key', () => {
    const difference = '@@\n-name: s1c1\n+name: mine\n';
    const differing = {...run, file: {change: 'created', name: 'reviews.yaml'}} as const;
    expect(fileLines(block, differing, {...options, difference})).toEqual([
      `file reviews.yaml${' '.repeat(3)}differs from the lab`,
      '  d shows how your file differs from the',
      "  lab's",
    ]);
    expect(fileLines(block, differing, {...options, difference, differences: true}).slice(1)).toEqual([
      '  │ @@',
      '  │ -name: s1c1',
      '  │ +name: mine',
    ]);
    const before = fileLines(block, undefined, {...options, difference, next: true});
    expect(before.slice(0, 2)).toEqual([`file reviews.yaml${' '.repeat(10)}⏎ to write it`, '  │ name: s1c1']);
  });

  it('of the learner is not shown as ours', () => {
    expect(written({change: 'edited', name: 'reviews.yaml'})).toHaveLength(1);
  });
});

describe('a check', () => {
  const run = (conditions: CheckRun['conditions']): CheckRun => ({conditions, startedAt: 0, quiet: false});
  const lines = (conditions: CheckRun['conditions'], width = 50): string[] =>
    checkLines(run(conditions), {width, paint});

  it('shows what is looked at now, and what comes', () => {
    expect(
      lines([
        {label: 'one', result: conditionResult({verdict: 'passed', label: 'one', seen: 'yes'})},
        {label: 'two', seen: 'not yet'},
        {label: 'three', seen: 'never shown'},
      ]),
    ).toEqual(['✓ one: yes  1.2 s', '… two: not yet', '• three']);
  });

  it.each([
    ['passed', '✓'],
    ['failed', '✗'],
    ['unknown', '?'],
  ] as const)('has a sign for %s that needs no colour', (verdict, sign) => {
    const [first = ''] = lines([{label: 'a', result: conditionResult({verdict, label: 'a', seen: 'b'})}]);
    expect(first).toBe(`${sign} a: b  1.2 s`);
  });

  it('says what was expected and why, most likely first', () => {
    const result = conditionResult({
      label: 'stars',
      notes: ['30 loads exclude a leak of 14 %.'],
      why: [
        {code: 'a', sentence: 'The host is misspelt.', object: 'VirtualService reviews', fix: 'reviews'},
        {code: 'b', sentence: 'No sidecar.', command: 'kubectl get pods'},
      ],
      remedies: ['Install a browser'],
    });
    expect(lines([{label: 'a', result}])).toEqual([
      '✗ stars: red  1.2 s',
      '  expected: black',
      '  30 loads exclude a leak of 14 %.',
      '  why: The host is misspelt. (VirtualService',
      '       reviews)',
      '  fix: reviews',
      '  or:  No sidecar.',
      '       $ kubectl get pods',
      '  → Install a browser',
    ]);
  });

  it('fits, whatever the cluster says', () => {
    const long = `${'lorem '.repeat(30)}${'x'.repeat(200)}`;
    const row = {visitor: 'anonymous', expected: 'black', stars: [5, 4], seen: 'red', good: 3, loads: 10};
    const rows = [{...row, metrics: 'v1 10, v2 20, v3 12', remark: long}];
    const why = [{code: 'a', sentence: long, object: long, fix: long, command: long}];
    const result = conditionResult({label: long, seen: long, expected: long, rows, why, notes: [long]});
    for (let width = 30; width < 120; width += 15) {
      const conditions = [
        {label: long, result, rows},
        {label: long, seen: long, rows},
      ];
      expectFits(checkLines(run(conditions), {width, paint: coloured}), width);
    }
  });
});

describe('a step', () => {
  const base: StepLinesOptions = {width: 60, paint, now: 0, fold: true, engine: 'sandbox'};
  const [first] = sampleLabs;
  if (!first) throw new Error('no lab');
  const view: StepView = {lab: first, step: 0, runs: {}, own: []};
  const live = (block: number, phase: 'reading' | 'passed' = 'reading', hintsShown = 0) =>
    stepState({name: phase}, {position: {lab: 'first', step: 0, block}, hintsShown});
  const text = (options: Partial<StepLinesOptions>, changes: Partial<StepView> = {}): string =>
    stepLines({...view, ...changes}, {...base, ...options})
      .lines.map(plain)
      .join('\n');
  const focused = (options: Partial<StepLinesOptions>, changes: Partial<StepView> = {}): string => {
    const {lines, focus} = stepLines({...view, ...changes}, {...base, ...options});
    return lines.slice(focus.from, focus.to).join('\n').trim();
  };

  it('introduces the lab in its first step alone', () => {
    expect(text({})).toMatch(/^What it is about\.\n\nEverything\n\nSome prose\./);
    expect(text({}, {step: 1})).toMatch(/^A command alone\n\n\$ echo s2c1/);
  });

  it.each([
    [0, /^\$ echo s1c1 +⏎ to run$/],
    [1, /^file s1c2\.yaml +⏎ to write it\n/],
    [2, /^Check: one condition {2}⏎ to check$/],
  ])('has what Enter does at block %i in view', (block, expected) => {
    expect(focused({live: live(block)})).toMatch(expected);
    expect(text({live: live(block)}).match(/⏎/g)).toHaveLength(1);
  });

  it('has what runs or failed in view, wherever the learner stands', () => {
    const phase = (name: 'checking' | 'failed', asked: 'learner' | 'noticed' = 'learner') =>
      name === 'failed'
        ? stepState({name, block: 's1c3', reason: 'check'})
        : stepState({name, block: 's1c3', asked, before: {name: 'reading'}});
    expect(focused({live: phase('checking')})).toMatch(/^Check:/);
    expect(focused({live: phase('failed')})).toMatch(/^Check:/);
    expect(focused({live: phase('checking', 'noticed')})).toMatch(/^\$ echo s1c1/);
  });

  it('offers nothing when it is over', () => {
    expect(text({live: live(3, 'passed')})).not.toContain('⏎');
    expect(text({})).not.toContain('⏎');
  });

  it('shows as many hints as were asked for, and the last one is in view', () => {
    expect(text({live: live(0)})).not.toContain('Hint');
    expect(text({live: live(0, 'reading', 1)})).toContain('│ Hint\n│ A nudge.');
    expect(text({live: live(0, 'reading', 1)})).not.toContain('The pointer.');
    expect(focused({live: live(0, 'reading', 2)}, {latest: 'hint'})).toBe('│ Hint\n│ The pointer.');
    expect(focused({live: live(0, 'reading', 2)})).toMatch(/^\$ echo s1c1/);
    expect(text({live: live(0, 'reading', 9)}).match(/Hint/g)).toHaveLength(2);
  });

  it('shows a command of the learner where it was typed', () => {
    const own = (after: number, name: string): OwnRun => ({...run, text: name, after});
    const shown = text(
      {live: live(1)},
      {runs: {s1c1: run}, own: [own(0, 'before'), own(1, 'between'), own(3, 'behind')]},
    );
    const order = ['before', 'echo s1c1', 'between', 's1c2.yaml', 'Check:', 'behind'];
    const places = order.map(each => shown.indexOf(each));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(focused({live: live(1)}, {own: [own(1, 'last of all')], latest: 'own'})).toMatch(
      /^\$ last of all/,
    );
  });

  it('leaves out what is for another engine', () => {
    const mixed = lab('mixed', 1, {
      steps: [
        {
          title: 'A',
          blocks: [command('s1c1', {engines: ['kind'], text: 'kind it'}), command('s1c2'), check('s1c3')],
        },
      ],
    });
    const lines = stepLines({...view, lab: mixed}, base).lines.join('\n');
    expect(lines).not.toContain('kind it');
    expect(stepLines({...view, lab: mixed}, {...base, engine: 'kind'}).lines.join('\n')).toContain('kind it');
  });

  it('keeps a check that nobody asked for in sight while it is all there is', () => {
    const noticed: CheckRun = {conditions: [{label: 'looked at'}], startedAt: 0, quiet: true};
    expect(text({live: live(0)}, {noticed})).toContain('… looked at');
    const checked: CheckRun = {...noticed, conditions: [{label: 'asked for'}]};
    expect(text({live: live(0)}, {noticed, check: checked})).toContain('… asked for');
  });

  it('fits into every width, whatever its commands print', () => {
    const output = `\u001b[31m${'日本語'.repeat(60)}\u001b[0m\n${'a\tb'.repeat(40)}\r\n${'x'.repeat(500)}`;
    const runs = {s1c1: {...run, output, problem: 'lorem '.repeat(40)}};
    const title = 'A title that is longer than a narrow window, as a translation may well have it';
    const long = {...first, steps: [{...(first.steps[0] as (typeof first.steps)[0]), title}]};
    for (let width = 44; width <= 118; width += 12) {
      for (const fold of [true, false]) {
        const {lines} = stepLines(
          {...view, lab: long, runs},
          {...base, width, fold, paint: coloured, live: live(1, 'reading', 2)},
        );
        expectFits(lines, width);
      }
    }
  });

  it('names everything without colour that it names with it', () => {
    const colour = stepLines(view, {...base, paint: coloured, live: live(0)}).lines;
    expect(colour.map(plain).join('\n')).toBe(text({live: live(0)}));
    expect(styledCharacters(colour.join('')).some(each => each.length > 1)).toBe(true);
  });

  it('has a focus within itself in every phase', () => {
    const model = sampleModel(live(0));
    for (let block = 0; block <= 3; block += 1) {
      for (const phase of ['reading', 'passed'] as const) {
        const {lines, focus} = stepLines(model.current as StepView, {...base, live: live(block, phase)});
        expect(focus.from).toBeGreaterThanOrEqual(0);
        expect(focus.to).toBeLessThanOrEqual(lines.length);
      }
    }
  });
});
