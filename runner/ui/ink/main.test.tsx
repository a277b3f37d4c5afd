import {EventEmitter} from 'node:events';
import stringWidth from 'fast-string-width';
import {render} from 'ink';
import {describe, expect, it} from 'vitest';
import {WorkshopError} from '../../errors.ts';
import {lab} from '../../testing/sample-labs.ts';
import {createPaint, type Paint} from '../paint.ts';
import {keyTable, workingKeys} from '../screen/keys.ts';
import {firstScreen, type Overlay} from '../screen/screen.ts';
import {plain} from '../testing/lines.ts';
import {
  record,
  type SampleState,
  sampleLabs,
  sampleModel,
  sampleStates,
  stepState,
} from '../testing/models.ts';
import type {Model} from '../view-model.ts';
import {bodyFor} from './frame.ts';
import {layoutFor} from './layout.ts';
import {Main} from './main.tsx';

const bare = createPaint(false);

interface Size {
  columns: number;
  rows: number;
}

/** The lines of the frame as ink composes them in a window of that size. */
function frame(model: Model, size: Size, overlay: Overlay = {name: 'none'}, paint: Paint = bare): string[] {
  const layout = layoutFor(size);
  const screen = {...firstScreen, overlay};
  const body = bodyFor({model, screen}, {layout, paint, now: 0});
  let written = '';
  const stdout = Object.assign(new EventEmitter(), {
    columns: size.columns,
    rows: 1_000_000,
    isTTY: true,
    write(text: string) {
      // Where it believes to be in CI, ink writes one more line at its end.
      if (plain(text).trim() !== '') written = text;
      return true;
    },
  });
  const instance = render(
    <Main model={model} screen={screen} body={body} layout={layout} paint={paint} now={0} />,
    {stdout: stdout as unknown as NodeJS.WriteStream, debug: true, patchConsole: false, exitOnCtrlC: false},
  );
  instance.unmount();
  instance.cleanup();
  return plain(written)
    .replace(/\n+$/, '')
    .split('\n')
    .map(line => line.trimEnd());
}

/** No line is wider than the window, and the frame leaves room below it: else ink clears the scroll-back. */
function expectInside(lines: readonly string[], {columns, rows}: Size, what: string): void {
  const widest = Math.max(...lines.map(line => stringWidth(line)));
  expect(widest, `${what} at ${columns}x${rows}`).toBeLessThanOrEqual(columns);
  expect(lines.length, `${what} at ${columns}x${rows}:\n${lines.join('\n')}`).toBeLessThan(rows);
}

const sizes: readonly Size[] = [
  {columns: 60, rows: 16},
  {columns: 80, rows: 24},
  {columns: 100, rows: 17},
  {columns: 120, rows: 40},
  {columns: 200, rows: 60},
];

const manyLabs = Array.from({length: 30}, (_, index) =>
  lab(`lab-${index + 1}`, index + 1, {
    summary: 'A summary that is much longer than a narrow window is wide, so that it has to be cut.',
    title: 'A title that is much longer than a narrow window is wide, so that it has to be cut',
  }),
);
const allPassed = Object.fromEntries([...manyLabs, ...sampleLabs].map(({id}) => [id, record()]));

const reading = sampleModel(
  stepState({name: 'reading'}, {hintsShown: 2, progress: {labs: {'deploy-bookinfo': record()}}}),
);
const output = Array.from({length: 500}, (_, index) => `line ${index} ${'日本語 '.repeat(30)}`).join('\n');
const busy: Model = {
  ...reading,
  state: stepState({name: 'running', block: 's1c1'}),
  waiting: `pod/reviews-v1-${'x'.repeat(200)}: ContainerCreating`,
  ...(reading.current
    ? {current: {...reading.current, runs: {s1c1: {status: 'running', startedAt: 0, output}}}}
    : {}),
};
const broken: Model = {
  ...reading,
  problem: new WorkshopError({
    code: 'x',
    message: 'It broke. '.repeat(30),
    remedies: ['Mend it. '.repeat(30)],
  }),
};
const crowded = sampleModel(
  {situation: 'finished', engine: 'sandbox', progress: {labs: allPassed}},
  {labs: manyLabs, workFolder: `/home/${'learner/'.repeat(30)}`},
);
const detection = {
  usable: false,
  needs: 'Docker, kind, kubectl and helm, '.repeat(5),
  requirements: ['docker', 'kind', 'kubectl', 'helm'].map(name => ({
    name,
    found: false,
    detail: `${name} was not found on the PATH `.repeat(4),
    remedy: `install ${name} `.repeat(6),
  })),
} as unknown as NonNullable<Model['engines'][number]['detection']>;
const choosing = sampleModel(sampleStates['choosing-engine'], {
  engines: (['sandbox', 'kind', 'context'] as const).map(engine => ({engine, detection})),
});

