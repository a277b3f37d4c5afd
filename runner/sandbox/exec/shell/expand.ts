import {trimmedEnd} from '../../../trim.ts';
import {arithmetic} from './arithmetic.ts';
import type {List, Word} from './syntax.ts';

/** What expansion needs to know of the shell. */
export interface Expander {
  /** The value of a variable or of `?`, `#`, `$`, `@`, `1`; nothing when unset. */
  lookup(name: string): string | undefined;
  /** The positional parameters. */
  parameters(): readonly string[];
  /** Runs `$(...)` and returns what it printed. */
  substitute(script: List): Promise<string>;
}

/** Expands a word to one text, without splitting: assignments, redirections, quoted places. */
export async function expandText(word: Word, shell: Expander): Promise<string> {
  let text = '';
  for (const part of word) text += part.type === 'text' ? part.text : await expandPart(part, shell);
  return text;
}

/** Expands words to fields: what came unquoted from a variable or a command is split at blanks. */
export async function expandFields(words: readonly Word[], shell: Expander): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    let field: string | undefined;
    for (const part of word) {
      if (part.type === 'text') {
        field = (field ?? '') + part.text;
      } else if (part.type === 'variable' && part.name === '@' && part.quoted) {
        const [first, ...rest] = shell.parameters();
        if (first === undefined) continue;
        field = (field ?? '') + first;
        for (const parameter of rest) {
          fields.push(field);
          field = parameter;
        }
      } else {
        const value = await expandPart(part, shell);
        if (part.quoted) {
          field = (field ?? '') + value;
          continue;
        }
        const pieces = value.split(/[ \t\n]+/);
        if (value === '') continue;
        const [first = '', ...rest] = pieces;
        if (first !== '') field = (field ?? '') + first;
        for (const piece of rest) {
          if (field !== undefined) fields.push(field);
          field = piece === '' ? undefined : piece;
        }
      }
    }
    if (field !== undefined) fields.push(field);
  }
  return fields;
}

async function expandPart(part: Exclude<Word[number], {type: 'text'}>, shell: Expander): Promise<string> {
  if (part.type === 'command') return trimmedEnd(await shell.substitute(part.script), '\n');
  if (part.type === 'arithmetic') {
    const text = await expandText(part.text, shell);
    return String(arithmetic(text, name => shell.lookup(name) ?? ''));
  }
  const value = shell.lookup(part.name);
  switch (part.fallback?.operator) {
    case ':-':
      return value || expandText(part.fallback.word, shell);
    case '-':
      return value ?? expandText(part.fallback.word, shell);
    case ':+':
      return value ? expandText(part.fallback.word, shell) : '';
    case '+':
      return value === undefined ? '' : expandText(part.fallback.word, shell);
    case '#':
      return String((value ?? '').length);
    default:
      return value ?? '';
  }
}
