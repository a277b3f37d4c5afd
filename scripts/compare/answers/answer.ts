/**
 * What an answer is reduced to before two are compared: one short text, such as
 * `forward outbound|9080|v1|reviews… GET /reviews/0 @reviews:9080 {x-added=1}`, `503 NC`, `404 NR`, `passthrough`.
 */
export interface Answer {
  text: string;
  /** Who answered, where a pod did; and, with a `+`, who got a copy. */
  pods?: readonly string[];
}

/** How often each text came from the real thing, and which pods answered how often. */
export type Counted = Record<string, {count: number; pods: Record<string, number>}>;

/** How probable each text is by the product, and which pods may answer; `*` is anything. */
export type Expected = Record<string, {share: number; pods: readonly string[]}>;

/** Headers that a proxy or a client library adds by itself. */
const ownRequestHeaders =
  /^(host|connection|x-request-id|x-compare-id|x-forwarded-|x-envoy-|transfer-encoding|content-length|keep-alive)/;
const ownResponseHeaders =
  /^(date|server|connection|content-|x-echo|x-envoy-|keep-alive|transfer-|location|x-request-id)/;

export type HeaderValues = Record<string, string | string[] | undefined>;

function headersText(headers: HeaderValues, skip: RegExp): string {
  return Object.keys(headers)
    .filter(name => !skip.test(name) && headers[name] !== undefined)
    .sort()
    .map(name => `${name}=${[headers[name]].flat().join(', ')}`)
    .join(' ');
}

export interface ForwardedRequest {
  cluster: string;
  method: string;
  path: string;
  host: string;
  headers: HeaderValues;
  responseHeaders: HeaderValues;
  route?: string;
  mirrors?: readonly {pod: string; host: string; path: string}[];
}

/** `reviews` of `reviews-v1`. */
function serviceOf(pod: string): string {
  return pod.replace(/-v\d$/, '');
}

export function forwardedText(request: ForwardedRequest): string {
  const {cluster, method, path, host, headers, responseHeaders, route, mirrors = []} = request;
  const up = headersText(headers, ownRequestHeaders);
  const copies = mirrors.map(copy => ` +${serviceOf(copy.pod)} @${copy.host} ${copy.path}`);
  const sent = `${method} ${path} @${host} {${up}}${[...new Set(copies)].sort().join('')}`;
  return `forward ${cluster} ${sent}${backText(responseHeaders)} route=${route || '-'}`;
}

/** Headers that a response carries besides the usual ones. */
export function backText(headers: HeaderValues): string {
  const own = headersText(headers, ownResponseHeaders);
  return own ? ` <{${own}}` : '';
}

export function tally(answers: readonly Answer[]): Counted {
  const found: Counted = {};
  for (const {text, pods = []} of answers) {
    const entry = found[text] ?? {count: 0, pods: {}};
    found[text] = entry;
    entry.count += 1;
    for (const pod of pods) entry.pods[pod] = (entry.pods[pod] ?? 0) + 1;
  }
  return found;
}

/** The same in a few words: `v1 v2`, `404 NR`, `passthrough`, … */
export function brief(found: Counted | Expected): string {
  const words = Object.entries(found).flatMap(([text, {pods}]) => {
    const [kind = '', first = '', ...rest] = text.split(' ');
    if (kind === 'forward') {
      const names: string[] = Array.isArray(pods) ? pods : Object.keys(pods);
      return names.map(pod => (pod.startsWith('reviews-') ? pod.slice(8) : serviceOf(pod)));
    }
    if (kind === 'redirect' || kind === 'direct') return [[first, ...rest].join(' ')];
    return [['503', '502', '404'].includes(kind) ? `${kind} ${first}` : text];
  });
  return [...new Set(words)].sort().join(' ');
}
