import type {Process, Program} from '../process.ts';
import {shortFlags} from './flags.ts';
import {grep} from './grep.ts';
import {openInputs} from './inputs.ts';

async function refuse(process: Process, flag: string): Promise<number> {
  await process.stderr.write(`${process.argv[0]}: option '${flag}' is not supported in the sandbox\n`);
  return 2;
}

const cat: Program = async process => {
  const {flags, operands, unknown} = shortFlags(process.argv.slice(1), {plain: 'nu'});
  if (unknown) return refuse(process, unknown);
  let status = 0;
  let number = 0;
  for await (const {input} of openInputs(process, operands, () => (status = 1))) {
    if (flags.has('n')) {
      for await (const line of input.lines())
        await process.stdout.write(`${String(++number).padStart(6)}\t${line}\n`);
    } else for await (const chunk of input.chunks()) await process.stdout.write(chunk);
  }
  return status;
};

/** `-5` is an old spelling of `-n 5`. */
function countWords(argv: readonly string[]): string[] {
  return argv.slice(1).flatMap(word => (/^-\d+$/.test(word) ? ['-n', word.slice(1)] : [word]));
}

const head: Program = async process => {
  const {values, operands, unknown} = shortFlags(countWords(process.argv), {plain: 'q', withValue: 'nc'});
  if (unknown) return refuse(process, unknown);
  let status = 0;
  const bytes = values.get('c');
  for await (const {input} of openInputs(process, operands, () => (status = 1))) {
    if (bytes !== undefined) {
      let left = Number(bytes);
      for await (const chunk of input.chunks()) {
        await process.stdout.write(chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) break;
      }
      continue;
    }
    for (let left = Number(values.get('n') ?? 10); left > 0; left--) {
      const line = await input.readLine();
      if (line === undefined) break;
      await process.stdout.write(`${line}\n`);
    }
  }
  return status;
};

const tail: Program = async process => {
  const {flags, values, operands, unknown} = shortFlags(countWords(process.argv), {
    plain: 'fF',
    withValue: 'nc',
  });
  if (unknown) return refuse(process, unknown);
  let status = 0;
  for await (const {input} of openInputs(process, operands, () => (status = 1))) {
    const bytes = values.get('c');
    if (bytes !== undefined) {
      await process.stdout.write((await input.readAll()).subarray(-Number(bytes)));
      continue;
    }
    const count = values.get('n') ?? '10';
    const lines: string[] = [];
    for await (const line of input.lines()) lines.push(line);
    const kept = count.startsWith('+')
      ? lines.slice(Number(count) - 1)
      : Number(count) === 0
        ? []
        : lines.slice(-Math.abs(Number(count)));
    for (const line of kept) await process.stdout.write(`${line}\n`);
  }
  // Files here never grow, so following one waits until it is interrupted.
  if (flags.has('f') || flags.has('F')) {
    await new Promise((_resolve, reject) => {
      process.signal.addEventListener('abort', () => reject(new Error('interrupted')), {once: true});
    });
  }
  return status;
};

const wc: Program = async process => {
  const {flags, operands, unknown} = shortFlags(process.argv.slice(1), {plain: 'lwcm'});
  if (unknown) return refuse(process, unknown);
  let status = 0;
  for await (const {name, input} of openInputs(process, operands, () => (status = 1))) {
    const bytes = await input.readAll();
    const text = bytes.toString();
    const counts: [string, number][] = [
      ['l', text.split('\n').length - 1],
      ['w', text.split(/\s+/).filter(Boolean).length],
      ['c', bytes.length],
      ['m', [...text].length],
    ];
    const wanted = counts.filter(([flag]) => (flags.size === 0 ? flag !== 'm' : flags.has(flag)));
    const width = wanted.length > 1 ? 7 : 0;
    const columns = wanted.map(([, count]) => String(count).padStart(width)).join(' ');
    await process.stdout.write(`${columns}${name === '-' ? '' : ` ${name}`}\n`);
  }
  return status;
};

