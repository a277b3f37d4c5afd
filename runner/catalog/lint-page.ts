import {parseAllDocuments} from 'yaml';
import {engineNames, leavesFolder} from './fences.ts';
import type {CommandBlock, EngineName, FileBlock, Place} from './lab.ts';
import {refusedYaml} from './located-yaml.ts';
import type {WrittenLab, WrittenStep} from './parse-lab.ts';
import {isRunnable} from './parse-lab.ts';
import type {Problem} from './problem.ts';
import {readShell, refusal} from './shell.ts';

export interface PageOptions {
  page: WrittenLab;
  /** Files that the lab ships or shares: name -> content. */
  manifests: ReadonlyMap<string, string>;
  /** The first line of the file, for what has no line of its own. */
  place: Place;
}

/** The rules that one page can be judged by, together with the files it ships. */
export function lintPage({page, manifests, place}: PageOptions): readonly Problem[] {
  return [
    ...page.steps.flatMap(lintStep),
    ...lintCommands(page, manifests),
    ...lintFiles(page),
    ...lintExcerpts(page, manifests),
    ...lintWhole(page, place),
  ];
}

function lintWhole(page: WrittenLab, place: Place): readonly Problem[] {
  const problems: Problem[] = [];
  const hints = page.steps.flatMap(step => step.blocks).filter(block => block.kind === 'hint');
  if (page.steps.length === 0) {
    problems.push({
      place,
      message: 'the lab has no step',
      fix: 'add a ## heading with a command and a check below it',
    });
    return problems;
  }
  if (!page.steps.some(step => step.blocks.some(block => block.kind === 'check'))) {
    problems.push({
      place,
      message: 'the lab has no check',
      fix: 'say what must be true in a ```yaml check fence',
    });
  }
  if (hints.length < 2) {
    problems.push({
      place,
      message: 'the lab has fewer than two hints',
      fix: 'add a nudge and a pointer as > [!TIP]',
    });
  }
  if (page.reset.length === 0) {
    problems.push({
      place,
      message: 'the lab has no reset',
      fix: 'add a ```sh reset fence that undoes what the lab did',
    });
  }
  return problems;
}

function lintStep(step: WrittenStep): readonly Problem[] {
  const {place, title} = step;
  const problems: Problem[] = [];
  if (!step.blocks.some(isRunnable)) {
    problems.push({
      place,
      message: `the step "${title}" has neither a command nor a file nor a check`,
      fix: 'add one, or move the text to the step before',
    });
  }
  const checks = step.blocks.filter(block => block.kind === 'check');
  if (checks.length > 0 && !step.blocks.some(block => block.kind === 'hint')) {
    problems.push({
      place: checks[0]?.place ?? place,
      message: `the step "${title}" has a check and no hint`,
      fix: 'add a > [!TIP] below the check',
    });
  }
  for (const engine of engineNames) {
    const second = checks.filter(check => shownOn(check, engine))[1];
    if (!second) continue;
    problems.push({
      place: second.place,
      message: 'a step has one check',
      fix: 'merge the two, or begin a new step',
    });
    break;
  }
  return problems;
}

function lintCommands(page: WrittenLab, manifests: ReadonlyMap<string, string>): readonly Problem[] {
  const written: FileBlock[] = [];
  const problems: Problem[] = [];
  const judge = (command: CommandBlock, files: readonly FileBlock[]): void => {
    const reading = readShell(command.text);
    for (const call of reading.calls) {
      const refused = refusal(call, command);
      if (refused) problems.push({place: lineOf(command, call[0] ?? ''), ...refused});
    }
    for (const file of reading.files) {
      const place = lineOf(command, file);
      if (/^[a-z]+:\/\//.test(file)) {
        problems.push({
          place,
          message: `"${file}" is fetched from the network`,
          fix: 'ship the file under manifests/',
        });
      } else if (leavesFolder(file)) {
        problems.push({
          place,
          message: `the path "${file}" leaves the work folder`,
          fix: 'name a file of this lab',
        });
      } else if (
        !manifests.has(file) &&
        !files.some(block => block.name === file && covers(block, command))
      ) {
        problems.push({
          place,
          message: `the file "${file}" is never written`,
          fix: `add it under manifests/, or a fence \`\`\`yaml file=${file} above the command`,
        });
      }
    }
  };
  for (const block of page.steps.flatMap(step => step.blocks)) {
    if (block.kind === 'file') written.push(block);
    if (block.kind === 'command') judge(block, written);
  }
  for (const command of page.reset) judge(command, written);
  return problems;
}

function lintFiles(page: WrittenLab): readonly Problem[] {
  const files = page.steps.flatMap(step => step.blocks).filter(block => block.kind === 'file');
  return files.flatMap(file => (/\.ya?ml$/.test(file.name) ? yamlProblems(file.content, file.place, 1) : []));
}

/** @param skip lines between `place` and the first line of the text */
export function yamlProblems(text: string, place: Place, skip: number): readonly Problem[] {
  const refused = refusedYaml(text, {file: place.file, line: place.line + skip});
  if (refused) return [refused];
  const documents = parseAllDocuments(text, {prettyErrors: true});
  return (Array.isArray(documents) ? documents : []).flatMap(document =>
    document.errors.map(error => ({
      place: {file: place.file, line: place.line + skip + (error.linePos?.[0].line ?? 1) - 1},
      message: `this is not valid YAML: ${error.message.split(/ at line |\n/)[0]}`,
      fix: 'check the indentation, the colons and the quotes around here',
    })),
  );
}

function lintExcerpts(page: WrittenLab, manifests: ReadonlyMap<string, string>): readonly Problem[] {
  return page.excerpts.flatMap(({name, text, place}) => {
    const content = manifests.get(name);
    if (content === undefined) {
      return [
        {place, message: `the excerpt is of "${name}", which the lab does not ship`, fix: 'correct the name'},
      ];
    }
    if (content.includes(`${text}\n`)) return [];
    return [
      {
        place,
        message: `the excerpt is not in "${name}" word for word`,
        fix: 'copy the passage from the file',
      },
    ];
  });
}

/** The files that the lab's own commands use. */
export function usedFiles(page: WrittenLab): ReadonlySet<string> {
  const commands = [...page.steps.flatMap(step => step.blocks), ...page.reset].filter(
    (block): block is CommandBlock => block.kind === 'command',
  );
  return new Set(commands.flatMap(command => readShell(command.text).files));
}

function shownOn(block: {engines?: readonly EngineName[]}, engine: EngineName): boolean {
  return block.engines === undefined || block.engines.includes(engine);
}

/** A file is there for a command when it is written on every engine that the command runs on. */
function covers(file: FileBlock, command: CommandBlock): boolean {
  return engineNames.every(engine => !shownOn(command, engine) || shownOn(file, engine));
}

function lineOf(command: CommandBlock, word: string): Place {
  const line = command.text.split('\n').findIndex(text => text.includes(word));
  return {file: command.place.file, line: command.place.line + 1 + Math.max(0, line)};
}
