import path from 'node:path';
import {readShell} from '../catalog/shell.ts';
import {readIfThere} from './files.ts';

/**
 * What is wrong with a file that a command names, in plain words and with its line; for when the command failed.
 * @returns undefined when each of its files is good YAML, or is no file of the work folder.
 */
export async function fileFault(text: string, workFolder: string): Promise<string | undefined> {
  for (const name of readShell(text).files) {
    if (!/\.(ya?ml|json)$/.test(name)) continue;
    const content = await readIfThere(path.resolve(workFolder, name)).catch(() => undefined);
    const fault = content === undefined ? undefined : await faultIn(content);
    if (fault) return `${name}, line ${fault.line}: ${fault.what}.`;
  }
  return undefined;
}

/** The first thing that keeps a text from being YAML documents, by https://yaml.org/spec/1.2.2/ */
export async function faultIn(content: string): Promise<{line: number; what: string} | undefined> {
  const lines = content.split('\n');
  const tab = lines.findIndex(line => /^ *\t/.test(line) && line.trim() !== '');
  if (tab >= 0) return {line: tab + 1, what: 'a tab stands where YAML wants spaces'};
  const {parseAllDocuments} = await import('./yaml.ts');
  for (const {errors} of parseAllDocuments(content)) {
    const [error] = errors;
    if (!error) continue;
    // A key that is indented too far counts as the rest of the line before it; what is wrong is where it stands.
    const tooFar = errors.find(({code}) => code === 'MULTILINE_IMPLICIT_KEY');
    if (tooFar?.linePos?.[1]) return {line: tooFar.linePos[1].line, what: 'it is indented too far'};
    return {line: error.linePos?.[0].line ?? 1, what: plain[error.code] ?? said(error.message)};
  }
  return undefined;
}

/** The parser's codes for what learners do, in their words. */
const plain: Readonly<Record<string, string>> = {
  BAD_INDENT: 'its indentation fits no line above it',
  BLOCK_AS_IMPLICIT_KEY: 'there is a second colon in the line; put the text behind the first into quotes',
  TAB_AS_INDENT: 'a tab stands where YAML wants spaces',
};

/** The parser's own words: its first line, without the place. */
function said(message: string): string {
  const [first = ''] = message.split('\n');
  const what = first.replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '');
  return `${what[0]?.toLowerCase()}${what.slice(1)}`;
}
