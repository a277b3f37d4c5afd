/**
 * Reads a field by a path as kubectl's jsonpath writes it: `{.spec.http[0].route[0].destination.subset}`,
 * `.status.conditions[?(@.type=="Ready")].status`, `.spec.hosts[*]`. Several values are joined by a space.
 * @throws Error when the path itself can't be understood.
 */
export function readField(object: unknown, path: string): string {
  const values = segmentsOf(path).reduce<unknown[]>(
    (found, segment) => found.flatMap(value => step(value, segment)),
    [object],
  );
  return values
    .map(value => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)))
    .join(' ');
}

type Segment =
  | {kind: 'key'; name: string}
  | {kind: 'index'; index: number}
  | {kind: 'all'}
  | {kind: 'where'; key: string; equals: string};

const segmentPattern =
  /^(?:\.([\w-]+(?:\\\.[\w/-]+)*)|\[(-?\d+)\]|\[(\*)\]|\['([^']+)'\]|\[\?\(@\.([\w-]+)\s*==\s*["']([^"']*)["']\)\])/;

function segmentsOf(path: string): Segment[] {
  let rest = path
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/^\$/, '');
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`;
  const segments: Segment[] = [];
  while (rest !== '') {
    const match = segmentPattern.exec(rest);
    if (!match) throw new Error(`The path "${path}" can't be read at "${rest}".`);
    const [whole, key, index, all, quoted, filterKey, filterValue] = match;
    if (index !== undefined) segments.push({kind: 'index', index: Number(index)});
    else if (all) segments.push({kind: 'all'});
    else if (filterKey !== undefined)
      segments.push({kind: 'where', key: filterKey, equals: filterValue ?? ''});
    else segments.push({kind: 'key', name: (key ?? quoted ?? '').replaceAll('\\.', '.')});
    rest = rest.slice(whole.length);
  }
  return segments;
}

function step(value: unknown, segment: Segment): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  if (segment.kind === 'key') {
    const found = (value as Record<string, unknown>)[segment.name];
    return found === undefined ? [] : [found];
  }
  if (!Array.isArray(value)) return [];
  switch (segment.kind) {
    case 'index': {
      const found = value.at(segment.index);
      return found === undefined ? [] : [found];
    }
    case 'all':
      return value;
    case 'where':
      return value.filter(item => String(item?.[segment.key]) === segment.equals);
  }
}
