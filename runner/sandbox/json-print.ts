function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort((left, right) => (left < right ? -1 : 1))
      .map(key => [key, (value as any)[key]]),
  );
}

/** What Go's encoder escapes beyond JSON's own rules. */
function escapeLikeGo(text: string): string {
  return text.replace(
    /[<>&\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** JSON as kubectl prints objects: sorted keys, four spaces, Go's escapes; ends with a newline. */
export function printJson(value: unknown, indent = 4): string {
  return `${escapeLikeGo(JSON.stringify(value, sorted, indent))}\n`;
}

/** JSON on one line, keys sorted. */
export function compactJson(value: unknown): string {
  return escapeLikeGo(JSON.stringify(value, sorted));
}
