import {PassThrough} from 'node:stream';
import {setImmediate as turn} from 'node:timers/promises';
import {afterEach, describe, expect, it} from 'vitest';
import type {SessionEvent} from '../../session/events.ts';
import type {State} from '../../state/state.ts';
import type {Ask} from '../asks.ts';
import {createInteractive, type Interactive} from '../interactive.ts';
import {createPaint} from '../paint.ts';
import {sampleLabs, sampleModel, sampleStates, stepState} from '../testing/models.ts';
import {createPromptView} from './prompt-view.ts';

let end: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const each of end) await each();
  end = [];
});

function open(state: State, needed: (lab: string) => readonly string[] = () => []) {
  const input = new PassThrough();
  const output = new PassThrough();
  const asks: Ask[] = [];
  let said = '';
  output.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const interactive: Interactive = createInteractive({
    model: sampleModel(state),
    onAsk: ask => void asks.push(ask),
    now: () => 0,
  });
  const view = createPromptView({
    input: input as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    interactive,
    paint: createPaint(false),
    needed,
  });
  end.push(() => view.close());
  return {
    asks,
    view,
    interactive,
    /** What was said since the last time. */
    async said(): Promise<string> {
      await turn();
      await turn();
      const text = said;
      said = '';
      return text;
    },
    async answer(...lines: readonly string[]): Promise<readonly string[]> {
      for (const line of lines) {
        input.write(`${line}\n`);
        await turn();
        await turn();
      }
      return asks.map(({type, ...rest}) => [type, ...Object.values(rest)].join(' '));
    },
  };
}

const reading = stepState({name: 'reading'});

describe('the questions', () => {
  it('name the engines, and take a number, a name or Enter', async () => {
    const table: readonly [string, readonly string[]][] = [
      ['', ['choose-engine sandbox']],
      ['2', ['choose-engine kind']],
      ['kind', ['choose-engine kind']],
      ['q', ['quit']],
      ['quit', ['quit']],
      ['docker', []],
      ['9', []],
      ['22', []],
    ];
    for (const [typed, asked] of table) {
      const app = open(sampleStates['choosing-engine']);
      expect(await app.said()).toContain('1 sandbox, 2 kind, 3 context. Number, or Enter for sandbox:');
      expect(await app.answer(typed), typed).toEqual(asked);
    }
  });

  it('say what an engine lacks that was wanted', async () => {
    const app = open(sampleStates['choosing-engine']);
    const requirements = [{name: 'docker', found: false, detail: 'not found', remedy: 'install Docker'}];
    const detection = {engine: 'kind', usable: false, needs: 'Docker', requirements};
    app.view.event({
      type: 'engines-found',
      engines: [{engine: 'kind', detection}],
    } as unknown as SessionEvent);
    await app.said();
    expect(await app.answer('')).toEqual([]);
    expect(await app.said()).toContain(
      "kind can't be used here yet: it needs Docker.\n  docker: not found → install Docker\n",
    );
  });

  it('name the keys that work', async () => {
    expect(await open(reading).said()).toBe(
      'Enter run, : command, c check, h hint, s solve, e edit, l labs, r reset, ? more, q quit:\n',
    );
    expect(await open(sampleStates.running).said()).toBe('');
  });

  it.each([
    ['', ['advance']],
    ['c', ['check']],
    ['check', ['check']],
    ['hint', ['hint']],
    ['run', ['advance']],
    [':ls -l', ['command ls -l']],
    [': ls', ['command ls']],
    ['quit', ['quit']],
    ['kubectl get pods', []],
    ['sy', []],
    ['t', []],
  ] as const)('%j asks for %j', async (typed, asked) => {
    const app = open(reading);
    expect(await app.answer(typed)).toEqual(asked);
  });

  it('say what is no answer', async () => {
    const app = open(reading);
    await app.said();
    await app.answer('kubectl get pods');
    expect(await app.said()).toContain('"kubectl get pods" is no answer here.');
  });

  it.each(['running', 'checking', 'own-command'] as const)('say what has to wait (%s)', async name => {
    const app = open(sampleStates[name]);
    expect(await app.answer('s')).toEqual([]);
    expect(await app.said()).toBe('"s" can be answered once this is over; "stop" interrupts it.\n');
  });

  it('come after the step that they are about', async () => {
    const app = open(sampleStates['preparing-cluster']);
    const [, next] = sampleLabs;
    if (!next) throw new Error('no lab');
    app.view.event({
      type: 'state-changed',
      state: stepState({name: 'reading'}, {position: {lab: next.id, step: 0, block: 0}}),
    });
    expect(await app.said()).toBe('');
    app.view.event({type: 'step-started', lab: next, step: 0});
    expect(await app.said()).toMatch(/^\nLab 2 [\s\S]*\nEnter .*:\n$/);
  });

  it('come again after a lab that was given and can not be gone to', async () => {
    const app = open(reading);
    const question = await app.said();
    await app.answer('l', '3');
    await app.said();
    app.view.event({type: 'note', text: 'Lab 3 was given.'});
    expect(await app.said()).toBe(`Lab 3 was given.\n${question}`);
  });

  it('ask for the command when a colon came alone', async () => {
    const app = open(reading);
    await app.answer(':');
    expect(await app.said()).toContain('Command, or Enter to go back:');
    expect(await app.answer('quit everything')).toEqual(['command quit everything']);
    expect(await open(reading).answer(':', '')).toEqual([]);
  });

  it.each([
    [['s', 'y'], ['solve']],
    [['s', 'yes'], ['solve']],
    [['s', 'n'], []],
    [['s', ''], []],
    [['s', 'yesterday'], []],
    [['r', 'Y'], ['reset']],
  ] as const)('%j: %j, since nothing is done without a clear yes', async (typed, asked) => {
    expect(await open(reading).answer(...typed)).toEqual(asked);
  });

  it('list the labs, and go to none but the one whose number is typed', async () => {
    const app = open(reading);
    await app.answer('l');
    expect(await app.said()).toContain('  3 Lab last\nNumber of the lab, or Enter to go back:');
    expect(await app.answer('3')).toEqual(['go-to last']);
    for (const typed of ['', 'quit', 'last', 'lt']) {
      const other = open(reading);
      expect(await other.answer('l', typed), typed).toEqual([]);
      expect(other.interactive.shown.screen.overlay.name).toBe('none');
    }
  });

  it('ask before they solve what a lab needs', async () => {
    const app = open(reading, () => ['first', 'deploy-bookinfo']);
    await app.answer('l', '3');
    expect(await app.said()).toContain('Lab 3 needs labs 1, 2. Solve them for you first? y or n:');
    expect(await app.answer('y')).toEqual(['go-to last']);
  });

  it('say the help once, and go on', async () => {
    const app = open(reading);
    await app.said();
    await app.answer('?');
    expect(await app.said()).toMatch(/ {2}Enter {2}do the next thing[\s\S]* {2}q {2}quit/);
    expect(await app.answer('help', 'c')).toEqual(['check']);
  });
});

