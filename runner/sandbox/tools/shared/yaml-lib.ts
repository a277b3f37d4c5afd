import {parseAllDocuments} from 'yaml';

// Go's YAML reader takes these words for booleans too (YAML 1.1), and so do kubectl and helm.
const oldBooleans = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text: string) => /^(?:y|on)/i.test(text),
};

export interface YamlProblem {
  line: number;
  message: string;
}

/** Every document of a YAML text as plain data; empty documents are null. */
export function parseWithLibrary(text: string): {documents: unknown[]; problem?: YamlProblem} {
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
      const line = text.slice(0, error.pos[0]).split('\n').length;
      return {documents, problem: {line, message: error.message}};
    }
    documents.push(document.toJS({maxAliasCount: 1000}));
  }
  return {documents};
}
