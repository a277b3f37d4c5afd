import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {asDiskError, exitCodes, messageOf, WorkshopError} from '../errors.ts';

/**
 * Writes a file as a whole or not at all: a reader, or a crash, never sees half of it. One that holds the text already
 * stays as it is, so that nothing which only says the same again fails on a full disk.
 */
export async function writeWhole(file: string, text: string, mode = 0o600): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === text) return;
  // Loaded only here: it would hold up the first frame of the app.
  const {randomUUID} = await import('node:crypto');
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID().slice(0, 8)}`);
  try {
    await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
    await writeFile(temporary, text, {mode});
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, {force: true}).catch(() => {});
    throw asDiskError(error, file) ?? notWritable(path.dirname(file), error);
  }
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
    throw new WorkshopError({
      code: 'not-readable',
      message: `Can't read ${file}.`,
      detail: messageOf(error),
      remedies: [`Give yourself the right to read it: chmod u+r '${file}'`],
      cause: error,
    });
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function notWritable(folder: string, error: unknown): WorkshopError {
  return new WorkshopError({
    code: 'not-writable',
    message: `Can't write to ${folder}.`,
    detail: messageOf(error),
    remedies: [
      'Make the folder writable, or choose another one: ISTIO_WORKSHOP_STATE=/some/folder for the state, --work-folder DIR for your files',
    ],
    cause: error,
  });
}

/**
 * Reads a versioned JSON file of ours.
 * @param options.isWhole whether all is there that whoever reads it relies on, and of the right type.
 * @throws WorkshopError `state-newer` when a newer version wrote it, `state-damaged` when it is no such file.
 */
export async function readVersioned<T extends {format: number}>(
  file: string,
  {format, isWhole}: {format: number; isWhole(value: T): boolean},
): Promise<T | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  let value: T;
  try {
    value = JSON.parse(text);
    if (typeof value?.format !== 'number') throw new Error('it has no "format" number');
  } catch (error) {
    throw damaged(file, error);
  }
  if (value.format > format) {
    throw new WorkshopError({
      code: 'state-newer',
      message: `${file} was written by a newer istio-workshop (format ${value.format}; this one knows ${format}).`,
      remedies: ['Use that newer version', 'Or keep it and start another workshop: --workshop NAME'],
      exitCode: exitCodes.environment,
    });
  }
  if (!isWhole(value)) throw damaged(file, new Error('something in it is missing or of another type'));
  return value;
}

function damaged(file: string, cause: unknown): WorkshopError {
  return new WorkshopError({
    code: 'state-damaged',
    message: `${file} is damaged.`,
    detail: messageOf(cause),
    remedies: [`Move it away and start again: mv '${file}' '${file}.damaged'`],
    exitCode: exitCodes.environment,
    cause,
  });
}
