import {ApiError} from './errors.ts';

/** Decides by an object's labels. */
export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

/**
 * Parses the query form: `a=b`, `a==b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`, `!a`, joined by commas.
 * @throws ApiError 400, as the API server answers.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = splitOutsideParentheses(text)
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => parseRequirement(part, text));
  return labels => requirements.every(matches => matches(labels));
}

/** The object form (`matchLabels`, `matchExpressions`); an absent selector matches nothing, an empty one all. */
export function labelSelectorOf(selector: any): LabelSelector {
  if (!selector) return () => false;
  const wanted = Object.entries<string>(selector.matchLabels ?? {});
  const expressions: any[] = selector.matchExpressions ?? [];
  return labels =>
    wanted.every(([key, value]) => labelOf(labels, key) === value) &&
    expressions.every(({key, operator, values = []}) => {
      const value = labelOf(labels, key);
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      return operator === 'Exists' ? value !== undefined : value === undefined;
    });
}

/** A label's value; a name such as `constructor` is one only where somebody has set it. */
function labelOf(labels: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}

const key = '([A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?)';
const forms: readonly [RegExp, (match: RegExpExecArray) => LabelSelector][] = [
  [
    new RegExp(`^!\\s*${key}$`),
    ([, name = '']) =>
      labels =>
        labelOf(labels, name) === undefined,
  ],
  [
    new RegExp(`^${key}$`),
    ([, name = '']) =>
      labels =>
        labelOf(labels, name) !== undefined,
  ],
  [
    new RegExp(`^${key}\\s+in\\s*\\(([^)]*)\\)$`),
    ([, name = '', list = '']) => {
      const values = splitValues(list);
      return labels => values.some(value => labelOf(labels, name) === value);
    },
  ],
  [
    new RegExp(`^${key}\\s+notin\\s*\\(([^)]*)\\)$`),
    ([, name = '', list = '']) => {
      const values = splitValues(list);
      return labels => values.every(value => labelOf(labels, name) !== value);
    },
  ],
  [
    new RegExp(`^${key}\\s*!=\\s*([A-Za-z0-9._-]*)$`),
    ([, name = '', value]) =>
      labels =>
        labelOf(labels, name) !== value,
  ],
  [
    new RegExp(`^${key}\\s*==?\\s*([A-Za-z0-9._-]*)$`),
    ([, name = '', value]) =>
      labels =>
        labelOf(labels, name) === value,
  ],
];

function parseRequirement(part: string, whole: string): LabelSelector {
  for (const [form, build] of forms) {
    const match = form.exec(part);
    if (match) return build(match);
  }
  throw new ApiError(
    400,
    'BadRequest',
    `unable to parse requirement: found '${part}', in selector '${whole}'`,
  );
}

function splitValues(list: string): string[] {
  return list.split(',').map(value => value.trim());
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
