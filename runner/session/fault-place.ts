import path from 'node:path';
import type {CommandBlock, Lab} from '../catalog/lab.ts';
import {readShell} from '../catalog/shell.ts';
import type {Diagnosis} from '../checks/result.ts';
import {lineOf} from './rejection.ts';

/** `VirtualService bookinfo/reviews`, and of an object without a namespace `Namespace bookinfo`. */
const objectPattern = /^(\w+) (?:[\w.-]+\/)?([\w.-]+)$/;

/** The field that a fix changes: `spec.http[0].timeout: "1s" -> "3s"`. */
const fieldPattern = /^((?:spec|metadata)[\w.[\]-]*)/;

/** Causes, each with the line of the file that the lab's commands have applied it from, where it stands in one. */
export async function withPlaces(
  why: readonly Diagnosis[],
  {lab, workFolder}: {lab: Lab; workFolder: string},
): Promise<readonly Diagnosis[]> {
  const commands = lab.steps
    .flatMap(({blocks}) => blocks)
    .filter((block): block is CommandBlock => block.kind === 'command');
  // What was applied last is what stands.
  const files = [...new Set(commands.flatMap(({text}) => readShell(text).files).reverse())];
  return Promise.all(why.map(cause => withPlace(cause, files, workFolder)));
}

async function withPlace(cause: Diagnosis, files: readonly string[], workFolder: string): Promise<Diagnosis> {
  const [, kind, name] = objectPattern.exec(cause.object ?? '') ?? [];
  if (cause.place || !kind || !name) return cause;
  const [, field = 'metadata'] = fieldPattern.exec(cause.fix ?? '') ?? [];
  for (const file of files) {
    if (!/\.(ya?ml|json)$/.test(file)) continue;
    const line = await lineOf(path.resolve(workFolder, file), {kind, name, field});
    if (line !== undefined) return {...cause, place: {file, line}};
  }
  return cause;
}
