import type {YamlProblem} from './go-yaml-words.ts';
import {parseSimpleYaml} from './yaml-simple.ts';

/** A text that is no YAML. */
export class YamlError extends Error {
  constructor({line, message}: YamlProblem) {
    super(`yaml: ${line === undefined ? '' : `line ${line}: `}${message}`);
  }
}

/**
 * Every document of a YAML or JSON text as plain data (null for an empty one). The common plain style is read
 * by a small reader of ours, since loading the library costs more than everything else a short command does.
 * @throws YamlError
 */
export async function parseYamlDocuments(text: string): Promise<unknown[]> {
  if (/^\s*[{[]/.test(text)) {
    try {
      return [JSON.parse(text)];
    } catch {
      // Flow style YAML looks like JSON at first; the library tells.
    }
  }
  const simple = parseSimpleYaml(text);
  if (simple !== undefined) return simple;
  const {parseWithLibrary} = await import('./yaml-lib.ts');
  const {documents, problem} = parseWithLibrary(text);
  if (problem) throw new YamlError(problem);
  return documents;
}

/** The first document. @throws YamlError */
export async function parseYaml(text: string): Promise<any> {
  return (await parseYamlDocuments(text))[0] ?? null;
}
