const escapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A text as Go's `%q` prints it. */
export function quoted(text: string): string {
  const inner = text.replace(/["\\]|(?! )[\p{C}\p{Z}]/gu, char => {
    const known = escapes[char];
    if (known) return known;
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${inner}"`;
}

/** A float64 as Go's `%v` prints it. */
export function float(value: number): string {
  const text = Math.abs(value) < 1e-4 && value !== 0 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A list of texts as Go's `%v` prints it. */
export function list(values: readonly string[]): string {
  return `[${values.join(' ')}]`;
}

/** Bytes of a text in UTF-8, which is what Go's `len` counts. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
