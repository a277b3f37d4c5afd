/** What becomes of a text, and of a name of a field. */
export interface TextMapping {
  /** @param field the name of the field that it stands in, itself or in a list */
  text(text: string, field?: string): string;
  name?(name: string): string;
}

/**
 * Data whose texts were all mapped, at any depth. What needs no change comes back as it is, so that it keeps its
 * identity; an object with a behaviour of its own is its owner's to take apart.
 */
export function mapTexts<T>(value: T, mapping: TextMapping): T {
  return mapped(value, mapping) as T;
}

function mapped(value: unknown, mapping: TextMapping, field?: string): unknown {
  if (typeof value === 'string') return mapping.text(value, field);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(item => mapped(item, mapping, field));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const {name = (each: string) => each} = mapping;
  const before = Object.entries(value);
  const after = before.map(([key, item]) => [name(key), mapped(item, mapping, key)] as const);
  const same = after.every(([key, item], index) => key === before[index]?.[0] && item === before[index]?.[1]);
  return same ? value : Object.fromEntries(after);
}
