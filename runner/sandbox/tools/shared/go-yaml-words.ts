import type {YAMLParseError} from 'yaml';

/** What keeps a text from being YAML, in the words and with the line of Go's reader. */
export interface YamlProblem {
  /** From 1; absent where Go's reader names none. */
  line?: number;
  message: string;
}

/**
 * What Go's YAML reader, and so kubectl and helm, say of a text: learners look these words up. Its scanner names the
 * line of what is wrong, and its parser the one before; seen with kubectl 1.33.
 *
 * @param errors of one document, as the library found them; at least one.
 */
export function goProblem(text: string, errors: readonly YAMLParseError[]): YamlProblem {
  const [error] = errors as readonly [YAMLParseError];
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const line = lineAt(error.pos[0]);
  const scanner = (message: string, at = line): YamlProblem => ({line: at, message});
  const parser = (message: string): YamlProblem => {
    const wrong = error.pos[0] + text.slice(error.pos[0]).search(/\S|$/);
    return {line: Math.max(1, lineAt(wrong) - 1), message};
  };
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY': {
      // A text that goes on in the next line, until a colon stands behind it.
      const over = errors.find(({code}) => code === 'MULTILINE_IMPLICIT_KEY');
      return scanner('mapping values are not allowed in this context', over ? lineAt(over.pos[1]) : line);
    }
    case 'TAB_AS_INDENT':
      return scanner(
        continuesText(text, error.pos[0])
          ? 'found a tab character that violates indentation'
          : 'found character that cannot start any token',
      );
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token');
    case 'MISSING_CHAR':
      if (/^Missing closing/.test(error.message)) return scanner('found unexpected end of stream');
      return scanner("could not find expected ':'", line + 1);
    case 'BAD_INDENT':
      if (/^Flow sequence/.test(error.message)) return parser("did not find expected ',' or ']'");
      if (/^Flow map/.test(error.message)) return parser("did not find expected ',' or '}'");
      return parser(
        isBesideItems(text, line) ? "did not find expected '-' indicator" : 'did not find expected key',
      );
    case 'UNEXPECTED_TOKEN':
      return parser('did not find expected key');
    default:
      return scanner(error.message);
  }
}

/** Before `offset` there is a text without quotes, which the next line would go on with. */
function continuesText(text: string, offset: number): boolean {
  const before = text.slice(0, offset).trimEnd().split('\n').at(-1) ?? '';
  return /[^\s:|>"'\]}-]$/.test(before);
}

/** The line is indented as the items of the list above it are, and is none of them. */
function isBesideItems(text: string, line: number): boolean {
  const lines = text.split('\n').slice(0, line);
  const indentOf = (each: string): number => each.search(/\S/);
  const indent = indentOf(lines.at(-1) ?? '');
  const above = lines.slice(0, -1).findLast(each => indentOf(each) === indent);
  return above?.trimStart().startsWith('- ') === true;
}