const line = {text: `kubectl get ${'pods '.repeat(100)}`, cursor: 60};
const overlays: Readonly<Record<string, [Model, Overlay]>> = {
  help: [reading, {name: 'help'}],
  'help before anything': [choosing, {name: 'help'}],
  'help with a deep work folder': [crowded, {name: 'help'}],
  labs: [reading, {name: 'labs', selected: 1}],
  'many labs': [crowded, {name: 'labs', selected: 29}],
  'a question': [reading, {name: 'confirm', what: 'solve'}],
  'a long question': [
    crowded,
    {name: 'confirm', what: 'jump', lab: 'lab-30', first: manyLabs.map(({id}) => id)},
  ],
  'a command': [reading, {name: 'command', line, history: 0, candidates: []}],
  'a command with candidates': [
    reading,
    {
      name: 'command',
      line,
      history: 0,
      candidates: Array.from({length: 80}, (_, index) => `candidate-${index}`),
    },
  ],
  traffic: [
    {
      ...reading,
      problem: broken.problem as WorkshopError,
      traffic: Array.from({length: 999}, (_, index) => ({
        visitor: ['anonymous', 'jason', 'john'][index % 3] ?? '',
        stars: (['none', 'black', 'red', 'unavailable'] as const)[index % 4] ?? 'none',
        version: `v${index % 4}`,
        milliseconds: 5,
      })),
    },
    {name: 'traffic'},
  ],
};

describe('the frame', () => {
  it.each(Object.keys(sampleStates) as SampleState[])('fits into every window while %s', situation => {
    for (const size of sizes) {
      expectInside(frame(sampleModel(sampleStates[situation]), size), size, situation);
    }
  });

  it.each([
    ['a long output', busy],
    ['a long error', broken],
    ['many labs that are done', crowded],
    ['engines that lack much', choosing],
    ['everything', reading],
  ])('fits into every window with %s', (what, model) => {
    for (const size of sizes) expectInside(frame(model, size), size, what);
  });

  it.each(Object.entries(overlays))('fits into every window with %s over it', (what, [model, overlay]) => {
    for (const size of sizes) expectInside(frame(model, size, overlay), size, what);
  });

  it('says in its header what has to be known of the cluster, in the line that is empty otherwise', () => {
    const size = {columns: 80, rows: 24};
    const model = reading;
    const clusterNotice = "60 of 61 records of the sandbox's state are damaged and lost.";
    const [first, second, third, ...rest] = frame({...model, clusterNotice}, size);
    expect(third).toBe(` ! ${clusterNotice}`);
    expect([first, second, '', ...rest]).toEqual(frame(model, size));
  });

  it('shows the keys that work, and no others', () => {
    const last = frame(reading, {columns: 80, rows: 24}).at(-1) ?? '';
    expect(last).toMatch(/^ ⏎ run {2}: command {2}c check .* \? more {2}q quit$/);
  });
});

describe('the status', () => {
  const size = {columns: 80, rows: 24};
  const line = (state: SampleState, overrides: Partial<Model>): string =>
    frame(sampleModel(sampleStates[state], overrides), size).at(-2) ?? '';

  it('says that something failed, that a step is done, and what was said last beside it', () => {
    const notes = ['older', 'The page is at http://localhost:9080'];
    expect(line('failed', {notes})).toBe(' ✗ the command failed  The page is at http://localhost:9080');
    expect(line('passed', {notes})).toBe(' ✓ step done  The page is at http://localhost:9080');
    expect(line('passed', {notes: []})).toBe(' ✓ step done');
  });

  it('says what a check waits for, be it a pod or the browser that is being fetched', () => {
    const notes = ['Fetching Chromium'];
    expect(line('checking', {notes})).toBe(' … checking  Fetching Chromium');
    expect(line('checking', {notes, waiting: 'pod a'})).toBe(' … checking  pod a');
  });

  it('says the bound of a wait before what may be too long for the line', () => {
    const waits = {waiting: `pod ${'a'.repeat(200)}`, waitingBound: 600_000};
    expect(line('running', waits)).toMatch(/^ waiting \(at most 10 min\): pod a+…$/);
    expect(line('checking', waits)).toMatch(/^ … checking \(at most 10 min\) {2}pod a+…$/);
  });
});

