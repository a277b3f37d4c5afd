/** A version `1.2.3-pre+build`, `v` allowed, missing parts 0; undefined when it is none. */
export interface Version {
  numbers: [number, number, number];
  pre: string[];
}

/** Reads a version as Masterminds/semver does. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(text.trim());
  if (!match) return undefined;
  return {
    numbers: [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)],
    pre: match[4]?.split('.') ?? [],
  };
}

/** Negative when left is the older one. */
export function compareVersions(left: Version, right: Version): number {
  for (const index of [0, 1, 2] as const) {
    const difference = left.numbers[index] - right.numbers[index];
    if (difference !== 0) return difference;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  for (let index = 0; ; index++) {
    const [one, two] = [left.pre[index], right.pre[index]];
    if (one === undefined || two === undefined)
      return (one === undefined ? 0 : 1) - (two === undefined ? 0 : 1);
    if (one === two) continue;
    const [first, second] = [Number(one), Number(two)];
    if (!Number.isNaN(first) && !Number.isNaN(second)) return first - second;
    return one < two ? -1 : 1;
  }
}

function holds(comparator: string, version: Version): boolean {
  const match =
    /^(=|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*v?([\dxX*]+)(?:\.([\dxX*]+))?(?:\.([\dxX*]+))?(-[\w.-]+)?(?:\+[\w.-]+)?$/.exec(
      comparator,
    );
  if (!match) return false;
  const [, operator = '', ...rest] = match;
  const parts = rest.slice(0, 3).filter((part): part is string => part !== undefined && /^\d+$/.test(part));
  const wanted = parseVersion(
    `${[0, 1, 2].map(index => parts[index] ?? '0').join('.')}${rest[3] ?? ''}`,
  ) as Version;
  if (version.pre.length > 0 && wanted.pre.length === 0) return false;
  const order = compareVersions(version, wanted);
  const samePrefix = (count: number) =>
    [0, 1, 2].slice(0, count).every(index => version.numbers[index] === wanted.numbers[index]);
  switch (operator) {
    case '':
    case '=':
      return parts.length < 3 ? samePrefix(parts.length) : order === 0;
    case '!=':
      return parts.length < 3 ? !samePrefix(parts.length) : order !== 0;
    case '>':
      return parts.length < 3 ? order > 0 && !samePrefix(parts.length) : order > 0;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return order <= 0 || (parts.length < 3 && samePrefix(parts.length));
    case '^': {
      const fixed = wanted.numbers[0] > 0 ? 1 : wanted.numbers[1] > 0 ? 2 : Math.min(parts.length, 3);
      return order >= 0 && samePrefix(Math.max(1, fixed));
    }
    default:
      return order >= 0 && samePrefix(Math.min(parts.length, 2));
  }
}

/** Whether a version lies in a range such as `>=1.27.0 <2`, `~1.30`, `^1`, `1.30.x || 1.27.1`. */
export function semverMatches(range: string, text: string): boolean {
  const version = parseVersion(text);
  if (!version) return false;
  return range.split('||').some(part => {
    const hyphen = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(part);
    const all = hyphen
      ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
      : part.replace(/([<>=~^!])\s+/g, '$1').split(/[\s,]+/);
    const wanted = all.filter(comparator => comparator !== '');
    return (
      wanted.every(comparator => comparator === '*' || holds(comparator, version)) &&
      (wanted.length > 0 || version.pre.length === 0)
    );
  });
}