describe('what happens', () => {
  it('is how a file differs, each time that somebody asks', async () => {
    const app = open(reading);
    app.view.event({type: 'file-seen', block: 's1c2', name: 'f', state: 'differs', diff: '-a\n+\tb\n'});
    expect(await app.said()).toContain('d diff');
    for (const typed of ['d', 'diff']) {
      expect(await app.answer(typed)).toEqual([]);
      expect(await app.said()).toContain('-a\n+→      b\n');
    }
  });

  it('is followed by the question again when a command is over, and not before', async () => {
    const app = open(reading);
    const question = await app.said();
    await app.answer(':ls');
    // The command is on its way, and nothing could be answered.
    expect(await app.said()).toBe('');
    app.view.event({type: 'state-changed', state: sampleStates['own-command']});
    expect(await app.said()).toBe('');
    app.view.event({type: 'state-changed', state: reading});
    expect(await app.said()).toBe(question);
  });

  it.each(['', 'c', 'h', ':ls', 'q'])('is the question at most once for the answer %j', async typed => {
    const app = open(reading);
    const question = await app.said();
    await app.answer(typed);
    expect(await app.said()).toBe('');
    app.view.event({type: 'state-changed', state: reading});
    expect(await app.said()).toBe(question);
  });

  it('is said once: the step, and hints when they were asked for', async () => {
    const app = open(reading);
    const [first] = sampleLabs;
    if (!first) throw new Error('no lab');
    app.view.event({type: 'step-started', lab: first, step: 0});
    const step = await app.said();
    expect(step).toContain('Lab 1 · Lab first, step 1 of 2');
    expect(step).toContain('$ echo s1c1');
    expect(step).not.toContain('A nudge.');
    app.view.event({type: 'state-changed', state: {...reading, hintsShown: 1}});
    const hint = await app.said();
    expect(hint).toContain('A nudge.');
    expect(hint).not.toContain('The pointer.');
    app.view.event({type: 'state-changed', state: {...reading, hintsShown: 2}});
    expect(await app.said()).not.toContain('A nudge.');
  });

  it('has no escape sequence in it', async () => {
    const app = open(reading);
    for (const lab of sampleLabs) app.view.event({type: 'step-started', lab, step: 0});
    expect(await app.said()).not.toContain('\u001b');
  });

  it('hears nothing while an editor has the terminal', async () => {
    const app = open(reading);
    await app.view.lend?.(async () => {
      expect(await app.answer()).toEqual([]);
    });
    expect(await app.answer('c')).toEqual(['check']);
  });
});
