import {Lexer, Parser} from 'yaml';

/** Deeper than any manifest or lab; the library's own reader needs many times this before it fails. */
export const deepestYaml = 500;

/**
 * Where a YAML text nests deeper than `deepestYaml`, as an offset into it. Such a text must not reach the library's
 * reader: it recurses, and where the stack ends within one of its regular expressions, the whole process does.
 */
export function tooDeepAt(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)) {
      // The tokens themselves are of no interest here.
    }
    if (parser.stack.length > deepestYaml) return parser.offset;
  }
  return undefined;
}
