import type {Block, CheckBlock, CommandBlock, EngineName, FileBlock, Lab, Step} from '../catalog/lab.ts';
import {isRepeatable} from '../catalog/shell.ts';
import type {Position, Progress} from './state.ts';

export type Runnable = CommandBlock | FileBlock | CheckBlock;

function isRunnable(block: Block): block is Runnable {
  return block.kind === 'command' || block.kind === 'file' || block.kind === 'check';
}

/** The blocks of a step that something is done with on this engine, in order. */
export function runnableBlocks(step: Step, engine: EngineName): readonly Runnable[] {
  return step.blocks.filter(isRunnable).filter(block => !block.engines || block.engines.includes(engine));
}

/** The check of a step on this engine; a step has at most one. */
export function checkOf(step: Step, engine: EngineName): CheckBlock | undefined {
  return runnableBlocks(step, engine).find(block => block.kind === 'check');
}

/**
 * From where a step is solved whose check failed: what the learner did last may be what is wrong, so everything that
 * can be done twice is done again. @returns the index of a runnable block
 */
export function solvedAgainFrom(step: Step, engine: EngineName): number {
  const blocks = runnableBlocks(step, engine);
  const check = blocks.findIndex(block => block.kind === 'check');
  const canBeRepeated = (block: Runnable): boolean =>
    block.kind === 'file' || (block.kind === 'command' && !block.background && isRepeatable(block.text));
  const last = blocks.slice(0, check).findLastIndex(block => !canBeRepeated(block));
  return last + 1;
}

/** The file that somebody at `position` is busy with: the last one up to there, else the first that comes. */
export function fileAt(labs: readonly Lab[], position: Position, engine: EngineName): FileBlock | undefined {
  const step = labs.find(lab => lab.id === position.lab)?.steps[position.step];
  const files = (step ? runnableBlocks(step, engine) : []).flatMap((block, index) =>
    block.kind === 'file' ? [{block, index}] : [],
  );
  return (files.findLast(({index}) => index <= position.block) ?? files[0])?.block;
}

/** What undoes a lab on this engine, in order. */
export function resetCommands(lab: Lab, engine: EngineName): readonly CommandBlock[] {
  return lab.reset.filter(block => !block.engines || block.engines.includes(engine));
}

export interface BackgroundDue {
  lab: Lab;
  block: CommandBlock;
}

/** The background commands that go on when somebody has come so far: of the labs passed, and of the current one. */
export function backgroundDue(
  labs: readonly Lab[],
  progress: Progress,
  engine: EngineName,
): readonly BackgroundDue[] {
  const {position} = progress;
  const isBehind = (lab: Lab, step: number, block: number): boolean =>
    lab.id === position?.lab
      ? step < position.step || (step === position.step && block < position.block)
      : progress.labs[lab.id] !== undefined;
  return labs.flatMap(lab =>
    lab.steps.flatMap((step, stepIndex) =>
      runnableBlocks(step, engine).flatMap((block, blockIndex) =>
        block.kind === 'command' && block.background && isBehind(lab, stepIndex, blockIndex)
          ? [{lab, block}]
          : [],
      ),
    ),
  );
}

/** The checks of a whole lab that hold once it is passed: all but the momentary ones. */
export function checksOf(lab: Lab, engine: EngineName): readonly CheckBlock[] {
  return lab.steps
    .flatMap(step => runnableBlocks(step, engine))
    .filter(block => block.kind === 'check')
    .filter(block => !block.momentary);
}

/** What a page shows is what the last lab says that routes it. */
const ofThePage = ['stars', 'page'];

/**
 * The checks of every lab that has passed and stands, as far as they should still hold: without those of labs that
 * another one replaced, and without what the page shows where a lab that was built on top says that too.
 * @param underway the lab that somebody is at: it routes the page as well, though it has not passed.
 * @returns the labs in their order, each with those checks alone.
 */
export function standingLabs(
  labs: readonly Lab[],
  progress: Progress,
  engine: EngineName,
  underway?: string,
): readonly Lab[] {
  const standing = labs.filter(({id}) => progress.labs[id]?.status === 'standing');
  const routing = labs.filter(lab => standing.includes(lab) || lab.id === underway);
  const saysPage = (lab: Lab) =>
    checksOf(lab, engine).some(({conditions}) => conditions.some(({kind}) => ofThePage.includes(kind)));
  return standing.flatMap(lab => {
    const later = routing.some(other => needsOf(labs, other.id).includes(lab.id) && saysPage(other));
    const checks = checksOf(lab, engine).flatMap(check => {
      const conditions = check.conditions.filter(({kind}) => !later || !ofThePage.includes(kind));
      return conditions.length === 0 ? [] : [{...check, conditions}];
    });
    return checks.length === 0 ? [] : [{...lab, steps: [{title: lab.title, blocks: checks}]}];
  });
}

