import fc from 'fast-check';

/** What one connection carries: bytes, how they are cut, and how it ends. */
export interface Conversation {
  through: Way;
  bytes: Uint8Array;
  /** Where the bytes are cut into writes, as shares of all of them. */
  cuts: number[];
  /** `wait`: the server ends; `half`: the client ends its side and reads on; `abort`: it is gone at once; `early`: before all is written. */
  end: 'wait' | 'half' | 'abort' | 'early';
  /** Whether the bytes are a request that has to be answered with 200. */
  sound: boolean;
}

/** Connections that are open at the same time. */
export type Traffic = Conversation[];

/** `gateway`: two proxies, then the application; `sidecar` ports are the proxy's own; the others are the forward itself. */
export const ways = ['gateway', 'application', 'sidecar', 'channels', 'spdy'] as const;
export type Way = (typeof ways)[number];

const methods = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH')},
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'CONNECT',
      'TRACE',
      'PRI',
      'M-SEARCH',
      'get',
      '',
      ' ',
      'G\0T',
      'X'.repeat(999),
    ),
  },
  {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 12})},
);
const targets = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom('/details/0', '/', '/health', '/details/7?a=b&a=c')},
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '*',
      '',
      '//',
      '/../../etc/passwd',
      '/%00',
      '/%zz',
      '/%2e%2e/%2f',
      '/a#b',
      '/a\\b',
      'x',
      'details:9080',
      'http://details/details/0',
      'http://[::1',
      'http://',
      '/данные',
      '/\u{1f600}',
      '/\u001b[31m',
      '/__proto__?constructor=1',
      '/quitquitquit',
      '/config_dump?resource=x&mask=y',
      '/stats/prometheus?filter=(a%2B)%2B$',
      '/logging?level=x',
    ),
  },
  {weight: 1, arbitrary: fc.nat(70_000).map(length => `/${'x'.repeat(length)}`)},
  {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 30})},
);
const versions = fc.oneof(
  {weight: 9, arbitrary: fc.constant('HTTP/1.1')},
  {
    weight: 1,
    arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', 'ICY', ''),
  },
);

const oddHeads = [
  'Host: a, b',
  'Host: details:99999',
  'Host: [::1',
  'Host: \u{1f600}',
  'Content-Length: -1',
  'Content-Length: 0x10',
  'Content-Length: 99999999999999999999',
  'Content-Length: 5, 5',
  'Content-Length: 7',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Connection: upgrade',
  'Connection: host, x-a, keep-alive, close',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Sec-WebSocket-Key: x',
  'Sec-WebSocket-Version: 13',
  'HTTP2-Settings: AAMAAABkAAQAAP__',
  'Expect: 100-continue',
  'Expect: x',
  'TE: trailers',
  'Trailer: x-end',
  'Range: bytes=5-1',
  'Cookie: a=b; =; ;; user="',
  'Origin: null',
  'Access-Control-Request-Method: ',
  'Authorization: Bearer a.b.c',
  'X-Forwarded-For: 1.2.3.4, , x',
  'X-Forwarded-Proto: \u0001',
  'X-Request-Id: \u00ff',
  'X-Envoy-Upstream-Rq-Timeout-Ms: 1e9',
  'X-Envoy-Upstream-Rq-Timeout-Ms: -5',
  'X-Envoy-Max-Retries: 1000000',
  'X-Envoy-Peer-Metadata: !!',
  'X-Envoy-Peer-Metadata-Id: sidecar~1~2~3',
  'X-Envoy-Attempt-Count: NaN',
  '__proto__: x',
  'constructor: x',
  ':authority: x',
  ': x',
  'no colon',
  ' folded: x',
  'X: a\r\n b',
  'X: \0',
  'X: \u0007',
  'X: данные',
  'X:',
];
const heads = fc.array(
  fc.oneof(
    {weight: 12, arbitrary: fc.constantFrom(...oddHeads)},
    {weight: 1, arbitrary: fc.nat(40_000).map(length => `X-Long: ${'x'.repeat(length)}`)},
    {
      weight: 1,
      arbitrary: fc.nat(3000).map(count => Array.from({length: count}, (_, n) => `X-${n}: y`).join('\r\n')),
    },
    {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 30})},
  ),
  {maxLength: 4},
);

