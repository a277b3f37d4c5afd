import type {Block, EngineName} from '../../catalog/lab.ts';
import {runnableBlocks} from '../../state/plan.ts';
import type {InStep, Phase} from '../../state/state.ts';
import {renderMarkdown} from '../markdown/render.ts';
import {wrapLines} from '../markdown/wrap.ts';
import type {Paint} from '../paint.ts';
import type {CheckRun, StepView} from '../view-model.ts';
import {checkLines} from './check-lines.ts';
import {outputLines} from './output-lines.ts';
import {commandLines, fileLines} from './run-lines.ts';

export interface StepLinesOptions {
  width: number;
  paint: Paint;
  now: number;
  /** Folds long output. */
  fold: boolean;
  /** Shows how files differ from the lab's. @default false */
  differences?: boolean;
  engine: EngineName;
  /** Absent for a step that is over. */
  live?: Pick<InStep, 'position' | 'phase' | 'hintsShown'>;
}

export interface StepLines {
  lines: readonly string[];
  /** The lines that the learner should see now: what comes next, or what runs. */
  focus: Focus;
}

export interface Focus {
  from: number;
  to: number;
  /** What counts where not all of it can be seen. @default 'end' */
  anchor?: 'start' | 'end';
}

/** A whole step as lines: its prose, what was and will be done, and what was seen. */
export function stepLines(view: StepView, options: StepLinesOptions): StepLines {
  const {width, paint, live} = options;
  const step = view.lab.steps[view.step];
  const lines: string[] = [];
  const happening = blockOf(live?.phase);
  let wanted: Focus | undefined;
  let focus: Focus | undefined;
  const add = (part: readonly string[]): void => {
    if (part.length > 0 && lines.length > 0) lines.push('');
    lines.push(...part);
  };
  /** What the learner typed when so many blocks of the step had been done. */
  const addOwn = (done: number): void => {
    for (const own of view.own.filter(({after}) => after === done)) {
      const from = lines.length;
      add(commandLines(own, own, {...options, next: false}));
      if (view.latest === 'own' && own === view.own.at(-1)) wanted = {from, to: lines.length};
    }
  };
  const runnable = step ? runnableBlocks(step, options.engine) : [];
  const resting = live && (live.phase.name === 'reading' || live.phase.name === 'failed');
  let hints = 0;

  if (view.step === 0) for (const block of view.lab.introduction) add(passive(block, options));
  add(wrapLines(paint.title(step?.title ?? ''), width));
  for (const block of step?.blocks ?? []) {
    const index = runnable.findIndex(({id}) => 'id' in block && id === block.id);
    const current = live !== undefined && index >= 0 && index === live.position.block;
    if (index === 0) addOwn(0);
    const from = lines.length;
    switch (block.kind) {
      case 'command':
      case 'file': {
        if (index < 0) break;
        const run = view.runs[block.id];
        const next = current && resting === true && run?.status !== 'running';
        const difference = view.differing?.[block.id];
        if (block.kind === 'file') add(fileLines(block, run, {...options, next, difference}));
        else add(commandLines(block, run, {...options, next, background: block.background}));
        break;
      }
      case 'check':
        if (index >= 0)
          add(indented(check(view.check ?? view.noticed, block.conditions.length, {width, paint, current})));
        break;
      case 'hint':
        hints += 1;
        if (hints <= (live?.hintsShown ?? 0)) {
          add(renderMarkdown(`> [!TIP]\n${block.markdown.replaceAll(/^/gm, '> ')}`, {width, paint}));
          if (view.latest === 'hint') wanted = {from, to: lines.length};
        }
        break;
      default:
        add(passive(block, options));
    }
    if (happening === undefined ? current : 'id' in block && block.id === happening) {
      focus = {from, to: lines.length, anchor: block.kind === 'check' ? 'start' : 'end'};
    }
    if (index >= 0) addOwn(index + 1);
  }
  if (live?.phase.name === 'passed') focus ??= {from: lines.length, to: lines.length};
  return {lines, focus: wanted ?? focus ?? {from: 0, to: 0}};
}

/** What runs or has failed now; a check that nobody asked for moves nothing. */
function blockOf(phase: Phase | undefined): string | undefined {
  if (!phase || !('block' in phase)) return undefined;
  return phase.name === 'checking' && phase.asked === 'noticed' ? blockOf(phase.before) : phase.block;
}

function indented(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`);
}

function check(
  run: CheckRun | undefined,
  conditions: number,
  {width, paint, current}: {width: number; paint: Paint; current: boolean},
): string[] {
  if (run) return checkLines(run, {width: width - 2, paint});
  const what = conditions === 1 ? 'one condition' : `${conditions} conditions`;
  return [paint.quiet(`Check: ${what}${current ? '  ⏎ to check' : ''}`)];
}

interface LaidOut {
  width: number;
  paint: Paint;
  lines: string[];
}

/** Prose stays the same from frame to frame, and laying it out is most of what a frame costs. */
const laidOut = new WeakMap<Block, LaidOut>();

function passive(block: Block, {width, paint, engine}: StepLinesOptions): string[] {
  if ('engines' in block && block.engines && !block.engines.includes(engine)) return [];
  const known = laidOut.get(block);
  if (known?.width === width && known.paint === paint) return known.lines;
  const lines = layOut(block, width, paint);
  laidOut.set(block, {width, paint, lines});
  return lines;
}

function layOut(block: Block, width: number, paint: Paint): string[] {
  if (block.kind === 'prose') return renderMarkdown(block.markdown, {width, paint});
  if (block.kind === 'console')
    return outputLines(block.text, width - 2).map(line => `  ${paint.quiet(line)}`);
  return [];
}
