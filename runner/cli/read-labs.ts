import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {readCompiledLabs} from '../catalog/compiled.ts';
import type {Lab} from '../catalog/lab.ts';
import type {Surroundings} from './io.ts';

/** The labs as the build compiled them. */
export async function readLabs(io: Surroundings): Promise<readonly Lab[]> {
  return readCompiledLabs(await readFile(path.join(io.programFolder, 'labs.json'), 'utf8'));
}
