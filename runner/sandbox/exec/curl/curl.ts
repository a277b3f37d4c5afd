import type {IncomingMessage} from 'node:http';
import {gunzipSync, inflateSync} from 'node:zlib';
import {discard} from '../input.ts';
import {type Process, type Program, pause} from '../process.ts';
import type {Sink} from '../sink.ts';
import {type CurlOptions, CurlUsageError, parseCurlOptions} from './options.ts';
import {CurlError, transfer} from './transfer.ts';
import {type TransferFacts, writeOut} from './write-out.ts';

/** The version in `--version` and the User-Agent. */
const version = '8.16.0';

/** `curl` over the pod's network: real HTTP, curl's words and exit codes. */
export const curl: Program = async process => {
  const {argv, stderr, stdout} = process;
  if (argv[1] === '--version' || argv[1] === '-V') {
    await stdout.write(`curl ${version} (istio-workshop sandbox) simulated\nProtocols: http https\n`);
    return 0;
  }
  let options: CurlOptions;
  try {
    options = parseCurlOptions(argv.slice(1));
  } catch (error) {
    if (!(error instanceof CurlUsageError)) throw error;
    const help =
      error.message === 'no URL specified' ? `curl: (2) ${error.message}\n` : `curl: ${error.message}\n`;
    await stderr.write(`${help}curl: try 'curl --help' or 'curl --manual' for more information\n`);
    return 2;
  }
  let status = 0;
  for (const [index, url] of options.urls.entries()) {
    status = await fetchWithRetries({process, options, text: url, output: options.outputs[index]});
  }
  return status;
};

interface Job {
  process: Process;
  options: CurlOptions;
  text: string;
  output: string | undefined;
}

/** Failures that `--retry` retries by itself: time-outs and the codes that say "later". */
const transientCodes = [408, 429, 500, 502, 503, 504];

async function fetchWithRetries(job: Job): Promise<number> {
  const {options, process} = job;
  for (let attempt = 0; ; attempt++) {
    const facts = await fetchOnce(job);
    const transient =
      transientCodes.includes(facts.code) ||
      facts.exitCode === 28 ||
      facts.exitCode === 6 ||
      (facts.exitCode === 7 && options.retryConnectionRefused) ||
      (facts.exitCode !== 0 && options.retryAllErrors);
    if (attempt >= options.retries || !transient) {
      if (options.writeOut !== undefined) await process.stdout.write(writeOut(options.writeOut, facts));
      return facts.exitCode;
    }
    const delay = options.retryDelay ?? Math.min(2 ** attempt, 600);
    if (!options.silent) {
      const left = options.retries - attempt;
      const why = facts.exitCode === 28 ? 'timeout' : facts.exitCode === 0 ? 'HTTP error' : 'error';
      await process.stderr.write(
        `Warning: Problem: ${why}. Will retry in ${delay} ${delay === 1 ? 'second' : 'seconds'}. ${left} ${left === 1 ? 'retry' : 'retries'} left.\n`,
      );
    }
    await pause(process, delay * 1000);
  }
}

async function fetchOnce({process, options, text, output}: Job): Promise<TransferFacts> {
  const {stderr, view} = process;
  const facts: TransferFacts = {
    exitCode: 0,
    errorText: '',
    code: 0,
    url: text,
    effectiveUrl: text,
    method: 'GET',
    contentType: '',
    downloaded: 0,
    uploaded: 0,
    headerBytes: 0,
    connects: 0,
    redirects: 0,
    redirectUrl: '',
    remoteIp: '',
    remotePort: 0,
    connected: 0,
    firstByte: 0,
    total: 0,
    headers: new Map(),
  };
  const started = view.clock.now();
  try {
    await follow({process, options, text, output}, facts);
    if (options.fail !== 'no' && facts.code >= 400) {
      throw new CurlError(22, `The requested URL returned error: ${facts.code}`);
    }
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    facts.exitCode = error.exitCode;
    facts.errorText = error.message;
    if (facts.total === 0) facts.total = view.clock.now() - started;
    if (!options.silent || options.showError)
      await stderr.write(`curl: (${error.exitCode}) ${error.message}\n`);
  }
  return facts;
}