describe('the help', () => {
  const sentencesIn = (lines: readonly string[]): number =>
    keyTable.filter(({help}) => lines.join(' ').replaceAll(/\s+/g, ' ').includes(help)).length;

  it.each(sizes)('has every key at $columns x $rows, and cuts no word', size => {
    const lines = frame(reading, size, {name: 'help'});
    const text = lines.slice(3).join('\n');
    expect(text).not.toContain('…');
    expect(text).toContain('any key goes back');
    for (const {shown} of keyTable) {
      expect(text).toMatch(new RegExp(`(^|\\s)${shown.replace(/[?+]/g, '\\$&')} `, 'm'));
    }
  });

  it('has whole sentences at 80x24, each on one line', () => {
    const lines = frame(reading, {columns: 80, rows: 24}, {name: 'help'});
    // Ctrl+Z and ? stand in the last line, in fewer words.
    const listed = keyTable.filter(({command}) => command !== 'suspend' && command !== 'more');
    expect(sentencesIn(lines)).toBe(listed.length);
    for (const {help} of listed) expect(lines.some(each => each.includes(help))).toBe(true);
  });

  it('has two columns where the window is wide', () => {
    const lines = frame(reading, {columns: 120, rows: 40}, {name: 'help'});
    expect(lines.length).toBeLessThan(keyTable.length + 6);
    expect(lines.some(each => each.includes('⏎') && each.includes(keyTable[8]?.shown ?? ''))).toBe(true);
  });
});

describe('the list of labs', () => {
  it.each([0, 7, 29])('has the chosen one in view (%i)', selected => {
    for (const size of sizes) {
      const lines = frame(crowded, size, {name: 'labs', selected});
      expect(lines.some(each => each.includes(`❯ ✓ ${String(selected + 1).padStart(2)}`))).toBe(true);
    }
  });
});

describe('the end', () => {
  it('says all when all is done', () => {
    const text = frame(sampleModel(sampleStates.finished), {columns: 80, rows: 24}).join('\n');
    expect(text).toContain('You have done all 3 labs in 3 min 3 s.');
    expect(text.match(/✓/g)).toHaveLength(3);
  });

  it('does not praise what was not done', () => {
    const model = sampleModel({
      situation: 'finished',
      engine: 'sandbox',
      progress: {labs: {first: record(), last: record()}},
    });
    const text = frame(model, {columns: 80, rows: 24}).join('\n');
    expect(text).toContain('You have done 2 of 3 labs in 2 min 2 s.');
    expect(text).toContain('2 Lab deploy-bookinfo  not done yet');
  });

  it('says how many labs it does not list', () => {
    const text = frame(crowded, {columns: 80, rows: 24}).join('\n');
    expect(text).toMatch(/… and \d+ more: l lists all/);
    expect(text).toContain('Clean up   istio-workshop reset --all');
  });
});

describe('without colour', () => {
  it('the chosen engine and the chosen lab have a sign', () => {
    const size = {columns: 80, rows: 24};
    expect(frame(choosing, size).filter(each => each.includes('❯'))).toHaveLength(1);
    expect(frame(reading, size, {name: 'labs', selected: 1}).filter(each => each.includes('❯'))).toHaveLength(
      1,
    );
  });

  it('the stars of the traffic are letters and shapes, each its own', () => {
    const [model, overlay] = overlays['traffic'] ?? [reading, {name: 'traffic'}];
    const [jason = ''] = frame(model, {columns: 80, rows: 24}, overlay).filter(each =>
      each.includes('jason'),
    );
    for (const sign of ['☆', '★', 'r', '×']) expect(jason).toContain(sign);
  });

  it('the cursor of a command is drawn', () => {
    const text = frame(
      reading,
      {columns: 80, rows: 24},
      {
        name: 'command',
        line: {text: 'ls -l', cursor: 2},
        history: 0,
        candidates: [],
      },
    ).join('\n');
    expect(text).toContain('$ ls▏ -l');
  });

  it('nothing is said by colour alone: the words are the same', () => {
    for (const [model, overlay] of Object.values(overlays)) {
      if (overlay.name === 'command' || overlay.name === 'traffic') continue;
      const size = {columns: 80, rows: 24};
      expect(frame(model, size, overlay, createPaint(true))).toEqual(frame(model, size, overlay));
    }
    expect(workingKeys(reading).length).toBeGreaterThan(0);
  });
});