/** All labs that `id` stands on, deepest first, without itself. */
export function needsOf(labs: readonly Lab[], id: string): readonly string[] {
  const ordered: string[] = [];
  const visit = (current: string): void => {
    for (const need of labs.find(lab => lab.id === current)?.needs ?? []) {
      visit(need);
      if (!ordered.includes(need)) ordered.push(need);
    }
  };
  visit(id);
  return ordered;
}

/**
 * What to run so that `wanted` is done: what they need and what is not standing any more, then themselves,
 * in an order in which every lab comes after its needs. Labs that are given are never run.
 */
export function planFor(
  labs: readonly Lab[],
  progress: Progress,
  wanted: readonly string[],
): readonly string[] {
  const plan: string[] = [];
  const standing = new Set(
    Object.entries(progress.labs)
      .filter(([, record]) => record.status === 'standing')
      .map(([id]) => id),
  );
  const add = (id: string): void => {
    if (plan.includes(id) || isGiven(progress, id)) return;
    plan.push(id);
    standing.add(id);
    for (const other of rivalsOf(labs, id)) standing.delete(other);
  };
  for (const id of wanted) {
    // There is nothing to do in it, so what it stands on does not matter either.
    if (isGiven(progress, id)) continue;
    for (const need of needsOf(labs, id))
      if (!standing.has(need) && !builtUpon(labs, standing, need)) add(need);
    add(id);
  }
  return plan;
}

/** Whether a lab's result was in the cluster before the workshop. */
export function isGiven(progress: Progress, id: string | undefined): boolean {
  return id !== undefined && progress.labs[id]?.status === 'given';
}

/** Progress that knows of labs whose result was in the cluster before. @param at milliseconds since the epoch. */
export function withGiven(progress: Progress, ids: readonly string[], at: number): Progress {
  const record = {status: 'given' as const, passedAt: new Date(at).toISOString(), milliseconds: 0};
  return {...progress, labs: {...progress.labs, ...Object.fromEntries(ids.map(id => [id, record]))}};
}

/** A need is also met while a lab stands that was built on top of it, even if that lab replaced its result. */
function builtUpon(labs: readonly Lab[], standing: ReadonlySet<string>, need: string): boolean {
  return [...standing].some(id => needsOf(labs, id).includes(need));
}

/** Labs whose result cannot stand together with that of `id`. */
export function rivalsOf(labs: readonly Lab[], id: string): readonly string[] {
  const own = labs.find(lab => lab.id === id)?.replaces ?? [];
  const others = labs.filter(lab => lab.replaces.includes(id)).map(lab => lab.id);
  return [...new Set([...own, ...others])];
}

/** Progress after `id` passed: it stands, its rivals are replaced. */
export function withPassed(options: {
  labs: readonly Lab[];
  progress: Progress;
  id: string;
  passedAt: string;
  milliseconds: number;
}): Progress {
  const {labs, progress, id, passedAt, milliseconds} = options;
  const records = {...progress.labs, [id]: {status: 'standing' as const, passedAt, milliseconds}};
  for (const rival of rivalsOf(labs, id)) {
    const record = records[rival];
    if (record) records[rival] = {...record, status: 'replaced'};
  }
  return {...progress, labs: records};
}

/**
 * Progress after `id` was undone: it has not passed any more, and what was built upon it has lost its ground. Only
 * the former has to be learnt again.
 */
export function withoutLab(labs: readonly Lab[], progress: Progress, id: string): Progress {
  const {[id]: _, ...others} = progress.labs;
  const records = Object.entries(others).map(([other, record]) =>
    needsOf(labs, other).includes(id) ? [other, {...record, status: 'replaced' as const}] : [other, record],
  );
  return {...progress, labs: Object.fromEntries(records)};
}

/** The lab somebody is at: the saved position, else the first that has not passed, else the last one. */
export function resumeLab(labs: readonly Lab[], progress: Progress): Lab {
  const current =
    labs.find(lab => lab.id === progress.position?.lab && !isGiven(progress, lab.id)) ??
    labs.find(lab => !progress.labs[lab.id]) ??
    labs.at(-1);
  if (!current) throw new Error('There are no labs.');
  return current;
}
