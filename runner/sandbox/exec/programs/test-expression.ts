import type {Process, Program} from '../process.ts';

const comparisons: Record<string, (left: number, right: number) => boolean> = {
  '-eq': (left, right) => left === right,
  '-ne': (left, right) => left !== right,
  '-gt': (left, right) => left > right,
  '-ge': (left, right) => left >= right,
  '-lt': (left, right) => left < right,
  '-le': (left, right) => left <= right,
};

/** `test` and `[`: 0 true, 1 false, 2 for an expression that is none. */
export const test: Program = async process => {
  const words = process.argv.slice(1);
  const name = process.argv[0] ?? 'test';
  try {
    if (name === '[' && words.pop() !== ']') throw new Error('missing ]');
    const cursor = {words, at: 0};
    if (words.length === 0) return 1;
    const holds = either(cursor, process);
    if (cursor.at < words.length) throw new Error(`${words[cursor.at]}: unexpected operator`);
    return holds ? 0 : 1;
  } catch (error) {
    await process.stderr.write(`sh: 1: ${name}: ${(error as Error).message}\n`);
    return 2;
  }
};

interface Cursor {
  words: readonly string[];
  at: number;
}

function either(cursor: Cursor, process: Process): boolean {
  let holds = both(cursor, process);
  while (cursor.words[cursor.at] === '-o') {
    cursor.at++;
    holds = both(cursor, process) || holds;
  }
  return holds;
}

function both(cursor: Cursor, process: Process): boolean {
  let holds = one(cursor, process);
  while (cursor.words[cursor.at] === '-a') {
    cursor.at++;
    holds = one(cursor, process) && holds;
  }
  return holds;
}

function one(cursor: Cursor, process: Process): boolean {
  const {words} = cursor;
  const [first, second, third] = words.slice(cursor.at);
  if (first === undefined) throw new Error('argument expected');
  if (second !== undefined && third !== undefined) {
    const compare = comparisons[second];
    if (second === '=' || second === '==' || second === '!=' || compare) {
      cursor.at += 3;
      if (!compare) return (first === third) === (second !== '!=');
      for (const word of [first, third])
        if (!/^\s*[-+]?\d+\s*$/.test(word)) throw new Error(`Illegal number: ${word}`);
      return compare(Number(first), Number(third));
    }
  }
  if (first === '!' && second !== undefined) {
    cursor.at++;
    return !one(cursor, process);
  }
  if (first === '(' && second !== undefined) {
    cursor.at++;
    const holds = either(cursor, process);
    if (words[cursor.at++] !== ')') throw new Error('closing paren expected');
    return holds;
  }
  if (/^-[a-zA-Z]$/.test(first) && second !== undefined) {
    cursor.at += 2;
    return unary(first, second, process);
  }
  cursor.at++;
  return first !== '';
}

function unary(operator: string, operand: string, {view, cwd}: Process): boolean {
  const entry = view.files.find(operand, cwd);
  switch (operator) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-e':
    case '-r':
      return entry !== undefined;
    case '-x':
      return entry?.type === 'directory' || /^\/(usr\/)?bin\//.test(operand) ? entry !== undefined : false;
    case '-f':
      return entry?.type === 'file';
    case '-d':
      return entry?.type === 'directory';
    case '-s':
      return entry?.type === 'file' && entry.read() !== '';
    case '-w':
    case '-L':
    case '-h':
    case '-t':
      return false;
    default:
      throw new Error(`${operator}: unexpected operator`);
  }
}
