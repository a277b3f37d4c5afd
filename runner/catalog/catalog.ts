import {messageOf} from '../errors.ts';
import {causeCodes} from '../istio/causes/codes.ts';
import {suggestion} from '../nearest.ts';
import {parseBroken} from './broken.ts';
import type {CompiledLabs} from './compiled.ts';
import type {BrokenManifest, Lab} from './lab.ts';
import {lintPage, usedFiles, yamlProblems} from './lint-page.ts';
import {type LabSource, lintSet} from './lint-set.ts';
import {parseLab} from './parse-lab.ts';
import {labsInvalid, type Problem, sortProblems} from './problem.ts';
import {type LabFolder, readLabFolders} from './read-folder.ts';
import {lintTranslation} from './translations.ts';

/**
 * Everything that is wrong with the labs below a directory, by file and line.
 * @throws WorkshopError `labs-unreadable` when the directory can't be read
 */
export async function lintLabs(directory: string): Promise<readonly Problem[]> {
  return (await readLabs(directory)).problems;
}

/**
 * The labs below a directory, in the order of their numbers.
 * @throws WorkshopError `labs-invalid` (exit code 2) that lists every problem, or `labs-unreadable`
 */
export async function loadLabs(directory: string): Promise<readonly Lab[]> {
  const {labs, problems} = await readLabs(directory);
  if (problems.length > 0) throw labsInvalid(problems);
  return labs;
}

/** The labs as plain JSON, for a start without a parser; throws as `loadLabs` does. */
export async function compileLabs(directory: string): Promise<CompiledLabs> {
  return {format: 1, labs: await loadLabs(directory)};
}

async function readLabs(directory: string): Promise<{labs: readonly Lab[]; problems: readonly Problem[]}> {
  const folders = await readLabFolders(directory);
  const problems: Problem[] = [];
  const sources: LabSource[] = [];
  if (folders.length === 0) {
    const place = {file: directory, line: 1};
    problems.push({
      place,
      message: 'there is no lab here',
      fix: 'add a folder such as 01-first-lab with a lab.md',
    });
  }
  for (const folder of folders) {
    const number = /^(\d{2,3})-[a-z0-9]+(-[a-z0-9]+)*$/.exec(folder.folder)?.[1];
    const place = {file: folder.shown, line: 1};
    if (number === undefined) {
      problems.push({place, message: 'the folder has no number', fix: 'name it like 05-route-to-v2'});
    }
    if (!folder.page) {
      problems.push({
        place,
        message: 'the folder has no lab.md',
        fix: 'write one, or move the folder out of the labs',
      });
      continue;
    }
    const {page: written} = folder;
    const page = readable(written.shown, problems, () => parseLab(written.content, written.shown));
    if (!page) continue;
    problems.push(...page.problems);
    for (const file of folder.translations) {
      const translation = {original: written.content, translation: file.content, file: file.shown};
      problems.push(...(readable(file.shown, problems, () => lintTranslation(translation)) ?? []));
    }
    const data = page.frontMatter.data;
    if (data) sources.push({folder, number: Number(number ?? 0), page, data});
  }
  problems.push(...lintSet(sources));
  const labs = sources.map(source => assemble(source, sources, problems));
  return {labs: labs.sort((a, b) => a.number - b.number), problems: sortProblems(problems)};
}

/** What was read of a file; one that the Markdown reader can't take becomes a problem beside all others. */
function readable<T>(file: string, problems: Problem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    problems.push({
      place: {file, line: 1},
      message: `this can't be read: ${messageOf(error)}`,
      fix: 'look for what nests very deep, such as quotes or lists',
    });
    return undefined;
  }
}

function assemble(source: LabSource, all: readonly LabSource[], problems: Problem[]): Lab {
  const {folder, page, data, number} = source;
  const place = {file: folder.page?.shown ?? folder.shown, line: 1};
  const shared = sharedManifests(source, all, problems);
  const own = folder.manifests.map(({name, content}) => ({name, content}));
  const manifests = [...own, ...shared];
  const contents = new Map(manifests.map(({name, content}) => [name, content]));
  problems.push(...lintPage({page, manifests: contents, place}));
  problems.push(...unusedManifests(source, all));
  const files = usedFiles(page);
  const broken: BrokenManifest[] = [];
  for (const file of folder.broken) {
    const parsed = parseBroken({file: file.shown, content: file.content, causes: causeCodes, files});
    problems.push(...parsed.problems);
    if (parsed.broken) broken.push(parsed.broken);
  }
  for (const file of folder.manifests) {
    if (/\.ya?ml$/.test(file.name))
      problems.push(...yamlProblems(file.content, {file: file.shown, line: 1}, 0));
  }
  return {
    number,
    id: data.id,
    folder: folder.folder,
    title: data.title,
    summary: data.summary,
    minutes: data.minutes,
    needs: data.needs,
    replaces: data.replaces,
    tags: data.tags,
    introduction: page.introduction,
    steps: page.steps.map(({title, blocks}) => ({title, blocks})),
    reset: page.reset,
    manifests,
    broken,
    place,
  };
}

function sharedManifests(
  source: LabSource,
  all: readonly LabSource[],
  problems: Problem[],
): readonly {name: string; content: string}[] {
  return source.data.manifests.flatMap((reference, index) => {
    const [id = '', name = ''] = reference.split('/');
    const place = source.page.frontMatter.placeOf('manifests', index);
    const owner = all.find(lab => lab.data.id === id);
    if (!owner) {
      const ids = all.map(lab => lab.data.id).filter(other => other !== source.data.id);
      problems.push({place, message: `there is no lab "${id}"`, fix: suggestion(id, ids)});
      return [];
    }
    const file = owner.folder.manifests.find(manifest => manifest.name === name);
    if (!file) {
      const names = owner.folder.manifests.map(manifest => manifest.name);
      problems.push({place, message: `the lab "${id}" ships no "${name}"`, fix: suggestion(name, names)});
      return [];
    }
    if (!usedFiles(source.page).has(name)) {
      problems.push({place, message: `no command uses "${name}"`, fix: 'take it out of the list'});
    }
    return [{name, content: file.content}];
  });
}

function unusedManifests({folder, page, data}: LabSource, all: readonly LabSource[]): readonly Problem[] {
  const used = usedFiles(page);
  const lent = new Set(all.flatMap(lab => lab.data.manifests));
  return unusedIn(folder, name => used.has(name) || lent.has(`${data.id}/${name}`));
}

function unusedIn(folder: LabFolder, isUsed: (name: string) => boolean): readonly Problem[] {
  return folder.manifests
    .filter(file => !isUsed(file.name))
    .map(file => ({
      place: {file: file.shown, line: 1},
      message: 'no command uses this manifest',
      fix: 'use it in a command, or delete it',
    }));
}
