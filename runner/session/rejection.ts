import path from 'node:path';
import type {Document} from 'yaml';
import {readShell} from '../catalog/shell.ts';
import {readIfThere} from './files.ts';
import {type Rejection, rejectionIn} from './read-rejection.ts';

/** A refusal in one sentence, with the line of the field where it can be found in one of the command's files. */
export async function rejectionOf(
  text: string,
  stderr: string,
  workFolder: string,
): Promise<string | undefined> {
  const rejection = rejectionIn(stderr);
  const files = readShell(text).files.filter(name => /\.(ya?ml|json)$/.test(name));
  if (!rejection || files.length === 0) return undefined;
  const {kind, name, field, what} = rejection;
  const {file, line} = await placeOf(files, rejection, {stderr, workFolder});
  const place = [
    ...(file ? [line ? `${file}, line ${line}` : file] : []),
    ...(kind && name ? [`${kind} ${name}`] : []),
    ...(field && field !== 'kind' ? [field] : []),
  ];
  return `${place.join(', ')}: ${what.replace(/[.]$/, '')}.`;
}

interface Place {
  file?: string | undefined;
  line?: number | undefined;
}

/** The file that kubectl names, which it does not always; else the one with the object. */
async function placeOf(
  files: readonly string[],
  rejection: Rejection,
  {stderr, workFolder}: {stderr: string; workFolder: string},
): Promise<Place> {
  const named = files
    .filter(file => stderr.includes(`"${file}"`))
    .toSorted((a, b) => stderr.indexOf(`"${a}"`) - stderr.indexOf(`"${b}"`))[0];
  for (const file of named ? [named] : files) {
    const line = await lineOf(path.resolve(workFolder, file), rejection);
    if (line !== undefined) return {file, line};
  }
  return {file: named ?? (files.length === 1 ? files[0] : undefined)};
}

/** The line of a field of an object in a file, or of the nearest that is there of the way to it. */
export async function lineOf(
  file: string,
  {kind, name, field}: Pick<Rejection, 'kind' | 'name' | 'field'>,
): Promise<number | undefined> {
  const content = await readIfThere(file).catch(() => undefined);
  if (content === undefined || !field) return undefined;
  const {parseAllDocuments} = await import('./yaml.ts');
  const documents = [...parseAllDocuments(content)].filter(
    document =>
      (!kind || document.get('kind') === kind) && (!name || document.getIn(['metadata', 'name']) === name),
  );
  // A field at the top that is missing is that of the document without it.
  const without = documents.find(document => document.contents && !document.has(field));
  if (/^(kind|apiVersion)$/.test(field) && without) return lineAt(content, without.contents);
  // Of several documents of a kind, the one in which most of the way to the field is there.
  const nearest = documents
    .map(document => nearestTo(document, field))
    .toSorted((a, b) => b.length - a.length)[0];
  return nearest && nearest.length > 0 ? lineAt(content, nearest.node) : undefined;
}

/** The field itself, by its key; else the nearest that is there, which is the place that it is missing from. */
function nearestTo(document: Document.Parsed, field: string): {length: number; node?: unknown} {
  const way = field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map(step => (/^\d+$/.test(step) ? Number(step) : step));
  for (let length = way.length; length > 0; length -= 1) {
    const node = document.getIn(way.slice(0, length), true);
    if (node === undefined) continue;
    return {length, node: length === way.length ? (keyOf(document, way) ?? node) : node};
  }
  return {length: 0};
}

function keyOf(document: Document.Parsed, way: readonly (string | number)[]): unknown {
  const parent = way.length === 1 ? document.contents : document.getIn(way.slice(0, -1), true);
  const pairs: readonly unknown[] =
    typeof parent === 'object' && parent !== null && 'items' in parent ? (parent.items as unknown[]) : [];
  const pair = pairs.find(
    (each): each is {key: {value: unknown}} =>
      typeof each === 'object' && each !== null && 'key' in each && scalarOf(each.key) === way.at(-1),
  );
  return pair?.key;
}

function scalarOf(node: unknown): unknown {
  return typeof node === 'object' && node !== null && 'value' in node ? node.value : undefined;
}

function lineAt(content: string, node: unknown): number | undefined {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) ? content.slice(0, Number(range[0])).split('\n').length : undefined;
}
