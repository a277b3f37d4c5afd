import {describe, expect, it} from 'vitest';
import {lab} from '../../testing/sample-labs.ts';
import type {Ask} from '../asks.ts';
import {
  conditionResult,
  record,
  type SampleState,
  sampleModel,
  sampleStates,
  stepState,
} from '../testing/models.ts';
import type {Model} from '../view-model.ts';
import type {KeyName, KeyPress} from './key-press.ts';
import {keyTable} from './keys.ts';
import {withCompletion} from './press-in-command.ts';
import {pressKey} from './press-key.ts';
import {firstScreen, type Overlay, type Screen, type Window} from './screen.ts';

const window: Window = {height: 10, top: 0, total: 10, needed: () => []};

/** `x` types it, `ctrl+x` holds Ctrl, names of keys stand for themselves. */
function key(text: string): KeyPress {
  const named = /^<(.+)>$/.exec(text)?.[1];
  if (named) return {input: '', name: named as KeyName};
  return text.startsWith('ctrl+') ? {input: text.slice(5), ctrl: true} : {input: text};
}

function press(
  keys: readonly string[],
  {model, screen = firstScreen, at = window}: {model: Model; screen?: Screen; at?: Window},
): {screen: Screen; asks: readonly Ask[]} {
  let current = screen;
  const asks: Ask[] = [];
  for (const each of keys) {
    const pressed = pressKey(current, key(each), model, at);
    current = pressed.screen;
    asks.push(...pressed.asks);
  }
  return {screen: current, asks};
}

/** Nothing is seen of what a key would do there. */
const small: Window = {...window, tooSmall: true};

/** What became of a key: `-`, what is asked, and what lies over the step afterwards. */
function outcome(pressed: {screen: Screen; asks: readonly Ask[]}, before: Screen): string {
  const {overlay} = pressed.screen;
  const parts = [
    ...pressed.asks.map(({type, ...rest}) => [type, ...Object.values(rest)].join(' ')),
    ...(overlay.name === before.overlay.name
      ? []
      : [overlay.name === 'confirm' ? `confirm ${overlay.what}` : overlay.name]),
    ...(pressed.screen.unfolded === before.unfolded ? [] : ['fold']),
  ];
  return parts.join(', ') || '-';
}

const allKeys = [
  ...keyTable.map(({key: each}) => (each === 'return' ? '<return>' : each)),
  '<escape>',
  '<tab>',
  '<backspace>',
  '<delete>',
  '<left>',
  '<right>',
  ...'abdgijkmnuvxyzACQRS019/!\\-_=+.,;\'"`~@#$%^&*()[]{}<>|'.split(''),
  ...'abdefghijklmnopqrstuvwxyz'.split('').map(letter => `ctrl+${letter}`),
  'ä',
  '日',
];

const resting = {
  '<return>': 'advance',
  ':': 'command',
  c: 'check',
  h: 'hint',
  s: 'confirm solve',
  e: 'edit',
  l: 'labs',
  r: 'confirm reset',
  f: 'fold',
} as const;
const always = {'?': 'help', q: 'quit', 'ctrl+c': 'quit', 'ctrl+z': 'suspend'} as const;
const busy = {...always, h: 'hint', f: 'fold', 'ctrl+c': 'interrupt'} as const;

/** What every key does that does anything; all others do nothing. */
const table: Record<SampleState, Readonly<Record<string, string>>> = {
  'choosing-engine': {
    '<return>': 'choose-engine sandbox',
    q: 'quit',
    'ctrl+c': 'quit',
    'ctrl+z': 'suspend',
  },
  'preparing-cluster': always,
  'cluster-unreachable': {...always, '<return>': 'advance', l: 'labs'},
  finished: {...always, '<return>': 'labs', l: 'labs'},
  stopped: always,
  reading: {...resting, ...always},
  failed: {...resting, ...always},
  passed: {
    ...always,
    '<return>': 'advance',
    ':': 'command',
    c: 'check',
    e: 'edit',
    l: 'labs',
    r: 'confirm reset',
    f: 'fold',
  },
  running: busy,
  writing: busy,
  checking: busy,
  noticed: {...resting, ...always},
  resetting: busy,
  looking: busy,
  'own-command': busy,
  editing: busy,
};

