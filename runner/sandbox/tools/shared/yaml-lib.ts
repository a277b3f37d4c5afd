import {parseAllDocuments} from 'yaml';
import {deepestYaml, tooDeepAt} from '../../../yaml-depth.ts';

// Go's YAML reader takes these words for booleans too (YAML 1.1), and so do kubectl and helm.
const oldBooleans = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text: string) => /^(?:y|on)/i.test(text),
};

/** What Go's reader says where this one uses other words: learners look these up. */
const goMessages: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_INDENT: 'did not find expected key',
  MISSING_CHAR: "could not find expected ':'",
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
};

export interface YamlProblem {
  line: number;
  message: string;
}

/** Every document of a YAML text as plain data; empty documents are null. */
export function parseWithLibrary(text: string): {documents: unknown[]; problem?: YamlProblem} {
  const tooDeep = tooDeepAt(text);
  if (tooDeep !== undefined) {
    const line = text.slice(0, tooDeep).split('\n').length;
    return {documents: [], problem: {line, message: `exceeded max depth of ${deepestYaml}`}};
  }
  const parsed = parseAllDocuments(text, {
    customTags: tags => [oldBooleans as any, ...tags],
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(parsed)) return {documents: []};
  const documents: unknown[] = [];
  for (const document of parsed) {
    const error = document.errors[0];
    if (error) {
      const at = error.pos[0];
      // Go counts the line after the one that such a map begins on.
      const line = text.slice(0, at).split('\n').length + (error.code === 'BLOCK_AS_IMPLICIT_KEY' ? 1 : 0);
      return {documents, problem: {line, message: goMessages[error.code] ?? error.message}};
    }
    try {
      documents.push(document.toJS({maxAliasCount: 1000}));
    } catch {
      return {documents, problem: {line: 1, message: 'document contains excessive aliasing'}};
    }
  }
  return {documents};
}
