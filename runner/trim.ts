/**
 * A text without the given character at its end. The pattern `/x+$/` tries every run of that character in the text,
 * each to its end, which a long text from somebody else turns into minutes.
 */
export function trimmedEnd(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}

/** The same at both ends. */
export function trimmed(text: string, character: string): string {
  let start = 0;
  while (text[start] === character) start += 1;
  return trimmedEnd(text.slice(start), character);
}
