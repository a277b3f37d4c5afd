/**
 * What is wrong with a text that has to be base64, in the words of Go's encoding/base64, which reads the padding
 * strictly and skips line breaks; undefined when nothing is.
 */
export function base64Fault(text: string): string | undefined {
  const offset = faultAt(text);
  return offset === undefined ? undefined : `illegal base64 data at input byte ${offset}`;
}

function faultAt(text: string): number | undefined {
  // Nearly all are right, and long ones are looked at by the engine rather than letter by letter.
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (letter === '\n' || letter === '\r') continue;
    if (letter === '=') return faultInPadding(text, at, letters % 4);
    if (!/[A-Za-z0-9+/]/.test(letter)) return at;
    letters += 1;
  }
  return letters % 4 === 0 ? undefined : text.length - (letters % 4);
}

/** @param before letters of the group that the padding ends */
function faultInPadding(text: string, at: number, before: number): number | undefined {
  if (before < 2) return at;
  const skip = (from: number) => from + (/^[\r\n]*/.exec(text.slice(from))?.[0].length ?? 0);
  let next = skip(at + 1);
  if (before === 2) {
    if (next >= text.length) return text.length;
    if (text[next] !== '=') return next;
    next = skip(next + 1);
  }
  return next < text.length ? next : undefined;
}
