/**
 * Text of a page, a browser or the command line as lines for people: without the characters that a terminal acts upon
 * (line feeds and tabs stay) and those that make it show text in another order than it has.
 */
export function terminalText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what goes
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** A value as one line of JSON; characters of these kinds that `JSON.stringify` would leave raw are escaped. */
export function jsonText(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    control => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
