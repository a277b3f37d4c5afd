import {type Program, pause} from '../process.ts';
import {test} from './test-expression.ts';

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  a: '\x07',
  e: '\x1b',
  '0': '\0',
};

function withEscapes(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|[ntr\\ae0])/g, (_all, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return escapes[code] ?? String.fromCharCode(Number.parseInt(code, 8));
  });
}

const echo: Program = async ({argv, stdout}) => {
  const words = argv.slice(1);
  let newline = true;
  let escaped = false;
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const flag = words.shift() as string;
    if (flag.includes('n')) newline = false;
    if (flag.includes('e')) escaped = true;
  }
  const text = words.join(' ');
  await stdout.write((escaped ? withEscapes(text) : text) + (newline ? '\n' : ''));
  return 0;
};

const printf: Program = async ({argv, stdout, stderr}) => {
  const [, format, ...values] = argv;
  if (format === undefined) {
    await stderr.write('printf: usage: printf format [arguments]\n');
    return 2;
  }
  let left = [...values];
  do {
    const before = left.length;
    const text = withEscapes(format).replace(
      /%(-?0?\d*)(?:\.(\d+))?([sdifxXc%b])/g,
      (_all, width: string, precision: string | undefined, kind: string) => {
        if (kind === '%') return '%';
        const value = left.shift() ?? '';
        return pad(render(kind, value, precision), width);
      },
    );
    await stdout.write(text);
    if (left.length === before) left = [];
  } while (left.length > 0);
  return 0;
};

function render(kind: string, value: string, precision: string | undefined): string {
  if (kind === 's') return precision === undefined ? value : value.slice(0, Number(precision));
  if (kind === 'b') return withEscapes(value);
  if (kind === 'c') return value.slice(0, 1);
  if (kind === 'f') return (Number(value) || 0).toFixed(precision === undefined ? 6 : Number(precision));
  const integer = Math.trunc(Number(value) || 0);
  if (kind === 'x' || kind === 'X') {
    const hex = integer.toString(16);
    return kind === 'X' ? hex.toUpperCase() : hex;
  }
  return String(integer);
}

function pad(text: string, width: string): string {
  const size = Math.abs(Number(width) || 0);
  if (width.startsWith('-')) return text.padEnd(size);
  return text.padStart(size, width.startsWith('0') ? '0' : ' ');
}

const units: Record<string, number> = {s: 1, m: 60, h: 3600, d: 86_400};

const sleep: Program = async process => {
  let seconds = 0;
  for (const word of process.argv.slice(1)) {
    const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?|\.\d+|infinity)([smhd]?)$/.exec(word) ?? [];
    if (amount === undefined) {
      await process.stderr.write(`sleep: invalid time interval '${word}'\n`);
      return 1;
    }
    seconds +=
      amount === 'infinity' ? Number.POSITIVE_INFINITY : Number(amount) * (units[unit || 's'] as number);
  }
  // Longer than a timer can wait means until the container ends.
  const longest = 2 ** 31 - 1;
  for (let left = seconds * 1000; left > 0; left -= longest) await pause(process, Math.min(left, longest));
  return 0;
};

const seq: Program = async ({argv, stdout, stderr}) => {
  const words = argv.slice(1);
  const separator = words[0] === '-s' ? (words.splice(0, 2)[1] ?? '\n') : '\n';
  const numbers = words.map(Number);
  if (numbers.length === 0 || numbers.length > 3 || numbers.some(Number.isNaN)) {
    await stderr.write(numbers.length === 0 ? 'seq: missing operand\n' : 'seq: invalid argument\n');
    return 1;
  }
  const first = numbers.length > 1 ? (numbers[0] as number) : 1;
  const step = numbers.length > 2 ? (numbers[1] as number) : 1;
  const last = numbers.at(-1) as number;
  if (step === 0) {
    await stderr.write('seq: invalid Zero increment value\n');
    return 1;
  }
  const values: string[] = [];
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    values.push(String(value));
    if (values.length > 1_000_000) break;
  }
  if (values.length > 0) await stdout.write(`${values.join(separator)}\n`);
  return 0;
};

export const basicPrograms: Readonly<Record<string, Program>> = {
  echo,
  printf,
  sleep,
  seq,
  test,
  '[': test,
  true: async () => 0,
  false: async () => 1,
};
