import {parseAllDocuments} from 'yaml';
import {deepestYaml, tooDeepAt} from '../../../yaml-depth.ts';
import {goProblem, type YamlProblem} from './go-yaml-words.ts';

// Go's YAML reader takes these words for booleans too (YAML 1.1), and so do kubectl and helm.
const oldBooleans = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text: string) => /^(?:y|on)/i.test(text),
};

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
    if (document.errors.length > 0) return {documents, problem: goProblem(text, document.errors)};
    try {
      documents.push(document.toJS({maxAliasCount: 1000}));
    } catch (error) {
      const [, anchor] = /^Unresolved alias .*: (\S+)$/.exec((error as Error).message) ?? [];
      const message = anchor
        ? `unknown anchor '${anchor}' referenced`
        : 'document contains excessive aliasing';
      return {documents, problem: {message}};
    }
  }
  return {documents};
}
