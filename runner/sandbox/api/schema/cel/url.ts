/** A URL as the `url()` function of Kubernetes' CEL library sees it. */
export class CelUrl {
  readonly scheme: string;
  readonly host: string;

  constructor(scheme: string, host: string) {
    this.scheme = scheme;
    this.host = host;
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
  if (scheme === '' || !rest.startsWith('//')) return new CelUrl(scheme.toLowerCase(), '');
  const authority = /^\/\/([^/?]*)/.exec(rest)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (/[\s"<>\\^`{|}]/.test(host) || !/^(\[[^\]]*\]|[^:[\]]*)(:\d*)?$/.test(host)) return undefined;
  return new CelUrl(scheme.toLowerCase(), host);
}
