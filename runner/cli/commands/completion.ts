import {readdirSync} from 'node:fs';
import path from 'node:path';
import {type Complete, RootCommand, type Command as Words} from '@bomb.sh/tab';
import type {Command} from 'commander';
import {type ExitCode, exitCodes, WorkshopError} from '../../errors.ts';
import {suggestion} from '../../nearest.ts';
import {visitors} from '../../session/visitors.ts';
import {workshopNames} from '../../session/workshop-store.ts';
import {simulatedIstio} from '../../version.ts';
import {bashCompletion} from '../bash-completion.ts';
import type {Io} from '../io.ts';
import {engines} from '../options.ts';
import {stateFolder} from '../paths.ts';
import {readLabs} from '../read-labs.ts';
import {say} from '../say.ts';

/** The shells that completion is there for. */
const shells = ['bash', 'zsh', 'fish'] as const;

/** `completion SHELL`: the shell's own script, which asks this program for what fits. */
export async function completion(io: Io, shell: string): Promise<ExitCode> {
  const known = shells.find(each => each === shell);
  if (!known) {
    throw new WorkshopError({
      code: 'unknown-shell',
      message: `There is no completion for "${shell}".`,
      remedies: [suggestion(shell, shells)],
      exitCode: exitCodes.usage,
    });
  }
  if (known === 'bash') say(io.stdout, bashCompletion);
  else new RootCommand().setup('istio-workshop', 'istio-workshop', known);
  return exitCodes.passed;
}

/**
 * `complete -- WORDS`: what the last of the words can become, one a line with its description behind a tab, and at
 * the end a line that the scripts read. It only reads, and says nothing where it can't.
 */
export async function complete(io: Io, program: Command, words: readonly string[]): Promise<ExitCode> {
  const [labs, workshops] = await Promise.all([readLabs(io), workshopNames(stateFolder(io)).catch(() => [])]);
  const last = words.at(-1) ?? '';
  const typed = last.slice(last.startsWith('-') ? last.indexOf('=') + 1 : 0);
  const files = (): Candidate[] => filesFor(io, typed);
  const labNames = labs.map(({id, number, title}): Candidate => [id, `Lab ${number} · ${title}`]);
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .map((each): Candidate => [each.name(), each.description()]);
  addTo(new RootCommand(), program, {
    lab: () => labNames,
    labs: () => labNames,
    from: () => labNames,
    to: () => labNames,
    tag: () => [...new Set(labs.flatMap(({tags}) => tags))].map(name => [name, '']),
    visitor: () => visitors.map(name => [name, '']),
    istio: () => simulatedIstio.map(name => [name, '']),
    shell: () => shells.map(name => [name, '']),
    command: () => commands,
    dir: files,
    expectations: files,
    report: files,
    events: files,
    workshop: () => workshops.map(name => [name, '']),
    engine: () => engines.map(name => [name, '']),
    pace: () => [
      ['fast', 'at once'],
      ['real', 'images, programs and changes take their time'],
    ],
    as: () => visitors.map(name => [name, '']),
    kubeconfig: files,
    images: files,
    charts: files,
    'work-folder': files,
    evidence: files,
    screenshots: files,
  }).parse([...words]);
  return exitCodes.passed;
}

/** A word, and what it means. */
type Candidate = readonly [word: string, meaning: string];

/** What can stand for an argument, or behind an option, of this name. */
type Sources = Readonly<Record<string, () => readonly Candidate[]>>;

/** Tells the library of the commands that there are, with each option that they take. */
function addTo(root: RootCommand, program: Command, sources: Sources): RootCommand {
  const handler = (name: string) => (offer: Complete) => {
    for (const candidate of sources[name]?.() ?? []) offer(...candidate);
  };
  const describe = (words: Words, command: Command): void => {
    const options = command === program ? program.options : [...command.options, ...program.options];
    for (const {long, description, required, optional} of options) {
      const name = (long ?? '').slice('--'.length);
      if (required || optional) words.option(name, description, handler(name));
      else words.option(name, description);
    }
    words.option('help', 'display help for command');
    for (const argument of command.registeredArguments) {
      // The words of the program itself are there to name a command that does not exist.
      if (command !== program) words.argument(argument.name(), handler(argument.name()), argument.variadic);
    }
  };
  const walk = (parent: Command, prefix: string): void => {
    for (const command of parent.createHelp().visibleCommands(parent)) {
      const name = `${prefix}${command.name()}`;
      describe(root.command(name, command.description()), command);
      walk(command, `${name} `);
    }
  };
  describe(root, program);
  walk(program, '');
  return root;
}

/** Files and folders that begin as what is typed does. */
function filesFor(io: Io, typed: string): Candidate[] {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  try {
    const entries = readdirSync(path.resolve(io.directory, folder), {withFileTypes: true});
    return entries
      .filter(({name}) => !name.startsWith('.') || typed.slice(folder.length).startsWith('.'))
      .map(entry => [`${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`, '']);
  } catch {
    return [];
  }
}