async function follow({process, options, text, output}: Job, facts: TransferFacts): Promise<void> {
  const {view, stderr} = process;
  let url = parseUrl(text);
  const dataInQuery = options.dataAsQuery && options.data !== undefined;
  if (dataInQuery) url = new URL(`${url.href}${url.search ? '&' : '?'}${options.data}`);
  let body = dataInQuery ? undefined : options.data;
  let method = options.method ?? (options.head ? 'HEAD' : body === undefined ? 'GET' : 'POST');
  const sink = await openOutput(process, output);
  const meter = !options.silent && !(process.tty && output === undefined);
  if (meter) await stderr.write(meterHead);
  const log = async (line: string) => {
    if (options.verbose) await stderr.write(`${line}\n`);
  };

  for (;;) {
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const address = options.resolve.get(`${url.hostname}:${port}`);
    const headers = requestHeaders(options, url, body);
    const compressedParts: Buffer[] = [];
    let encoding: string | undefined;
    let redirect = false;
    facts.effectiveUrl = url.href;
    facts.method = method;
    facts.uploaded = Buffer.byteLength(body ?? '');
    const ip = address ?? (view.resolve(url.hostname)[0] || url.hostname);
    if (options.verbose && ip !== url.hostname)
      await log(`* Host ${url.hostname}:${port} was resolved.\n* IPv6: (none)\n* IPv4: ${ip}`);
    await log(`*   Trying ${ip}:${port}...`);
    const times = await transfer({
      url,
      method,
      headers,
      body,
      insecure: options.insecure,
      maxTime: options.maxTime === undefined ? undefined : options.maxTime * 1000,
      connectTimeout: options.connectTimeout === undefined ? undefined : options.connectTimeout * 1000,
      address,
      view,
      signal: process.signal,
      async onConnected() {
        facts.connects++;
        facts.remoteIp = ip;
        facts.remotePort = port;
        await log(`* Connected to ${url.hostname} (${ip}) port ${port}\n* using HTTP/1.x`);
        await log(`> ${method} ${url.pathname}${url.search} HTTP/1.1`);
        for (const [name, value] of headers) await log(`> ${name}: ${value}`);
        await log('> ');
        await log(
          body === undefined
            ? '* Request completely sent off'
            : `* upload completely sent off: ${facts.uploaded} bytes`,
        );
      },
      async onResponse(response) {
        facts.code = response.statusCode ?? 0;
        facts.contentType = response.headers['content-type'] ?? '';
        facts.headers = headerMap(response);
        facts.redirectUrl = response.headers.location ? new URL(response.headers.location, url).href : '';
        redirect = options.follow && facts.code >= 300 && facts.code < 400 && facts.redirectUrl !== '';
        encoding = options.compressed ? response.headers['content-encoding'] : undefined;
        const lines = [`HTTP/${response.httpVersion} ${facts.code} ${response.statusMessage}`];
        for (let at = 0; at < response.rawHeaders.length; at += 2) {
          lines.push(`${response.rawHeaders[at]}: ${response.rawHeaders[at + 1]}`);
        }
        facts.headerBytes = lines.join('\r\n').length + 4;
        for (const line of lines) await log(`< ${line}`);
        await log('< ');
        if (options.include) await sink.write(`${lines.join('\r\n')}\r\n\r\n`);
      },
      async onData(chunk) {
        facts.downloaded += chunk.length;
        if (redirect || (options.fail === 'quiet' && facts.code >= 400)) return;
        if (encoding) compressedParts.push(chunk);
        else await sink.write(chunk);
      },
    });
    if (encoding) await sink.write(decode(encoding, Buffer.concat(compressedParts)));
    facts.connected = times.connected;
    facts.firstByte = times.firstByte;
    facts.total += times.total;
    await log(
      redirect
        ? `* Issue another request to this URL: '${facts.redirectUrl}'`
        : `* Connection #0 to host ${url.hostname}:${port} left intact`,
    );
    if (!redirect) break;
    if (facts.redirects >= options.maxRedirects) {
      throw new CurlError(47, `Maximum (${options.maxRedirects}) redirects followed`);
    }
    facts.redirects++;
    if (facts.code !== 307 && facts.code !== 308 && method === 'POST' && options.method === undefined) {
      method = 'GET';
      body = undefined;
    }
    url = new URL(facts.redirectUrl);
    facts.redirectUrl = '';
  }
  if (meter) await stderr.write(meterLine(facts));
}

