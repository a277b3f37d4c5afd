import {readdir, readFile, stat} from 'node:fs/promises';
import {basename, isAbsolute, join, normalize} from 'node:path';
import {exitCodes, messageOf, WorkshopError} from '../errors.ts';

export interface SourceFile {
  /** Its name inside the folder. */
  name: string;
  /** For messages, from the labs' directory down. */
  shown: string;
  content: string;
}

/** The files of one lab as they are on disk. */
export interface LabFolder {
  folder: string;
  shown: string;
  /** `lab.md`, or undefined when there is none. */
  page: SourceFile | undefined;
  /** `lab.ko.md` and the like. */
  translations: readonly SourceFile[];
  manifests: readonly SourceFile[];
  broken: readonly SourceFile[];
}

/**
 * Reads all lab folders below a directory, by name.
 * @throws WorkshopError `labs-unreadable` when the directory can't be read
 */
export async function readLabFolders(directory: string): Promise<readonly LabFolder[]> {
  // A path of the building machine must not end up in the compiled labs.
  const root = isAbsolute(directory) ? basename(directory) : normalize(directory);
  try {
    const names = (await directoriesIn(directory)).filter(name => !name.startsWith('.'));
    return await Promise.all(names.map(name => readLabFolder(join(directory, name), name, join(root, name))));
  } catch (error) {
    throw new WorkshopError({
      code: 'labs-unreadable',
      message: `The labs in ${directory} can't be read.`,
      detail: messageOf(error),
      remedies: [{say: 'Name the folder that holds 01-..., 02-...', command: 'lint DIR'}],
      exitCode: exitCodes.usage,
      cause: error,
    });
  }
}

async function readLabFolder(path: string, folder: string, shown: string): Promise<LabFolder> {
  const pages = await filesIn(path, shown, name => /^lab(\.[a-z-]+)?\.md$/i.test(name));
  return {
    folder,
    shown,
    page: pages.find(page => page.name === 'lab.md'),
    translations: pages.filter(page => page.name !== 'lab.md'),
    manifests: await filesIn(join(path, 'manifests'), join(shown, 'manifests')),
    broken: await filesIn(join(path, 'broken'), join(shown, 'broken'), name => /\.ya?ml$/.test(name)),
  };
}

async function directoriesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, {withFileTypes: true});
  return entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort((a, b) => a.localeCompare(b, 'en'));
}

async function filesIn(
  path: string,
  shown: string,
  wanted: (name: string) => boolean = name => !name.startsWith('.'),
): Promise<readonly SourceFile[]> {
  const there = await stat(path).catch(() => undefined);
  if (!there?.isDirectory()) return [];
  const entries = await readdir(path, {withFileTypes: true});
  const names = entries.filter(entry => entry.isFile() && wanted(entry.name)).map(entry => entry.name);
  return Promise.all(
    names
      .sort((a, b) => a.localeCompare(b, 'en'))
      .map(async name => ({
        name,
        shown: join(shown, name),
        content: await readFile(join(path, name), 'utf8'),
      })),
  );
}
