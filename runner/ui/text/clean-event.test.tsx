import {PassThrough} from 'node:stream';
import {setImmediate as turn} from 'node:timers/promises';
import {render} from 'ink';
import {describe, expect, it} from 'vitest';
import {WorkshopError} from '../../errors.ts';
import type {SessionEvent, View} from '../../session/events.ts';
import {lab} from '../../testing/sample-labs.ts';
import {errorLines} from '../error-text.ts';
import {bodyFor} from '../ink/frame.ts';
import {layoutFor} from '../ink/layout.ts';
import {Main} from '../ink/main.tsx';
import {createInteractive} from '../interactive.ts';
import {createJsonView} from '../json/json-view.ts';
import {createPaint} from '../paint.ts';
import {createPlainView} from '../plain/plain-view.ts';
import {createPromptView} from '../prompts/prompt-view.ts';
import {conditionResult, sampleModel, stepState} from '../testing/models.ts';
import {cleanData} from './clean-text.ts';

/** What somebody could put into a name: colours, a title of the window, CSI as one character, text turned round. */
const planted = 'a\u001b[31mb\u001b]0;x\u0007c\u009b2Jd\re\u202ef\u2066g\u007fh';
const harmless = 'a[31mb]0;xc2Jdefgh';

/** Characters that a terminal acts upon, other than the styles that are ours. */
function controlsIn(text: string): readonly string[] {
  const rest = text.replaceAll('\u001b[1m', '').replaceAll('\u001b[22m', '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return rest.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g) ?? [];
}

const paint = createPaint(false);
const error = new WorkshopError({
  code: 'x',
  message: planted,
  detail: planted,
  remedies: [planted, {say: planted, command: planted}],
});
const spoilt = lab('first', 1, {title: planted, summary: planted});
const result = conditionResult({
  label: planted,
  expected: planted,
  seen: planted,
  notes: [planted],
  remedies: [planted],
  why: [{code: 'x', sentence: planted, object: planted, fix: planted, command: planted}],
  rows: [
    {
      visitor: planted,
      expected: planted,
      stars: [],
      seen: planted,
      good: 0,
      loads: 1,
      version: planted,
      remark: planted,
    },
  ],
});
const step = {block: 's1c1', lab: 'first', background: false} as const;
const events: readonly SessionEvent[] = [
  {
    type: 'session-started',
    workshop: planted,
    engine: planted,
    simulated: true,
    workFolder: planted,
    labs: [],
  },
  {type: 'waiting', text: planted},
  {type: 'cluster-progress', text: planted},
  {type: 'cluster-notice', text: planted},
  {type: 'lab-started', lab: spoilt},
  {type: 'step-started', lab: spoilt, step: 0},
  {type: 'command-started', ...step, text: planted},
  {type: 'command-output', block: 's1c1', text: `${planted}\n`, stream: 'stdout'},
  {
    type: 'command-finished',
    ...step,
    exitCode: 1,
    wanted: 0,
    ok: false,
    timedOut: false,
    cancelled: false,
    milliseconds: 1,
    problem: planted,
  },
  {type: 'file-written', block: 's1c2', name: planted, path: planted, change: 'created', backup: planted},
  {type: 'background-changed', command: planted, state: 'up'},
  {type: 'check-started', lab: 'first', block: 's1c3', labels: [planted], quiet: false},
  {type: 'condition-progress', block: 's1c3', index: 0, seen: planted},
  {type: 'condition-finished', block: 's1c3', index: 0, result, quiet: false},
  {type: 'traffic', load: {visitor: planted, stars: 'none', version: planted} as never},
  {type: 'note', text: planted},
  {type: 'problem', error},
];
/** Without what a command printed: its colours may stay. */
const silent = events.filter(({type}) => type !== 'command-output');

function tell(view: View, told: readonly SessionEvent[]): void {
  for (const event of told) view.event(event);
}

describe('text of objects, labs and files has no control characters', () => {
  it('in plain lines', () => {
    const lines: string[] = [];
    const out = (line: string) => void lines.push(line);
    tell(createPlainView({out, talk: out, paint}), silent);
    expect(lines.flatMap(controlsIn)).toEqual([]);
    expect(lines.join('\n')).toContain(`why: ${harmless} (${harmless})`);
  });

  it('in prompts, with what is asked and what was answered', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let said = '';
    output.setEncoding('utf8').on('data', text => {
      said += text;
    });
    const model = sampleModel(stepState({name: 'reading'}), {labs: [spoilt]});
    const view = createPromptView({
      input: input as unknown as NodeJS.ReadStream,
      output: output as unknown as NodeJS.WriteStream,
      interactive: createInteractive({model, onAsk() {}, now: () => 0}),
      paint,
      needed: () => [],
    });
    tell(view, silent);
    for (const answer of [planted, 'l']) {
      input.write(`${answer}\n`);
      await turn();
      await turn();
    }
    await view.close();
    expect(said).toContain(`  1 ${harmless}`);
    expect(said).toContain('is no answer here');
    expect(controlsIn(said)).toEqual([]);
  });

  it.each(['none', 'labs', 'background', 'traffic'] as const)('on the screen, overlay %s', name => {
    const model = sampleModel(stepState({name: 'failed', block: 's1c1', reason: 'command'}), {
      labs: [spoilt],
    });
    const interactive = createInteractive({model, onAsk() {}, now: () => 0});
    for (const event of silent) interactive.event(event);
    const overlay = name === 'labs' || name === 'background' ? {name, selected: 0} : {name};
    interactive.change(screen => ({...screen, overlay}));
    const {shown} = interactive;
    const layout = layoutFor({columns: 100, rows: 60});
    const body = bodyFor(shown, {layout, paint, now: 0});
    let written = '';
    const stdout = Object.assign(new PassThrough(), {columns: 100, rows: 1_000_000});
    stdout.write = (text: string) => {
      if (text.includes('a')) written = text;
      return true;
    };
    const instance = render(<Main {...shown} body={body} layout={layout} paint={paint} now={0} />, {
      stdout: stdout as unknown as NodeJS.WriteStream,
      debug: true,
      patchConsole: false,
      exitOnCtrlC: false,
    });
    instance.unmount();
    instance.cleanup();
    expect(written).toContain(harmless.slice(0, 8));
    expect(controlsIn(body.lines.join('\n'))).toEqual([]);
    // Ink takes most of them away by itself, but neither all of them nor what they stood for.
    expect(controlsIn(written)).toEqual([]);
  });

  it("in errors, whose colours are ours, and whose owner's words stay", () => {
    const lines = errorLines(error, {paint: {...paint, bad: createPaint(true).title}});
    expect(lines[0]).toBe(`\u001b[1merror:\u001b[22m ${harmless}`);
    expect(lines).toHaveLength(4);
    expect(lines.flatMap(controlsIn)).toEqual([]);
    expect(error.message).toBe(planted);
  });

  it('in lines of JSON, which have the same values', () => {
    const lines: string[] = [];
    tell(
      createJsonView(line => void lines.push(line)),
      events,
    );
    expect(lines.flatMap(controlsIn)).toEqual([]);
    expect(lines.map(line => JSON.parse(line))).toContainEqual({type: 'note', text: planted});
  });

  it('and data without them keeps its identity', () => {
    const labs = [lab('first', 1), {a: [{b: 'ü\t\n'}], none: null, made: new Map()}];
    expect(cleanData(labs)).toBe(labs);
    expect(cleanData({[planted]: [planted, 1]})).toEqual({[harmless]: [harmless, 1]});
  });
});
