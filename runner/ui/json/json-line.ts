/**
 * A value as one line of JSON that is safe to look at: characters that `JSON.stringify` leaves as they are although a
 * terminal acts upon them (DEL, C1, and those that reorder text) are escaped, so that a reader gets the same value.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    control => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