function parseUrl(text: string): URL {
  const scheme = /^([a-zA-Z][\w+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new CurlError(1, `Protocol "${scheme}" not supported`);
  }
  try {
    return new URL(scheme ? text : `http://${text}`);
  } catch {
    throw new CurlError(3, 'URL rejected: Malformed input to a URL function');
  }
}

/** The headers in curl's order. `-H 'Name;'` sends an empty one, `-H 'Name:'` leaves one out. */
function requestHeaders(options: CurlOptions, url: URL, body: string | undefined): [string, string][] {
  const given = new Map<string, [string, string] | undefined>();
  for (const header of options.headers) {
    const [, name = header, separator, value = ''] = /^([^:;]+)([:;])\s*(.*)$/s.exec(header) ?? [];
    if (separator === undefined) continue;
    const removed = separator === ':' && value === '';
    given.set(name.toLowerCase(), removed ? undefined : [name, separator === ';' ? '' : value]);
  }
  const user =
    options.user ??
    (url.username ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined);
  const defaults: [string, string][] = [['Host', url.host]];
  if (user !== undefined) defaults.push(['Authorization', `Basic ${Buffer.from(user).toString('base64')}`]);
  defaults.push(['User-Agent', options.userAgent ?? `curl/${version}`], ['Accept', '*/*']);
  if (options.compressed) defaults.push(['Accept-Encoding', 'deflate, gzip']);
  if (options.cookies.length > 0) defaults.push(['Cookie', options.cookies.join('; ')]);
  if (body !== undefined) {
    defaults.push(
      ['Content-Length', String(Buffer.byteLength(body))],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    );
  }
  const headers: [string, string][] = [];
  for (const [name, value] of defaults) {
    const key = name.toLowerCase();
    const own = given.get(key);
    if (own) headers.push(own);
    else if (!given.has(key)) headers.push([name, value]);
    given.delete(key);
  }
  for (const pair of given.values()) if (pair) headers.push(pair);
  return headers;
}

function headerMap(response: IncomingMessage): Map<string, string> {
  return new Map(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
}

async function openOutput(process: Process, output: string | undefined): Promise<Sink> {
  if (output === undefined || output === '-' || output === '/dev/stdout') return process.stdout;
  if (output === '/dev/null') return discard;
  if (output === '/dev/stderr') return process.stderr;
  await process.stderr.write(`Warning: Failed to open the file ${output}: Read-only file system\n`);
  throw new CurlError(23, 'client returned ERROR on writing to output');
}

function decode(encoding: string, bytes: Buffer): Buffer {
  try {
    return encoding === 'gzip' ? gunzipSync(bytes) : encoding === 'deflate' ? inflateSync(bytes) : bytes;
  } catch {
    throw new CurlError(61, 'Unrecognized or bad HTTP Content or Transfer-Encoding');
  }
}

const meterHead =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n' +
  '                                 Dload  Upload   Total   Spent    Left  Speed\n';

function meterLine({downloaded, total}: TransferFacts): string {
  const size = String(downloaded).padStart(5);
  const speed = String(total === 0 ? 0 : Math.floor((downloaded * 1000) / total)).padStart(6);
  return `100 ${size}  100 ${size}    0     0 ${speed}      0 --:--:-- --:--:-- --:--:-- ${speed}\n`;
}
