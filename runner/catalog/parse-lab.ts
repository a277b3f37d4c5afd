import {parseConditions} from './conditions.ts';
import {parseFence} from './fences.ts';
import {type ParsedFrontMatter, parseFrontMatter} from './front-matter.ts';
import type {Block, CommandBlock, EngineName, Place, Step} from './lab.ts';
import {cutMarkdown, type Piece} from './markdown.ts';
import type {Problem} from './problem.ts';

/** A passage of a manifest that the page shows; it must be found there word for word. */
export interface Excerpt {
  name: string;
  text: string;
  place: Place;
}

/** A step as it is written, with where its heading stands. */
export interface WrittenStep extends Step {
  place: Place;
}

/** One `lab.md`, read by itself; what needs the other files is checked later. */
export interface WrittenLab {
  frontMatter: ParsedFrontMatter;
  introduction: readonly Block[];
  steps: readonly WrittenStep[];
  reset: readonly CommandBlock[];
  excerpts: readonly Excerpt[];
  problems: readonly Problem[];
}

/** Reads the text of a lab; never throws, every mistake becomes a problem. */
export function parseLab(source: string, file: string): WrittenLab {
  const frontMatter = parseFrontMatter(source.replaceAll('\r\n', '\n'), file);
  const {pieces, problems} = cutMarkdown(frontMatter.body, {file, firstLine: frontMatter.bodyLine});
  const builder = new LabBuilder();
  for (const piece of pieces) builder.add(piece);
  return {
    frontMatter,
    introduction: builder.introduction,
    // A section that holds nothing but the reset is no step.
    steps: builder.steps.filter(step => !builder.resetOnly(step)),
    reset: builder.reset,
    excerpts: builder.excerpts,
    problems: [...frontMatter.problems, ...problems, ...builder.problems],
  };
}

interface GrowingStep {
  title: string;
  blocks: Block[];
  place: Place;
}

class LabBuilder {
  readonly introduction: Block[] = [];
  readonly steps: GrowingStep[] = [];
  readonly reset: CommandBlock[] = [];
  readonly excerpts: Excerpt[] = [];
  readonly problems: Problem[] = [];
  readonly #stepsWithReset = new Set<GrowingStep>();
  #runnable = 0;
  #number = 0;

  add(piece: Piece): void {
    switch (piece.type) {
      case 'heading':
        this.#heading(piece);
        return;
      case 'prose':
        this.#push({kind: 'prose', markdown: piece.markdown, ...engineScope(piece)});
        return;
      case 'tip':
        this.#push({kind: 'hint', markdown: piece.markdown});
        return;
      case 'fence':
        this.#fence(piece);
        return;
    }
  }

  resetOnly(step: GrowingStep): boolean {
    return this.#stepsWithReset.has(step) && !step.blocks.some(isRunnable);
  }

  #heading({depth, text, place}: Extract<Piece, {type: 'heading'}>): void {
    if (depth === 1) {
      this.problems.push({
        place,
        message: 'a lab has no # heading',
        fix: 'put the title into the front matter',
      });
      return;
    }
    const before = this.steps.at(-1);
    // Steps are numbered as learners see them, so a section with only the reset does not count.
    if (!before || !this.resetOnly(before)) this.#number += 1;
    this.#runnable = 0;
    this.steps.push({title: text, blocks: [], place});
  }

  #push(block: Block): void {
    (this.steps.at(-1)?.blocks ?? this.introduction).push(block);
  }

  #fence({info, text, raw, place}: Extract<Piece, {type: 'fence'}>): void {
    const {fence, problems} = parseFence(info, place);
    this.problems.push(...problems);
    if (fence.role === 'prose') {
      this.#push({kind: 'prose', markdown: raw});
      return;
    }
    if (fence.role === 'console') {
      this.#push({kind: 'console', text});
      return;
    }
    if (fence.role === 'excerpt') {
      this.excerpts.push({name: fence.name, text, place});
      this.#push({kind: 'prose', markdown: `\`\`\`yaml\n${text}\n\`\`\``});
      return;
    }
    if (fence.role === 'command' && fence.reset) {
      const step = this.steps.at(-1);
      if (step) this.#stepsWithReset.add(step);
      this.reset.push(command(`reset${this.reset.length + 1}`, text, fence, place));
      return;
    }
    if (this.steps.length === 0) {
      this.problems.push({
        place,
        message: 'this stands before the first step',
        fix: 'put a ## heading above it',
      });
      return;
    }
    this.#runnable += 1;
    const id = `s${this.#number}c${this.#runnable}`;
    const scope = engineScope(fence);
    if (fence.role === 'command') {
      this.#push(command(id, text, fence, place));
      return;
    }
    if (fence.role === 'file') {
      const language = info.split(/\s/)[0] ?? '';
      this.#push({
        kind: 'file',
        id,
        name: fence.name,
        language,
        content: `${text}\n`,
        ...scope,
        place,
      });
      return;
    }
    const check = parseConditions(text, {file: place.file, line: place.line + 1});
    this.problems.push(...check.problems);
    this.#push({
      kind: 'check',
      id,
      conditions: check.conditions,
      momentary: fence.momentary,
      ...scope,
      place,
    });
  }
}

type CommandFence = Extract<ReturnType<typeof parseFence>['fence'], {role: 'command'}>;

function command(id: string, text: string, fence: CommandFence, place: Place): CommandBlock {
  const {background, timeout, exit} = fence;
  return {kind: 'command', id, text, ...engineScope(fence), background, timeout, exit, place};
}

function engineScope(fence: {engines?: readonly EngineName[]}): {engines?: readonly EngineName[]} {
  return fence.engines ? {engines: fence.engines} : {};
}

export function isRunnable(block: Block): block is Extract<Block, {id: string}> {
  return block.kind === 'command' || block.kind === 'file' || block.kind === 'check';
}
