/** The styles that are on at some place of a text: what turns each on, by the code that turns it off. */
export type Styles = ReadonlyMap<number, string>;

export const noStyles: Styles = new Map();

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
export const styleSequence = /\u001b\[[\d;:]*m/g;

/** What ends each style (ECMA-48, SGR); bold and faint share one end. */
function endOf(code: number): number | undefined {
  if (code === 1 || code === 2) return 22;
  if (code === 5 || code === 6) return 25;
  if (code === 21) return 24;
  if (code >= 3 && code <= 9) return code + 20;
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return 39;
  if ((code >= 40 && code <= 48) || (code >= 100 && code <= 107)) return 49;
  if (code === 53) return 55;
  return code === 58 ? 59 : undefined;
}

/** The styles behind one SGR sequence. */
export function stylesAfter(styles: Styles, sequence: string): Styles {
  const next = new Map(styles);
  const parameters = sequence.slice(2, -1).split(';');
  for (let index = 0; index < parameters.length; index += 1) {
    const first = index;
    const code = Number.parseInt(parameters[index] ?? '', 10) || 0;
    // A colour of a larger palette has parameters of its own: 38;5;N or 38;2;R;G;B.
    if ((code === 38 || code === 48 || code === 58) && !parameters[index]?.includes(':')) {
      index += parameters[index + 1] === '2' ? 4 : 2;
    }
    const end = endOf(code);
    if (code === 0) next.clear();
    else if (end === undefined) next.delete(code);
    else {
      const own = parameters.slice(first, index + 1).join(';');
      const on = next.get(end);
      next.set(end, end === 22 && on !== undefined && on !== own ? '1;2' : own);
    }
  }
  return next;
}

/** Turns `styles` on. */
export function begin(styles: Styles): string {
  return styles.size === 0 ? '' : `\u001b[${[...styles.values()].join(';')}m`;
}

/** Turns `styles` off, and nothing else that may lie around them. */
export function end(styles: Styles): string {
  return styles.size === 0 ? '' : `\u001b[${[...styles.keys()].join(';')}m`;
}
