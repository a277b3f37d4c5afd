/** A fault in a pattern, in the words of Go's regexp package, whose message Istio's webhook passes on. */
export class RegexError extends Error {}

/**
 * Compiles an RE2 pattern that must match a whole text, as Envoy's `safe_regex` does.
 * @throws RegexError for what RE2 refuses (look-around, back-references, bad syntax).
 */
export function fullMatch(pattern: string): RegExp {
  const {source, flags} = translate(pattern);
  return new RegExp(`^(?:${source})$`, flags);
}

/** Compiles an RE2 pattern for substitution of every match (`uriRegexRewrite`). */
export function everyMatch(pattern: string): RegExp {
  const {source, flags} = translate(pattern);
  return new RegExp(source, `g${flags}`);
}

/** The message of the fault in a pattern, or undefined when RE2 accepts it. */
export function regexFault(pattern: string): string | undefined {
  try {
    translate(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}

const posixClasses: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const knownEscapes = /[adfnrtvwsDSWbBxpPzAQEC0-7]/;

function translate(pattern: string): {source: string; flags: string} {
  let rest = pattern;
  let flags = '';
  const leading = /^\(\?([imsU]+)\)/.exec(rest);
  if (leading) {
    flags = [...(leading[1] ?? '')].filter(flag => 'ims'.includes(flag)).join('');
    rest = rest.slice(leading[0].length);
  }
  const out: string[] = [];
  let depth = 0;
  let unicode = false;
  let repeatable = false;
  let index = 0;
  while (index < rest.length) {
    const char = rest[index] ?? '';
    if (char === '\\') {
      const escaped = takeEscape(rest, index);
      out.push(escaped.source);
      unicode ||= escaped.unicode;
      index += escaped.length;
      repeatable = true;
    } else if (char === '[') {
      const taken = takeClass(rest, index);
      out.push(taken.source);
      unicode ||= taken.unicode;
      index += taken.length;
      repeatable = true;
    } else if (char === '(') {
      const group = takeGroup(rest, index);
      out.push(group.source);
      index += group.length;
      depth += 1;
      repeatable = false;
    } else if (char === ')') {
      depth -= 1;
      if (depth < 0) throw new RegexError(`error parsing regexp: unexpected ): \`${pattern}\``);
      out.push(char);
      index += 1;
      repeatable = true;
    } else if ('*+?'.includes(char) || (char === '{' && /^\{\d+(,\d*)?\}/.test(rest.slice(index)))) {
      const operator = char === '{' ? (/^\{[^}]*\}/.exec(rest.slice(index))?.[0] ?? char) : char;
      if (!repeatable) {
        throw new RegexError(
          `error parsing regexp: missing argument to repetition operator: \`${operator}\``,
        );
      }
      const lazy = rest[index + operator.length] === '?' ? '?' : '';
      const again = /^([*+?]|\{\d+(,\d*)?\})/.exec(rest.slice(index + operator.length + lazy.length));
      if (again) {
        throw new RegexError(
          `error parsing regexp: invalid nested repetition operator: \`${operator}${lazy}${again[0]}\``,
        );
      }
      const bounds = /^\{(\d+)(?:,(\d*))?\}$/.exec(operator);
      if (bounds && (Number(bounds[1]) > 1000 || Number(bounds[2] ?? 0) > 1000)) {
        throw new RegexError(`error parsing regexp: invalid repeat count: \`${operator}\``);
      }
      out.push(operator + lazy);
      index += operator.length + lazy.length;
    } else {
      out.push(char === '{' || char === '}' || char === ']' ? `\\${char}` : char === '/' ? '\\/' : char);
      index += 1;
      repeatable = char !== '|';
    }
  }
  if (depth > 0) throw new RegexError(`error parsing regexp: missing closing ): \`${pattern}\``);
  return {source: out.join(''), flags: flags + (unicode ? 'u' : '')};
}

function takeEscape(text: string, at: number): {source: string; length: number; unicode: boolean} {
  const next = text[at + 1];
  if (next === undefined) {
    throw new RegexError('error parsing regexp: trailing backslash at end of expression: ``');
  }
  if (next === 'A') return {source: '^', length: 2, unicode: false};
  if (next === 'z') return {source: '$', length: 2, unicode: false};
  if (next === 'a') return {source: '\\x07', length: 2, unicode: false};
  if (next === 'C') throw new RegexError('error parsing regexp: invalid escape sequence: `\\C`');
  if (next === 'Q') {
    const end = text.indexOf('\\E', at + 2);
    const literal = text.slice(at + 2, end < 0 ? undefined : end);
    const length = end < 0 ? text.length - at : end + 2 - at;
    return {source: literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), length, unicode: false};
  }
  if (next === 'x') {
    const hex = /^\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(text.slice(at));
    if (!hex)
      throw new RegexError(`error parsing regexp: invalid escape sequence: \`${text.slice(at, at + 4)}\``);
    const code = (hex[1] ?? hex[2] ?? '').padStart(2, '0');
    return code.length > 2
      ? {source: `\\u{${code}}`, length: hex[0].length, unicode: true}
      : {source: `\\x${code}`, length: hex[0].length, unicode: false};
  }
  if (next === 'p' || next === 'P') {
    const named = /^\\[pP](?:\{(\^?)(\w+)\}|(\w))/.exec(text.slice(at));
    if (!named) throw new RegexError(`error parsing regexp: invalid character class range: \`\\${next}\``);
    const negated = (next === 'P') !== (named[1] === '^');
    const name = named[2] ?? named[3] ?? '';
    const property = name.length <= 2 ? name : `Script=${name}`;
    return {source: `\\${negated ? 'P' : 'p'}{${property}}`, length: named[0].length, unicode: true};
  }
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text.slice(at));
  if (octal) {
    const code = Number.parseInt(octal[1] ?? '0', 8)
      .toString(16)
      .padStart(2, '0');
    return {source: `\\x${code}`, length: octal[0].length, unicode: false};
  }
  if (/[1-9]/.test(next) || (/[A-Za-z]/.test(next) && !knownEscapes.test(next))) {
    throw new RegexError(`error parsing regexp: invalid escape sequence: \`\\${next}\``);
  }
  return {source: `\\${next}`, length: 2, unicode: false};
}

