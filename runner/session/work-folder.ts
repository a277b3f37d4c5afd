import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import type {FileBlock, Lab} from '../catalog/lab.ts';
import {readIfThere, writeWhole} from './files.ts';

export interface WrittenFile {
  name: string;
  path: string;
  change: 'created' | 'updated' | 'unchanged';
  /** Where what stood there before is kept. */
  backup?: string;
  before?: string;
}

/**
 * Writes a learner's file into the work folder. What stood there before and differs is kept beside it as
 * `NAME.bak`, `NAME.bak2`, ...: nothing of the learner's is ever lost.
 */
export async function writeLearnerFile(folder: string, name: string, content: string): Promise<WrittenFile> {
  const file = path.join(folder, name);
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

/** Lays a lab's own manifests into the work folder, where its commands find them by name. */
export async function layManifests(folder: string, lab: Lab): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const {name, content} of lab.manifests) written.push(await writeLearnerFile(folder, name, content));
  return written;
}

export function writeBlock(folder: string, block: FileBlock): Promise<WrittenFile> {
  return writeLearnerFile(folder, block.name, block.content);
}
