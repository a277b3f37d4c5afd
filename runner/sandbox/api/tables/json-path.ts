/**
 * The values that a simple JSONPath selects: fields (`.spec.hosts`, `.metadata.annotations.a\.b`), indexes
 * (`[0]`, `[-1]`, `['key']`), wildcards (`[*]`) and equality filters (`[?(@.type=="Ready")]`): all that
 * `additionalPrinterColumns` use.
 * @returns undefined when the path has a form that isn't supported
 */
export function selectByPath(root: unknown, path: string): unknown[] | undefined {
  const steps = parsePath(path);
  if (!steps) return undefined;
  let values: unknown[] = [root];
  for (const step of steps) values = values.flatMap(value => step(value));
  return values;
}

type Step = (value: unknown) => unknown[];

const stepForms: readonly (readonly [RegExp, (match: RegExpExecArray) => Step])[] = [
  [/^\.?\[\*\]|^\.\*/, () => value => (isObject(value) ? Object.values(value) : [])],
  [/^\.?\[(-?\d+)\]/, match => value => itemOf(value, Number(match[1]))],
  [/^\.?\[(?:'([^']*)'|"([^"]*)")\]/, match => value => fieldOf(value, match[1] ?? match[2] ?? '')],
  [
    /^\.?\[\?\(\s*@\.([\w.-]+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]/,
    match => value => {
      const wanted = match[2] ?? match[3] ?? match[4];
      const path = (match[1] ?? '').split('.');
      const matches = (item: unknown) => String(path.reduce<any>((at, key) => at?.[key], item)) === wanted;
      return Array.isArray(value) ? value.filter(matches) : [];
    },
  ],
  [/^\.((?:[^.[\\]|\\.)+)/, match => value => fieldOf(value, (match[1] ?? '').replaceAll(/\\(.)/g, '$1'))],
];

function parsePath(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  while (rest !== '' && rest !== '.') {
    let matched = false;
    for (const [form, build] of stepForms) {
      const match = form.exec(rest);
      if (!match) continue;
      steps.push(build(match));
      rest = rest.slice(match[0].length);
      matched = true;
      break;
    }
    if (!matched) return undefined;
  }
  return steps;
}

function fieldOf(value: unknown, name: string): unknown[] {
  if (!isObject(value) || !Object.hasOwn(value, name)) return [];
  return [(value as Record<string, unknown>)[name]];
}

function itemOf(value: unknown, index: number): unknown[] {
  if (!Array.isArray(value)) return [];
  const item = value.at(index);
  return item === undefined ? [] : [item];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
