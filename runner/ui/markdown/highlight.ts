import type {Paint} from '../paint.ts';

/** Colours a line-based language well enough to read it; what it doesn't know stays as it is. */
export function highlight(code: string, language: string, paint: Paint): string[] {
  const lines = code.replace(/\n$/, '').split('\n');
  if (!paint.colour) return lines;
  switch (language) {
    case 'yaml':
    case 'yml':
      return lines.map(line => yamlLine(line, paint));
    case 'sh':
    case 'bash':
    case 'shell':
      return lines.map(line => shellLine(line, paint));
    case 'diff':
      return lines.map(line => diffLine(line, paint));
    default:
      return lines;
  }
}

function yamlLine(line: string, paint: Paint): string {
  if (/^\s*#/.test(line)) return paint.quiet(line);
  if (/^(---|\.\.\.)\s*$/.test(line)) return paint.quiet(line);
  const entry = /^(\s*(?:- +)*)((?:"[^"]*"|'[^']*'|[^\s#:'"{[-][^:#]*?)(?=:(?:\s|$)))(:)(.*)$/.exec(line);
  if (entry) {
    const [, lead = '', key = '', colon = '', rest = ''] = entry;
    return `${lead}${paint.name(key)}${colon}${yamlValue(rest, paint)}`;
  }
  const item = /^(\s*(?:- +)+)(.*)$/.exec(line);
  return item ? `${item[1]}${yamlValue(item[2] ?? '', paint)}` : line;
}

function yamlValue(text: string, paint: Paint): string {
  const comment = /(^|\s)#.*$/.exec(text);
  const value = comment ? text.slice(0, comment.index) : text;
  const tail = comment ? paint.quiet(text.slice(comment.index)) : '';
  return `${value.replace(/\S.*\S|\S/, found => paint.value(found))}${tail}`;
}

/** A command: its first word, options, quoted texts, variables and comments. */
export function shellLine(line: string, paint: Paint): string {
  let first = true;
  return line.replaceAll(
    /(#.*$)|("(?:\\.|[^"\\])*"|'[^']*')|(\$\{[^}]*\}|\$\w+)|(&&|\|\||[|;&])|([^\s|;&"'$]+)|(\s+)/g,
    (whole, comment, quoted, variable, operator, word) => {
      if (comment) return paint.quiet(whole);
      if (quoted) return paint.value(whole);
      if (variable) return paint.waiting(whole);
      if (operator) {
        first = true;
        return whole;
      }
      if (!word) return whole;
      if (/^-/.test(word)) return paint.name(whole);
      if (!first) return whole;
      first = false;
      return paint.command(whole);
    },
  );
}

export function diffLine(line: string, paint: Paint): string {
  if (/^(\+\+\+|---|@@)/.test(line)) return paint.quiet(line);
  if (line.startsWith('+')) return paint.good(line);
  if (line.startsWith('-')) return paint.bad(line);
  return line;
}
