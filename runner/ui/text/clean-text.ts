import stringWidth from 'fast-string-width';

/** Characters that a terminal acts upon, and those that make it show text in another order than it has (UAX #9). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what goes
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text without the characters that a terminal acts upon, other than line feeds and tabs. */
export function withoutControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(controls, '');
}

/**
 * Data whose texts all went through {@link withoutControls}, at any depth: done before something is painted, so that
 * the styles that are put around it stay. What needs no change is returned as it is, so that it keeps its identity.
 */
export function cleanData<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return withoutControls(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(cleaned);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  // An object with behaviour of its own is its owner's to take apart.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const before = Object.entries(value);
  const after = before.map(([key, item]) => [withoutControls(key), cleaned(item)] as const);
  const same = after.every(([key, item], index) => key === before[index]?.[0] && item === before[index]?.[1]);
  return same ? value : Object.fromEntries(after);
}

/** Tabs as an arrow and spaces: where it matters that they are no spaces. */
export function visibleTabs(text: string): string {
  return expandTabs(text, '→');
}

/**
 * Tabs as spaces up to the next of the terminal's stops, which are 8 columns apart.
 * @param mark what stands in the first of these columns.
 */
export function expandTabs(text: string, mark = ' '): string {
  if (!text.includes('\t')) return text;
  return text
    .split('\n')
    .map(line => {
      let column = 0;
      return line.replaceAll(/\t|[^\t]+/g, part => {
        const shown = part === '\t' ? mark + ' '.repeat(7 - (column % 8)) : part;
        column += part === '\t' ? shown.length : stringWidth(part);
        return shown;
      });
    })
    .join('\n');
}
