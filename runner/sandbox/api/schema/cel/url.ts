/** A URL as the `url()` function of Kubernetes' CEL library sees it. */
export class CelUrl {
  readonly scheme: string;
  readonly host: string;
  /** As it was written. */
  readonly path: string;
  /** Each name with its values, in their order. */
  readonly query: ReadonlyMap<string, string[]>;

  constructor(scheme: string, host: string, rest = '') {
    this.scheme = scheme;
    this.host = host;
    const question = rest.indexOf('?');
    this.path = question < 0 ? rest : rest.slice(0, question);
    const query = new Map<string, string[]>();
    for (const [name, value] of new URLSearchParams(question < 0 ? '' : rest.slice(question + 1))) {
      query.set(name, [...(query.get(name) ?? []), value]);
    }
    this.query = query;
  }

  equals(other: CelUrl): boolean {
    const text = (url: CelUrl) => JSON.stringify([url.scheme, url.host, url.path, [...url.query]]);
    return text(this) === text(other);
  }
}

/**
 * Reads an absolute URL or an absolute path, by the rules of Go's `url.ParseRequestURI` on which the CEL
 * library stands. @returns undefined where that would be an error
 */
export function parseUrl(text: string): CelUrl | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what Go refuses
  if (text === '' || /[\x00-\x1f\x7f]/.test(text) || text.startsWith(':')) return undefined;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? '';
  const rest = scheme === '' ? text : text.slice(scheme.length + 1);
  if (!rest.startsWith('/')) return scheme === '' ? undefined : new CelUrl(scheme.toLowerCase(), '');
  if (/%(?![0-9A-Fa-f]{2})/.test(rest)) return undefined;
  if (scheme === '' || !rest.startsWith('//')) return new CelUrl(scheme.toLowerCase(), '', rest);
  const authority = /^\/\/([^/?]*)/.exec(rest)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (/[\s"<>\\^`{|}]/.test(host) || !/^(\[[^\]]*\]|[^:[\]]*)(:\d*)?$/.test(host)) return undefined;
  return new CelUrl(scheme.toLowerCase(), host, rest.slice(2 + authority.length));
}