describe('every key in every situation', () => {
  it.each(Object.keys(table) as SampleState[])('%s', situation => {
    const model = sampleModel(sampleStates[situation]);
    const done = Object.fromEntries(
      allKeys
        .map(each => [each, outcome(press([each], {model}), firstScreen)] as const)
        .filter(([, what]) => what !== '-'),
    );
    expect(done).toEqual(table[situation]);
  });

  it('stops and starts what goes on in the background, and goes back', () => {
    const background = [
      {command: 'one', state: 'up'},
      {command: 'two', state: 'stopped'},
    ] as const;
    const model = sampleModel(sampleStates.reading, {background});
    const opened = press(['b'], {model}).screen;
    expect(opened.overlay).toEqual({name: 'background', selected: 0});
    const asks = (...keys: string[]) => press(keys, {model, screen: opened}).asks;
    expect(asks('<return>')).toEqual([{type: 'background', command: 'one', on: false}]);
    expect(asks('<down>', '<return>')).toEqual([{type: 'background', command: 'two', on: true}]);
    expect(asks('<down>', '<down>', '<up>', '<return>')).toEqual([
      {type: 'background', command: 'one', on: false},
    ]);
    expect(asks('2', '<return>')).toEqual([{type: 'background', command: 'two', on: true}]);
    for (const each of ['q', 'b', '<escape>'])
      expect(press([each], {model, screen: opened})).toMatchObject({
        asks: [],
        screen: {overlay: {name: 'none'}},
      });
    expect(asks('x', 's', ' ')).toEqual([]);
  });

  it('asks what only the page can answer once there is one', () => {
    const model = sampleModel(
      stepState({name: 'reading'}, {progress: {labs: {'deploy-bookinfo': record()}}}),
    );
    const does = (each: string): string => outcome(press([each], {model}), firstScreen);
    expect(['w', 'o', 't'].map(does)).toEqual(['why jason', 'open-page', 'traffic true, traffic']);
  });

  it('asks why about the first visitor who saw something wrong', () => {
    const model = sampleModel(stepState({name: 'failed', block: 's1c3', reason: 'check'}));
    const row = {expected: 'black', stars: [], seen: 'red', loads: 10};
    const result = conditionResult({
      rows: [
        {...row, visitor: 'anonymous', good: 10},
        {...row, visitor: 'john', good: 9},
      ],
    });
    const current = {
      ...sampleModel(model.state).current,
      check: {conditions: [{label: '', result}], startedAt: 0, quiet: false},
    };
    const {asks} = press(['w'], {model: {...model, current} as Model});
    expect(asks).toEqual([{type: 'why', visitor: 'john'}]);
  });
});

describe('every key in every overlay', () => {
  const model = sampleModel(
    stepState({name: 'reading'}, {progress: {labs: {first: record(), 'deploy-bookinfo': record()}}}),
  );
  const over = (overlay: Overlay): Screen => ({...firstScreen, overlay});
  const line = {text: '', cursor: 0};

  const others = (screen: Screen, known: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      allKeys
        .filter(each => !(each in known))
        .map(each => [each, outcome(press([each], {model, screen}), screen)] as const)
        .filter(([, what]) => what !== '-'),
    );
  const known = (screen: Screen, keys: readonly string[]): Record<string, string> =>
    Object.fromEntries(keys.map(each => [each, outcome(press([each], {model, screen}), screen)]));

  it('the help is closed by any key, and Ctrl+C quits', () => {
    const screen = over({name: 'help'});
    expect(known(screen, ['ctrl+c'])).toEqual({'ctrl+c': 'quit'});
    const closing = others(screen, {'ctrl+c': ''});
    expect(Object.keys(closing)).toHaveLength(new Set(allKeys).size - 1);
    expect(new Set(Object.values(closing))).toEqual(new Set(['none']));
  });

  it('the traffic is ended by any key', () => {
    const screen = over({name: 'traffic'});
    expect(known(screen, ['q', '<escape>', 'x', 'ctrl+c'])).toEqual({
      q: 'traffic false, none',
      '<escape>': 'traffic false, none',
      x: 'traffic false, none',
      'ctrl+c': 'quit',
    });
  });

  it.each(['solve', 'reset'] as const)('a question about %s is answered by Enter, y or no', what => {
    const screen = over({name: 'confirm', what});
    const yes = {'<return>': `${what}, none`, y: `${what}, none`, Y: `${what}, none`, 'ctrl+c': 'quit'};
    expect(known(screen, Object.keys(yes))).toEqual(yes);
    expect(new Set(Object.values(others(screen, yes)))).toEqual(new Set(['none']));
  });

  it('a question about a jump says where to', () => {
    const screen = over({name: 'confirm', what: 'jump', lab: 'last', first: ['first']});
    expect(known(screen, ['y', 'n', '<escape>', 'ctrl+y'])).toEqual({
      y: 'go-to last, none',
      n: 'none',
      '<escape>': 'none',
      'ctrl+y': 'none',
    });
  });

  it('the list of labs moves, goes and closes, and nothing else', () => {
    const screen = over({name: 'labs', selected: 1});
    const does = {
      '<return>': 'go-to deploy-bookinfo, none',
      '<escape>': 'none',
      q: 'none',
      l: 'none',
      'ctrl+c': 'quit',
    };
    expect(known(screen, Object.keys(does))).toEqual(does);
    expect(others(screen, does)).toEqual({});
  });

  it('a command takes characters, edits, completes and ends', () => {
    const screen = over({name: 'command', line, history: 0, candidates: []});
    const does = {
      '<return>': 'none',
      '<escape>': 'none',
      '<tab>': 'complete [object Object]',
      'ctrl+c': 'none',
    };
    expect(known(screen, Object.keys(does))).toEqual(does);
    expect(others(screen, does)).toEqual({});
  });
});

