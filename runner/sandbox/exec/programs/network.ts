import {curl} from '../curl/curl.ts';
import {CurlError, transfer} from '../curl/transfer.ts';
import {discard} from '../input.ts';
import type {Process, Program} from '../process.ts';
import {shortFlags} from './flags.ts';

/** BusyBox' `wget`, as far as it fetches one page to stdout. */
const wget: Program = async process => {
  const {argv, stdout, stderr, view} = process;
  const headers: [string, string][] = [];
  const words: string[] = [];
  let body: string | undefined;
  for (const word of argv.slice(1)) {
    const header = /^--header=([^:]+):\s*(\S.*)?$/.exec(word);
    if (header) headers.push([header[1] as string, header[2] ?? '']);
    else if (word.startsWith('--post-data=')) body = word.slice('--post-data='.length);
    else words.push(word);
  }
  const {flags, values, operands, unknown} = shortFlags(words, {
    plain: 'qSc!',
    withValue: 'OTUt',
    aliases: {
      '--timeout': 'T',
      '--quiet': 'q',
      '--output-document': 'O',
      '--user-agent': 'U',
      '--tries': 't',
      '--spider': '!',
      '--server-response': 'S',
      '--no-verbose': 'q',
    },
  });
  const [target] = operands;
  if (unknown || target === undefined) {
    await stderr.write(unknown ? `wget: unrecognized option: ${unknown}\n` : 'wget: missing URL\n');
    return 1;
  }
  let url: URL;
  try {
    url = new URL(/^https?:/.test(target) ? target : `http://${target}`);
  } catch {
    await stderr.write(`wget: bad address '${target}'\n`);
    return 1;
  }
  const output = values.get('O');
  const spider = flags.has('!');
  const sink = spider || output === '/dev/null' ? discard : output === '-' ? stdout : undefined;
  if (!sink) {
    await stderr.write(
      `wget: can't open '${output ?? (url.pathname.split('/').pop() || 'index.html')}': Read-only file system\n`,
    );
    return 1;
  }
  const ip = view.resolve(url.hostname)[0] ?? url.hostname;
  if (!flags.has('q')) await stderr.write(`Connecting to ${url.host} (${ip}:${url.port || 80})\n`);
  let refused: string | undefined;
  try {
    await transfer({
      url,
      method: body !== undefined ? 'POST' : spider ? 'HEAD' : 'GET',
      headers: [
        ['Host', url.host],
        ['User-Agent', values.get('U') ?? 'Wget'],
        ['Connection', 'close'],
        ...headers,
      ],
      body,
      insecure: true,
      maxTime: values.has('T') ? Number(values.get('T')) * 1000 : undefined,
      connectTimeout: undefined,
      address: undefined,
      view,
      signal: process.signal,
      async onResponse({statusCode = 0, statusMessage, httpVersion}) {
        if (flags.has('S')) await stderr.write(`  HTTP/${httpVersion} ${statusCode} ${statusMessage}\n`);
        if (statusCode >= 400)
          refused = `server returned error: HTTP/${httpVersion} ${statusCode} ${statusMessage}`;
      },
      async onData(chunk) {
        if (refused === undefined) await sink.write(chunk);
      },
    });
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    refused = wgetWords(error, url, ip);
  }
  if (refused === undefined) return 0;
  await stderr.write(`wget: ${refused}\n`);
  return 1;
};

function wgetWords(error: CurlError, url: URL, ip: string): string {
  if (error.exitCode === 6) return `bad address '${url.host}'`;
  if (error.exitCode === 7) return `can't connect to remote host (${ip}): Connection refused`;
  if (error.exitCode === 28) return 'download timed out';
  return 'error getting response: Connection reset by peer';
}

const nslookup: Program = async ({argv, stdout, view}) => {
  const [name] = argv.slice(1).filter(word => !word.startsWith('-'));
  if (name === undefined) {
    await stdout.write('Usage: nslookup HOST\n');
    return 1;
  }
  const addresses = view.resolve(name);
  const server = /^nameserver (\S+)/m.exec(readText(view, '/etc/resolv.conf'))?.[1] ?? '';
  await stdout.write(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
  if (addresses.length === 0) {
    await stdout.write(`** server can't find ${name}: NXDOMAIN\n\n`);
    return 1;
  }
  for (const address of addresses) await stdout.write(`Name:\t${name}\nAddress: ${address}\n`);
  await stdout.write('\n');
  return 0;
};

function readText(view: Process['view'], path: string): string {
  const entry = view.files.find(path);
  return entry?.type === 'file' ? entry.read() : '';
}

/** `pilot-agent request METHOD PATH`: asks the proxy's admin interface on the pod's loopback. */
const pilotAgent: Program = async process => {
  const {argv, stdout, stderr, view} = process;
  const [, command, ...words] = argv;
  if (command !== 'request') {
    await stderr.write(
      `Error: "pilot-agent ${command ?? ''}" is not simulated; "pilot-agent request METHOD PATH" is\n`,
    );
    return 1;
  }
  const port = words[0]?.startsWith('--debug-port')
    ? Number(words.shift()?.split('=')[1] ?? words.shift())
    : 15000;
  const [method = 'GET', path = ''] = words;
  const url = new URL(`http://localhost:${port}/${path.replace(/^\//, '')}`);
  let failed: string | undefined;
  try {
    await transfer({
      url,
      method: method.toUpperCase(),
      headers: [
        ['Host', url.host],
        ['User-Agent', 'Go-http-client/1.1'],
        ['Content-Length', '0'],
      ],
      body: undefined,
      insecure: true,
      maxTime: undefined,
      connectTimeout: undefined,
      address: undefined,
      view,
      signal: process.signal,
      async onResponse({statusCode = 0}) {
        if (statusCode !== 200) failed = `received unexpected status code: ${statusCode}`;
      },
      async onData(chunk) {
        await stdout.write(chunk);
      },
    });
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    failed = `command error: Get "${url.href}": dial tcp 127.0.0.1:${port}: connect: connection refused`;
  }
  if (failed === undefined) return 0;
  await stderr.write(`Error: failed to execute command on Envoy: ${failed}\n`);
  return 1;
};

/** Programs that an image may have; each is there only when the image names it. */
export const optionalPrograms: Readonly<Record<string, Program>> = {
  curl,
  wget,
  nslookup,
  'pilot-agent': pilotAgent,
};
