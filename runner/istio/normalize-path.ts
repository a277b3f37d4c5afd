const unreserved = /[A-Za-z0-9\-._~]/;

/**
 * A path without dot segments and without escapes that need none, as Envoy's `normalize_path` makes it before it
 * matches (RFC 3986, section 6). Slashes are not merged, and escaped ones stay; the query is left alone.
 */
export function normalizedPath(pathAndQuery: string): string {
  const query = pathAndQuery.indexOf('?');
  const path = query < 0 ? pathAndQuery : pathAndQuery.slice(0, query);
  if (!/[%\\]|\/\.{1,2}(\/|$)/.test(path)) return pathAndQuery;
  const plain = path.replaceAll('\\', '/').replace(/%([0-9A-Fa-f]{2})/g, (escaped, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return unreserved.test(char) ? char : escaped;
  });
  return withoutDots(plain) + pathAndQuery.slice(path.length);
}

function withoutDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
    // A dot segment at the end leaves a slash.
    if (last && (segment === '.' || segment === '..')) kept.push('');
  }
  return `/${kept.join('/')}`;
}
