import {constants} from 'node:fs';
import {access, lstat, mkdir} from 'node:fs/promises';
import path from 'node:path';
import type {FileBlock} from '../catalog/lab.ts';
import {WorkshopError} from '../errors.ts';
import {isCode, readIfThere, writeWhole} from './files.ts';

export interface WrittenFile {
  name: string;
  path: string;
  change: 'created' | 'updated' | 'unchanged';
  /** Where what stood there before is kept. */
  backup?: string;
  before?: string;
}

/**
 * What keeps a file from being written, where that is the file itself and not its folder.
 * @returns undefined when it is something else.
 */
async function inTheWay(file: string, error: unknown): Promise<WorkshopError | undefined> {
  const there = await lstat(file).catch(() => undefined);
  if (!there) return undefined;
  if (there.isDirectory()) {
    return new WorkshopError({
      code: 'folder-in-the-way',
      message: `${file} is a folder, and the step writes a file of that name.`,
      remedies: [`Move it away, then try again: mv '${file}' '${file}.folder'`],
      cause: error,
    });
  }
  const folderIsFine = await access(path.dirname(file), constants.W_OK).then(
    () => true,
    () => false,
  );
  const isProtected = error instanceof WorkshopError && isCode(error.cause, 'EPERM') && folderIsFine;
  if (!isProtected) return undefined;
  return new WorkshopError({
    code: 'file-protected',
    message: `${file} is protected, so the step can't write it.`,
    detail: error.detail ?? error.message,
    remedies: [
      `See how: lsattr '${file}' (an "i" means that nobody may change it), or on macOS ls -lO '${file}'`,
      `Take that off, then try again: sudo chattr -i '${file}', or on macOS chflags nouchg '${file}'`,
    ],
    cause: error,
  });
}

/**
 * Writes a learner's file into the work folder. What stood there before and differs is kept beside it as
 * `NAME.bak`, `NAME.bak2`, ...: nothing of the learner's is ever lost.
 * @throws WorkshopError that blames the file where it is the file, and its folder where it is that.
 */
export async function writeLearnerFile(folder: string, name: string, content: string): Promise<WrittenFile> {
  const file = path.join(folder, name);
  try {
    return await writeKeeping(file, name, content);
  } catch (error) {
    throw (await inTheWay(file, error)) ?? error;
  }
}

async function writeKeeping(file: string, name: string, content: string): Promise<WrittenFile> {
  await mkdir(path.dirname(file), {recursive: true});
  const before = await readIfThere(file);
  if (before === content) return {name, path: file, change: 'unchanged'};
  if (before === undefined) {
    await writeWhole(file, content, 0o644);
    return {name, path: file, change: 'created'};
  }
  const backup = await freeBackupName(file, before);
  await writeWhole(backup, before, 0o644);
  await writeWhole(file, content, 0o644);
  return {name, path: file, change: 'updated', backup, before};
}

async function freeBackupName(file: string, content: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = `${file}.bak${number === 1 ? '' : number}`;
    const there = await readIfThere(candidate);
    if (there === undefined || there === content) return candidate;
  }
}

export function writeBlock(folder: string, block: FileBlock): Promise<WrittenFile> {
  return writeLearnerFile(folder, block.name, block.content);
}
