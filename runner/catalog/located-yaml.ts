import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  parseDocument,
} from 'yaml';
import {deepestYaml, tooDeepAt} from '../yaml-depth.ts';
import type {Place} from './lab.ts';
import type {Problem} from './problem.ts';

export type YamlPath = readonly (string | number)[];

/** How many nodes aliases may unfold to. */
const mostAliases = 100;

/** A YAML text that remembers on which line of its file every value stands. */
export interface LocatedYaml {
  value: unknown;
  /** The place of the deepest node on `path` that exists; of the key itself where there is one. */
  placeOf(path: YamlPath): Place;
  problems: readonly Problem[];
}

/**
 * Parses one YAML document.
 * @param at where its first line stands in its file
 */
export function parseLocatedYaml(text: string, at: Place): LocatedYaml {
  const refused = refusedYaml(text, at);
  if (refused) return {value: undefined, placeOf: () => refused.place, problems: [refused]};
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false});
  const placeAt = (offset: number): Place => ({
    file: at.file,
    line: at.line + Math.max(0, lines.linePos(offset).line - 1),
  });
  const problems = [...document.errors, ...document.warnings].map(error => ({
    place: placeAt(error.pos[0]),
    message: `this is not valid YAML: ${error.message.split('\n')[0]}`,
    fix: yamlFix(error.code),
  }));
  return {
    value: problems.length > 0 ? undefined : document.toJS({maxAliasCount: mostAliases}),
    placeOf: path => placeAt(offsetOf(document, path)),
    problems,
  };
}

/**
 * The problem of a YAML text that must not be read as a whole: it nests too deep, or its aliases unfold without end.
 * @param at where its first line stands in its file
 */
export function refusedYaml(text: string, at: Place): Problem | undefined {
  const offset = tooDeepAt(text);
  if (offset !== undefined) {
    const line = at.line + text.slice(0, offset).split('\n').length - 1;
    return {
      place: {file: at.file, line},
      message: `this nests more than ${deepestYaml} levels deep`,
      fix: 'flatten it, or close what is open',
    };
  }
  try {
    for (const document of [parseAllDocuments(text, {prettyErrors: false, logLevel: 'silent'})].flat()) {
      if (document.errors.length === 0) document.toJS({maxAliasCount: mostAliases});
    }
    return undefined;
  } catch {
    return {place: at, message: 'its aliases unfold without end', fix: 'write the values out'};
  }
}

function offsetOf(document: Document.Parsed, path: YamlPath): number {
  let node: unknown = document.contents;
  let offset = rangeStart(document.contents) ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return offset;
      offset = rangeStart(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = rangeStart(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function yamlFix(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'keep one of the two';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  return 'check the indentation, the colons and the quotes around here';
}