const chunkSizes = fc.constantFrom(
  '3',
  '0',
  '03',
  '3;x=y',
  '3;x="',
  'x',
  '-1',
  '0x3',
  'ffffffffffffffff',
  '3 ',
  '',
);
const bodies = fc.oneof(
  {weight: 4, arbitrary: fc.constant({heads: [] as string[], text: ''})},
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(200_000), fc.constantFrom(0, 0, -1, 1, 1000))
      .map(([length, off]) => ({heads: [`Content-Length: ${length + off}`], text: 'b'.repeat(length)})),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.array(chunkSizes, {maxLength: 4}),
        fc.constantFrom('0\r\n\r\n', '0\r\nX-End: y\r\n\r\n', '0\r\n', '', '0\r\nX: \0\r\n\r\n'),
      )
      .map(([sizes, last]) => ({
        heads: ['Transfer-Encoding: chunked'],
        text: sizes.map(size => `${size}\r\nabc\r\n`).join('') + last,
      })),
  },
  {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 60}).map(text => ({heads: [], text}))},
);

const request = fc
  .tuple(methods, targets, versions, fc.boolean(), heads, bodies)
  .map(([method, target, version, named, others, body]) => {
    const lines = [`${method} ${target} ${version}`, ...(named ? ['Host: details'] : []), ...others];
    return `${[...lines, ...body.heads].join('\r\n')}\r\n\r\n${body.text}`;
  });

const soundRequest = fc
  .tuple(
    fc.nat(99),
    fc.array(fc.stringMatching(/^x-[a-z]{1,20}: [!-~]{1,40}$/), {maxLength: 5}),
    fc.oneof(
      fc.constant(undefined),
      fc.nat(100_000),
      fc.array(fc.integer({min: 1, max: 3000}), {maxLength: 5}),
    ),
  )
  .map(([id, others, body]) => {
    const lines = [`GET /details/${id} HTTP/1.1`, 'Host: details', 'Connection: close', ...others];
    if (body === undefined) return `${lines.join('\r\n')}\r\n\r\n`;
    const [head, text] =
      typeof body === 'number'
        ? [`Content-Length: ${body}`, 'b'.repeat(body)]
        : ['Transfer-Encoding: chunked', `${body.map(chunkOf).join('')}0\r\n\r\n`];
    return `${[...lines, head].join('\r\n')}\r\n\r\n${text}`;
  });

function chunkOf(length: number): string {
  return `${length.toString(16)}\r\n${'c'.repeat(length)}\r\n`;
}

const cuts = fc.array(fc.double({min: 0, max: 1, noNaN: true}), {maxLength: 5});
const end = fc.constantFrom('half' as const, 'half' as const, 'abort' as const, 'early' as const);
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

const conversation: fc.Arbitrary<Conversation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      through: fc.constantFrom('gateway' as const, 'application' as const),
      bytes: soundRequest.map(bytesOf),
      cuts,
      end: fc.constant('wait' as const),
      sound: fc.constant(true),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      through: fc.constantFrom(
        'gateway' as const,
        'gateway' as const,
        'application' as const,
        'sidecar' as const,
      ),
      bytes: fc.array(request, {minLength: 1, maxLength: 3}).map(parts => bytesOf(parts.join(''))),
      cuts,
      end,
      sound: fc.constant(false),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      through: fc.constantFrom(...ways),
      bytes: fc.uint8Array({maxLength: 300}),
      cuts,
      end,
      sound: fc.constant(false),
    }),
  },
);

/** Mostly a few connections, and once in a while many. */
export const traffic: fc.Arbitrary<Traffic> = fc.oneof(
  {weight: 9, arbitrary: fc.array(conversation, {minLength: 1, maxLength: 3})},
  {weight: 1, arbitrary: fc.array(conversation, {minLength: 10, maxLength: 24})},
);

/** The writes that a conversation's bytes are cut into. */
export function writesOf({bytes, cuts, end}: Conversation): Buffer[] {
  const places = [0, ...cuts.map(share => Math.floor(share * bytes.length)), bytes.length].sort(
    (a, b) => a - b,
  );
  const writes = places
    .slice(1)
    .map((to, index) => Buffer.from(bytes.subarray(places[index], to)))
    .filter(({length}) => length > 0);
  return end === 'early' ? writes.slice(0, -1) : writes;
}
