/** Characters of all warnings together; beyond, each is cut. */
const mostTogether = 4096;
const mostOfOne = 256;

/**
 * The `Warning` headers (RFC 7234, section 5.5) of an answer, as the API server writes them: each text once, in
 * UTF-8, and cut to 256 characters when all together are longer than 4096 (apiserver,
 * pkg/endpoints/filters/warning.go). It leaves out a text with control characters, which a reader would miss; here
 * they are escaped.
 */
export function warningHeaders(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts.filter(text => text !== ''))].map(printable);
  const total = distinct.reduce((sum, text) => sum + [...text].length, 0);
  if (total <= mostTogether) return distinct.map(headerOf);
  const headers: string[] = [];
  let written = 0;
  for (const text of distinct) {
    if (written >= mostTogether) break;
    const cut = [...text].slice(0, mostOfOne);
    written += cut.length;
    headers.push(headerOf(cut.join('')));
  }
  return headers;
}

function printable(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/\p{Cc}/gu, control => `\\x${(control.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`);
}

/** Node writes a header's characters as single bytes, so UTF-8 goes in byte by byte. */
function headerOf(text: string): string {
  const quoted = text.replaceAll(/["\\]/g, '\\$&');
  return `299 - "${Buffer.from(quoted, 'utf8').toString('latin1')}"`;
}