describe('the chooser', () => {
  const model = sampleModel(sampleStates['choosing-engine']);
  const chosen = (keys: readonly string[], with_: Model = model): number =>
    press(keys, {model: with_}).screen.engine;

  it.each([
    [['<down>'], 1],
    [['<down>', '<down>', '<down>', '<down>'], 2],
    [['<down>', '<up>', '<up>'], 0],
    [['3'], 2],
    [['3', '1'], 0],
    [['4'], 0],
    [['ctrl+2'], 0],
  ])('%j points at %i', (keys, engine) => {
    expect(chosen(keys)).toBe(engine);
  });

  it('starts what it points at, but not what can not be used', () => {
    expect(press(['2', '<return>'], {model}).asks).toEqual([{type: 'choose-engine', engine: 'kind'}]);
    const detection = {usable: false, requirements: []} as unknown as NonNullable<
      Model['engines'][number]['detection']
    >;
    const without: Model = {
      ...model,
      engines: model.engines.map(each => (each.engine === 'kind' ? {...each, detection} : each)),
    };
    expect(press(['2', '<return>'], {model: without}).asks).toEqual([]);
  });

  it('keeps a place that exists while no engine is known yet', () => {
    expect(chosen(['<down>', '3'], {...model, engines: []})).toBe(0);
  });
});

describe('scrolling', () => {
  const model = sampleModel(sampleStates.running);
  const long: Window = {...window, top: 20, total: 100};

  it.each([
    ['<up>', 19],
    ['<down>', 21],
    ['<page-up>', 11],
    ['<page-down>', 29],
    [' ', 29],
    ['<home>', 0],
    ['<end>', 90],
    ['ctrl+ ', undefined],
  ])('%s shows line %s first', (each, top) => {
    expect(press([each], {model, at: long}).screen.top).toBe(top);
  });

  it('stays within the step', () => {
    expect(press(['<down>'], {model, at: {...long, top: 90}}).screen.top).toBe(90);
    expect(press(['<up>'], {model, at: {...long, top: 0}}).screen.top).toBe(0);
  });

  it('holds on to nothing where everything is in view', () => {
    for (const each of ['<up>', '<down>', '<page-down>', ' ', '<end>']) {
      expect(press([each], {model}).screen.top).toBeUndefined();
    }
  });

  it('follows again what is done next', () => {
    const reading = sampleModel(sampleStates.reading);
    for (const keys of [['<return>'], ['c'], ['h'], [':'], ['s', 'y'], ['r', 'y'], ['e']]) {
      expect(press(['<up>', ...keys], {model: reading, at: long}).screen.top).toBeUndefined();
    }
    for (const keys of [['?', 'x'], ['l', '<escape>'], ['s', 'n'], ['f']]) {
      expect(press(['<up>', ...keys], {model: reading, at: long}).screen.top).toBe(19);
    }
  });
});

describe('the list of labs', () => {
  const labs = Array.from({length: 14}, (_, index) => lab(`lab-${index + 1}`, index + 1));
  const at = stepState({name: 'reading'}, {position: {lab: 'lab-3', step: 0, block: 0}});
  const model = sampleModel(at, {labs});
  const selected = (keys: readonly string[]): number | undefined => {
    const {overlay} = press(['l', ...keys], {model}).screen;
    return overlay.name === 'labs' ? overlay.selected : undefined;
  };

  it.each([
    [[], 2],
    [['<up>'], 1],
    [['<up>', '<up>', '<up>', '<up>'], 0],
    [['<end>'], 13],
    [['<end>', '<down>'], 13],
    [['<home>'], 0],
    [['5'], 4],
    [['1', '2'], 11],
    [['1', '4', '2'], 1],
    [['2', '7'], 6],
    [['1', '<down>', '2'], 1],
    [['0'], 2],
    [['1', '0'], 9],
  ])('%j points at %i', (keys, index) => {
    expect(selected(keys)).toBe(index);
  });

  it('asks before it solves what a lab needs', () => {
    const needing: Window = {...window, needed: () => ['lab-1', 'lab-2']};
    const {screen, asks} = press(['l', '<return>'], {model, at: needing});
    expect(asks).toEqual([]);
    expect(screen.overlay).toEqual({name: 'confirm', what: 'jump', lab: 'lab-3', first: ['lab-1', 'lab-2']});
  });
});

