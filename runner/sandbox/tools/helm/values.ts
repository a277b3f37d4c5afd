import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {isMap} from '../../json.ts';
import type {ParsedFlags} from '../shared/flags.ts';
import {readAll, ToolError, type ToolIo} from '../shared/io.ts';
import {parseYaml} from '../shared/yaml.ts';

type Values = Record<string, any>;

/** Values of `from` over those of `base`; a null removes. Both stay as they are. */
export function overlay(base: Values, from: Values): Values {
  const result: Values = {...base};
  for (const [key, value] of Object.entries(from)) {
    if (value === null) delete result[key];
    else result[key] = isMap(value) && isMap(result[key]) ? overlay(result[key], value) : value;
  }
  return result;
}

function typed(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?(?:0|[1-9]\d{0,17})$/.test(text)) return Number(text);
  return text;
}

/** Splits at a separator that is neither escaped nor inside braces. */
function splitAt(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (character === '\\' && index + 1 < text.length) {
      parts[parts.length - 1] += character + text[++index];
      continue;
    }
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (character === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function assign(target: Values, path: string, value: unknown): void {
  const steps: (string | number)[] = [];
  for (const part of splitAt(path, '.')) {
    const [, key = '', indexes = ''] = /^((?:[^[\\]|\\.)*)((?:\[\d+\])*)$/.exec(part) ?? [undefined, part];
    if (key !== '') steps.push(key.replace(/\\(.)/g, '$1'));
    for (const [, index] of indexes.matchAll(/\[(\d+)\]/g)) steps.push(Number(index));
  }
  let place: any = target;
  steps.forEach((step, index) => {
    if (index === steps.length - 1) {
      place[step] = value;
      return;
    }
    const next = place[step];
    if (typeof next !== 'object' || next === null)
      place[step] = typeof steps[index + 1] === 'number' ? [] : {};
    place = place[step];
  });
}

/** Adds what `--set` and `--set-string` say: `a.b=1,c[0]=x,d={1,2},e\.f=g`. @throws ToolError */
export function applySet(target: Values, text: string, options: {strings: boolean}): void {
  for (const pair of splitAt(text, ',')) {
    if (pair === '') continue;
    const cut = splitAt(pair, '=')[0] as string;
    if (cut.length === pair.length)
      throw new ToolError(`failed parsing --set data: key "${pair}" has no value`);
    const raw = pair.slice(cut.length + 1);
    const scalar = (item: string) => {
      const plain = item.replace(/\\(.)/g, '$1');
      return options.strings ? plain : typed(plain);
    };
    const list = /^\{(.*)\}$/.exec(raw);
    assign(
      target,
      cut,
      list ? (list[1] === '' ? [] : splitAt(list[1] as string, ',').map(scalar)) : scalar(raw),
    );
  }
}

/** The values a learner gives: `-f` files, then `--set-json`, `--set`, `--set-string`, `--set-file`. @throws ToolError */
export async function givenValues(flags: ParsedFlags, io: ToolIo): Promise<Values> {
  let values: Values = {};
  for (const file of flags.list('values').flatMap(list => list.split(','))) {
    const text =
      file === '-'
        ? await readAll(io.stdin)
        : await readFile(resolve(io.cwd, file), 'utf8').catch(() => {
            throw new ToolError(`open ${file}: no such file or directory`);
          });
    const parsed = await parseYaml(text).catch(error => {
      throw new ToolError(`failed to parse ${file}: error converting YAML to JSON: ${error.message}`);
    });
    values = overlay(values, parsed ?? {});
  }
  for (const text of flags.list('set-json')) {
    const cut = text.indexOf('=');
    assign(values, text.slice(0, cut), JSON.parse(text.slice(cut + 1)));
  }
  for (const text of flags.list('set')) applySet(values, text, {strings: false});
  for (const text of flags.list('set-string')) applySet(values, text, {strings: true});
  for (const text of flags.list('set-file')) {
    const cut = text.indexOf('=');
    assign(values, text.slice(0, cut), await readFile(resolve(io.cwd, text.slice(cut + 1)), 'utf8'));
  }
  return values;
}