const sort: Program = async process => {
  const {flags, values, operands, unknown} = shortFlags(process.argv.slice(1), {
    plain: 'nru',
    withValue: 'kt',
  });
  if (unknown) return refuse(process, unknown);
  let status = 0;
  let lines: string[] = [];
  for await (const {input} of openInputs(process, operands, () => (status = 1))) {
    for await (const line of input.lines()) lines.push(line);
  }
  const [, field = '0', keyFlags = ''] = /^(\d+)(?:,\d+)?([nr]*)$/.exec(values.get('k') ?? '') ?? [];
  const key = (line: string) => {
    if (field === '0') return line;
    const separator = values.get('t');
    return (
      (separator === undefined ? line.trim().split(/\s+/) : line.split(separator))[Number(field) - 1] ?? ''
    );
  };
  const numeric = flags.has('n') || keyFlags.includes('n');
  const order = (left: string, right: string) => {
    if (numeric) return (Number.parseFloat(key(left)) || 0) - (Number.parseFloat(key(right)) || 0);
    const [a, b] = [key(left), key(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  };
  lines.sort((left, right) => order(left, right) || (left < right ? -1 : left > right ? 1 : 0));
  if (flags.has('r') || keyFlags.includes('r')) lines.reverse();
  if (flags.has('u')) lines = [...new Set(lines)];
  for (const line of lines) await process.stdout.write(`${line}\n`);
  return status;
};

const uniq: Program = async process => {
  const {flags, operands, unknown} = shortFlags(process.argv.slice(1), {plain: 'cdu'});
  if (unknown) return refuse(process, unknown);
  let status = 0;
  const runs: {line: string; count: number}[] = [];
  for await (const {input} of openInputs(process, operands, () => (status = 1))) {
    for await (const line of input.lines()) {
      const last = runs.at(-1);
      if (last?.line === line) last.count++;
      else runs.push({line, count: 1});
    }
  }
  for (const {line, count} of runs) {
    if ((flags.has('d') && count === 1) || (flags.has('u') && count > 1)) continue;
    await process.stdout.write(flags.has('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`);
  }
  return status;
};

const cut: Program = async process => {
  const {flags, values, operands, unknown} = shortFlags(process.argv.slice(1), {
    plain: 's',
    withValue: 'dfc',
  });
  const ranges = (values.get('f') ?? values.get('c'))?.split(',').map(range => {
    const [from = '', to] = range.split('-');
    return [
      Number(from || 1),
      to === undefined ? Number(from) : Number(to || Number.POSITIVE_INFINITY),
    ] as const;
  });
  if (unknown || !ranges) return refuse(process, unknown ?? 'no list');
  const chosen = (index: number) => ranges.some(([from, to]) => index + 1 >= from && index + 1 <= to);
  let status = 0;
  const separator = values.has('c') ? '' : (values.get('d') ?? '\t');
  for await (const {input} of openInputs(process, operands, () => (status = 1))) {
    for await (const line of input.lines()) {
      if (separator !== '' && !line.includes(separator)) {
        if (!flags.has('s')) await process.stdout.write(`${line}\n`);
        continue;
      }
      await process.stdout.write(
        `${line
          .split(separator)
          .filter((_part, index) => chosen(index))
          .join(separator)}\n`,
      );
    }
  }
  return status;
};

const tr: Program = async process => {
  const {flags, operands, unknown} = shortFlags(process.argv.slice(1), {plain: 'dsc'});
  const [from, to] = operands.map(characterSet);
  if (unknown || !from || (!to && !flags.has('d') && !flags.has('s')))
    return refuse(process, unknown ?? 'missing operand');
  const inSet = (char: string) => from.includes(char) !== flags.has('c');
  let last = '';
  for await (const chunk of process.stdin.chunks()) {
    let text = '';
    for (const char of chunk.toString()) {
      if (!inSet(char)) text += char;
      else if (flags.has('d')) continue;
      else {
        const mapped = to ? (to[Math.max(0, Math.min(from.indexOf(char), to.length - 1))] as string) : char;
        if (flags.has('s') && mapped === last) continue;
        text += mapped;
        last = mapped;
        continue;
      }
      last = '';
    }
    await process.stdout.write(text);
  }
  return 0;
};

function characterSet(text: string): string[] {
  const plain = text
    .replace('[:lower:]', 'a-z')
    .replace('[:upper:]', 'A-Z')
    .replace('[:digit:]', '0-9')
    .replace('[:space:]', ' \t\n\r')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\0/g, '\0')
    .replace(/(.)-(.)/g, (_all, from: string, to: string) => {
      let range = '';
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++)
        range += String.fromCharCode(code);
      return range;
    });
  return [...plain];
}

const tee: Program = async process => {
  for await (const chunk of process.stdin.chunks()) await process.stdout.write(chunk);
  let status = 0;
  for (const name of process.argv.slice(1).filter(word => !word.startsWith('-') && word !== '/dev/null')) {
    status = 1;
    await process.stderr.write(`tee: ${name}: Read-only file system\n`);
  }
  return status;
};

export const textPrograms: Readonly<Record<string, Program>> = {
  cat,
  head,
  tail,
  wc,
  sort,
  uniq,
  cut,
  tr,
  tee,
  grep,
};