describe('a command of the learner', () => {
  const model = sampleModel(sampleStates.reading);
  const text = (screen: Screen): string | undefined =>
    screen.overlay.name === 'command' ? screen.overlay.line.text : undefined;
  const type = (keys: readonly string[], history: readonly string[] = []) =>
    press([':', ...keys], {model, screen: {...firstScreen, history}});

  it('is run by Enter, without the spaces around it', () => {
    const {screen, asks} = type([' ', 'ls -l', ' ', '<return>']);
    expect(asks).toEqual([{type: 'command', text: 'ls -l'}]);
    expect(screen).toMatchObject({overlay: {name: 'none'}, history: ['ls -l']});
  });

  it('is nothing when it is empty', () => {
    const {screen, asks} = type([' ', '<return>']);
    expect(asks).toEqual([]);
    expect(screen).toMatchObject({overlay: {name: 'none'}, history: []});
  });

  it('is kept once when it is repeated', () => {
    expect(type(['ls', '<return>', ':', 'ls', '<return>']).screen.history).toEqual(['ls']);
  });

  it.each([
    [['<up>'], 'two'],
    [['<up>', '<up>'], 'one'],
    [['<up>', '<up>', '<up>'], 'one'],
    [['<up>', '<up>', '<down>'], 'two'],
    [['<down>'], ''],
    [['draft', '<up>', '<down>'], 'draft'],
    [['draft', '<up>', '<up>', '<down>', '<down>', '<down>'], 'draft'],
    [['draft', '<up>', 's', '<down>'], 'draft'],
  ])('%j shows %j of the history', (keys, shown) => {
    expect(text(type(keys, ['one', 'two']).screen)).toBe(shown);
  });

  it('takes a completion as long as the line is the one that it was asked for', () => {
    const asked = type(['kub', '<tab>']);
    const completed = {text: 'kubectl ', cursor: 8};
    expect(asked.asks).toEqual([{type: 'complete', line: {text: 'kub', cursor: 3}}]);
    expect(text(withCompletion(asked.screen, completed, []))).toBe('kubectl ');
    const typedOn = press(['e'], {model, screen: asked.screen}).screen;
    expect(text(withCompletion(typedOn, completed, []))).toBe('kube');
    const closed = press(['<escape>'], {model, screen: asked.screen}).screen;
    expect(withCompletion(closed, completed, [])).toBe(closed);
  });

  it('forgets what Tab offered as soon as the line changes', () => {
    const offered = withCompletion(type(['k', '<tab>']).screen, {text: 'k', cursor: 1}, ['kubectl', 'kind']);
    expect(offered.overlay).toMatchObject({candidates: ['kubectl', 'kind']});
    expect(press(['u'], {model, screen: offered}).screen.overlay).toMatchObject({candidates: []});
  });

  it('is taken from what was pasted, and waits for its Enter', () => {
    const pasted = press(['kubectl get pods\n'], {model});
    expect(pasted.asks).toEqual([]);
    expect(text(pasted.screen)).toBe('kubectl get pods ');
    expect(press(['<return>'], {model, screen: pasted.screen}).asks).toEqual([
      {type: 'command', text: 'kubectl get pods'},
    ]);
  });

  it('is not taken from what was pasted where no command can be run', () => {
    for (const situation of ['running', 'finished', 'choosing-engine', 'preparing-cluster'] as const) {
      const pressed = press(['yes quit'], {model: sampleModel(sampleStates[situation])});
      expect(pressed).toEqual({screen: firstScreen, asks: []});
    }
  });
});

describe('a window that is too small', () => {
  const situations = Object.entries(sampleStates).map(([name, state]) => ({name, model: sampleModel(state)}));

  it.each(situations)('takes nothing but quit: $name', ({model}) => {
    const open: Screen = {
      ...firstScreen,
      overlay: {name: 'command', line: {text: 'rm', cursor: 2}, history: 0, candidates: []},
    };
    for (const screen of [firstScreen, open]) {
      for (const each of allKeys) {
        const leaves = each === 'q' || each === 'ctrl+c';
        expect(press([each], {model, screen, at: small})).toEqual({
          screen,
          asks: leaves ? [{type: 'quit'}] : [],
        });
      }
    }
  });
});
