import {type Matcher, RE2JS, RE2JSException} from 're2js';

/** A fault in a pattern, in the words of Go's regexp package, whose message Istio's webhook passes on. */
export class RegexError extends Error {}

/** A compiled RE2 pattern: the time of a match grows with the text, whatever the pattern. */
export interface Pattern {
  /** Whether it matches; the whole text, or a part of it, by how it was compiled. */
  test(text: string): boolean;
}

export interface SearchPattern extends Pattern {
  /** Every match that is not empty, from left to right. */
  all(text: string): string[];
  /**
   * Replaces every match, as RE2's GlobalReplace does.
   * @param rewrite `\0` to `\9` are the match and its groups, `\\` is a backslash
   */
  replaceAll(text: string, rewrite: string): string;
}

/**
 * Compiles an RE2 pattern that must match a whole text, as Envoy's `safe_regex` does.
 * @throws RegexError for what RE2 refuses (look-around, back-references, bad syntax).
 */
export function fullMatch(pattern: string): Pattern {
  const compiled = compile(pattern);
  return {test: text => affordable(compiled, text) && compiled.testExact(text)};
}

/** Compiles an RE2 pattern that is searched for in a text. @throws RegexError */
export function search(pattern: string, options: {ignoreCase?: boolean} = {}): SearchPattern {
  const compiled = compile(pattern, options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  return {
    test: text => affordable(compiled, text) && compiled.test(text),
    // The matcher is the same object each time, so each match is read before the next.
    all: text => Array.from(matchesOf(compiled, text), match => match.group() ?? '').filter(Boolean),
    replaceAll(text, rewrite) {
      let replaced = '';
      let end = 0;
      for (const match of matchesOf(compiled, text)) {
        replaced += text.slice(end, match.start()) + expand(rewrite, match);
        end = match.end();
      }
      return replaced + text.slice(end);
    },
  };
}

/** The pattern that matches a text and nothing else. */
export function quote(text: string): string {
  return RE2JS.quote(text);
}

/** The message of the fault in a pattern, or undefined when RE2 accepts it. */
export function regexFault(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}

/** Compiling costs far more than most matches, and every proxy asks for the same few patterns. */
const kept = new Map<string, RE2JS>();
const mostKept = 500;

function compile(pattern: string, flags = 0): RE2JS {
  const key = `${flags}/${pattern}`;
  const known = kept.get(key);
  if (known) return known;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    // Go shows the empty rest of such a pattern as well.
    const rest = error.message.endsWith('at end of expression') ? ': ``' : '';
    throw new RegexError(error.message + rest);
  }
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value as string);
  kept.set(key, compiled);
  return compiled;
}

/** In the worst case each state of a pattern is looked at for each character; this is about 200 ms of it. */
const mostSteps = 10_000_000;

function affordable(compiled: RE2JS, text: string): boolean {
  if (compiled.programSize() * text.length <= mostSteps) return true;
  throw new RegexError(
    `a text of ${text.length} characters is too long for a pattern of ${compiled.programSize()} states`,
  );
}

/** The matches from left to right; an empty one right behind another does not count. */
function* matchesOf(compiled: RE2JS, text: string): Generator<Matcher> {
  if (!affordable(compiled, text)) return;
  const matcher = compiled.matcher(text);
  let end = -1;
  while (matcher.find()) {
    if (matcher.start() === matcher.end() && matcher.start() === end) continue;
    end = matcher.end();
    yield matcher;
  }
}

function expand(rewrite: string, match: Matcher): string {
  return rewrite.replaceAll(/\\(\d|\\)/g, (_, which: string) => {
    if (which === '\\') return which;
    const group = Number(which);
    return group <= match.groupCount() ? (match.group(group) ?? '') : '';
  });
}
