const byScheme: Readonly<Record<string, readonly string[]>> = {
  'https:': ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'],
  'http:': ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'],
};

type Environment = Readonly<Record<string, string>>;

/** The first proxy that the environment names, for whatever it is. */
export function anyProxy(env: Environment): string | undefined {
  return firstOf([...(byScheme['https:'] ?? []), ...(byScheme['http:'] ?? [])], env);
}

/** The proxy that tools ask for this address, as curl and Go read `NO_PROXY`: names, domains, or `*`. */
export function proxyFor(url: URL, env: Environment): string | undefined {
  const proxy = firstOf(byScheme[url.protocol] ?? [], env);
  if (proxy === undefined) return undefined;
  const spared = (env['NO_PROXY'] ?? env['no_proxy'] ?? '')
    .split(',')
    .map(entry => entry.trim().replace(/^\*?\./, ''))
    .filter(Boolean);
  const host = url.hostname;
  return spared.some(entry => entry === '*' || entry === host || host.endsWith(`.${entry}`))
    ? undefined
    : proxy;
}

function firstOf(names: readonly string[], env: Environment): string | undefined {
  return names.map(name => env[name]).find(Boolean);
}

/** A proxy's address as it may be shown. */
export function withoutPassword(proxy: string): string {
  return proxy.replace(/\/\/[^@/]*@/, '//');
}