function takeClass(text: string, at: number): {source: string; length: number; unicode: boolean} {
  let index = at + 1;
  let source = '[';
  let unicode = false;
  if (text[index] === '^') {
    source += '^';
    index += 1;
  }
  let first = true;
  while (index < text.length && (text[index] !== ']' || first)) {
    const posix = /^\[:(\^?)(\w+):\]/.exec(text.slice(index));
    if (posix) {
      const members = posixClasses[posix[2] ?? ''];
      if (!members || posix[1]) {
        throw new RegexError(`error parsing regexp: invalid character class range: \`${posix[0]}\``);
      }
      source += members;
      index += posix[0].length;
    } else if (text[index] === '\\') {
      const escaped = takeEscape(text, index);
      source += escaped.source;
      unicode ||= escaped.unicode;
      index += escaped.length;
    } else {
      const char = text[index] ?? '';
      source += char === '[' || char === ']' || char === '/' ? `\\${char}` : char;
      index += 1;
    }
    first = false;
  }
  if (index >= text.length) {
    throw new RegexError(`error parsing regexp: missing closing ]: \`${text.slice(at)}\``);
  }
  const range = /(\w)-(\w)/g;
  for (const found of text.slice(at, index).matchAll(range)) {
    if ((found[1] ?? '') > (found[2] ?? '')) {
      throw new RegexError(`error parsing regexp: invalid character class range: \`${found[0]}\``);
    }
  }
  return {source: `${source}]`, length: index + 1 - at, unicode};
}

function takeGroup(text: string, at: number): {source: string; length: number} {
  if (text[at + 1] !== '?') return {source: '(', length: 1};
  const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(text.slice(at));
  if (named) return {source: `(?<${named[1]}>`, length: named[0].length};
  if (text.startsWith('(?:', at)) return {source: '(?:', length: 3};
  const perl = /^\(\?(<?[=!]|[^:)]*)/.exec(text.slice(at));
  throw new RegexError(
    `error parsing regexp: invalid or unsupported Perl syntax: \`${perl?.[0].slice(0, 4) ?? '(?'}\``,
  );
}
