import {quote, RegexError, type SearchPattern, search} from '../../../istio/re2.ts';
import type {Program} from '../process.ts';
import {shortFlags} from './flags.ts';
import {openInputs} from './inputs.ts';

const aliases = {
  '--ignore-case': 'i',
  '--invert-match': 'v',
  '--count': 'c',
  '--only-matching': 'o',
  '--extended-regexp': 'E',
  '--fixed-strings': 'F',
  '--quiet': 'q',
  '--silent': 'q',
  '--line-number': 'n',
  '--word-regexp': 'w',
  '--after-context': 'A',
  '--before-context': 'B',
  '--context': 'C',
  '--max-count': 'm',
  '--regexp': 'e',
  '--color': '_',
};

/** `grep`: 0 found, 1 not found, 2 for a wrong pattern or file. */
export const grep: Program = async process => {
  const {argv, stdout, stderr} = process;
  const parsed = shortFlags(argv.slice(1), {plain: 'ivcoEFqnwhHsxP_', withValue: 'eABCm', aliases});
  if (parsed.unknown) {
    await stderr.write(`grep: option '${parsed.unknown}' is not supported in the sandbox\n`);
    return 2;
  }
  const {flags, values} = parsed;
  const operands = [...parsed.operands];
  const pattern = values.get('e') ?? operands.shift();
  if (pattern === undefined) {
    await stderr.write('Usage: grep [OPTION]... PATTERNS [FILE]...\n');
    return 2;
  }
  const regexp = compile(pattern, flags);
  if (typeof regexp === 'string') {
    await stderr.write(`grep: ${pattern}: ${regexp}\n`);
    return 2;
  }
  const before = Number(values.get('B') ?? values.get('C') ?? 0);
  const after = Number(values.get('A') ?? values.get('C') ?? 0);
  const most = Number(values.get('m') ?? Number.POSITIVE_INFINITY);
  const named = (operands.length > 1 && !flags.has('h')) || flags.has('H');
  let found = false;
  let failed = false;
  for await (const {name, input} of openInputs(process, operands, () => (failed = true))) {
    const prefix = named ? `${name === '-' ? '(standard input)' : name}:` : '';
    let count = 0;
    let number = 0;
    let trailing = 0;
    let leading: string[] = [];
    for await (const line of input.lines()) {
      number++;
      const label = (separator: string) => prefix + (flags.has('n') ? `${number}${separator}` : '');
      const matches = regexp.test(line) !== flags.has('v');
      if (!matches) {
        if (trailing-- > 0 && !flags.has('c') && !flags.has('q'))
          await stdout.write(`${label('-')}${line}\n`);
        else if (before > 0) leading = [...leading, line].slice(-before);
        continue;
      }
      found = true;
      count++;
      if (flags.has('q')) return 0;
      if (!flags.has('c')) {
        for (const earlier of leading) await stdout.write(`${prefix}${earlier}\n`);
        if (flags.has('o')) {
          for (const part of regexp.all(line)) await stdout.write(`${label(':')}${part}\n`);
        } else await stdout.write(`${label(':')}${line}\n`);
      }
      leading = [];
      trailing = after;
      if (count >= most) break;
    }
    if (flags.has('c')) await stdout.write(`${prefix}${count}\n`);
  }
  return failed ? 2 : found ? 0 : 1;
};

/** @returns what is wrong with the pattern, where it can't be compiled. */
function compile(pattern: string, flags: ReadonlySet<string>): SearchPattern | string {
  let source = pattern;
  if (flags.has('F')) source = quote(pattern);
  else if (!flags.has('E') && !flags.has('P')) source = basicToExtended(pattern);
  if (!flags.has('F')) {
    if (/(^|[^\\])(\\\\)*\\[1-9]/.test(source)) return 'back-references are not supported in the sandbox';
    source = source.replaceAll(/\\[<>]/g, '\\b');
  }
  if (flags.has('w')) source = `\\b(?:${source})\\b`;
  if (flags.has('x')) source = `^(?:${source})$`;
  try {
    return search(source, {ignoreCase: flags.has('i')});
  } catch (error) {
    if (error instanceof RegexError) return 'Invalid regular expression';
    throw error;
  }
}

/** In a basic regular expression `+ ? { } ( ) |` are plain, and special behind a backslash. */
function basicToExtended(pattern: string): string {
  return pattern
    .replace(/\\([+?{}()|])|([+?{}()|])|(\\.)/g, (_all, special?: string, plain?: string, other?: string) => {
      if (special) return special;
      return plain ? `\\${plain}` : (other as string);
    })
    .replace(/^\*/, '\\*');
}
