/**
 * About how many bytes of memory JSON data takes in V8: words of eight bytes, a header for each object, array and
 * text. Strings count a byte a character, which holds for what is not beyond Latin.
 */
export function memoryOf(value: unknown): number {
  if (typeof value === 'string') return 24 + value.length;
  if (value === null || typeof value !== 'object') return 8;
  let bytes = 48;
  if (Array.isArray(value)) {
    for (const item of value) bytes += 8 + memoryOf(item);
    return bytes;
  }
  for (const key in value) bytes += 16 + memoryOf((value as Record<string, unknown>)[key]);
  return bytes;
}
