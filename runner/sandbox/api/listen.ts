import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import {createServer as createTlsServer, type ServerOptions} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import type {UserInfo} from './authentication.ts';
import {ApiError, type Status} from './errors.ts';
import {type ApiRequest, type ApiResponse, isStream, jsonResponse} from './messages.ts';

/** What the sockets hand their requests to. */
export interface RequestHandlers {
  handle(request: ApiRequest): Promise<ApiResponse>;
  /** Serves what writes to the socket itself. @returns false when the request is an ordinary one. */
  stream(request: ApiRequest, response: ServerResponse): boolean;
  upgrade(request: ApiRequest, upgrade: {request: IncomingMessage; socket: Duplex; head: Buffer}): void;
  /** The answer for what went wrong with a request outside of `handle`. */
  failed(error: unknown, request: Pick<ApiRequest, 'method' | 'url'>): ApiResponse;
}

export interface ListenOptions {
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** Without TLS the server speaks plain HTTP: for tests only. */
  tls?: {certificate: string; key: string; authority: string};
}

export interface Listening {
  port: number;
  /** `https://127.0.0.1:PORT`. */
  url: string;
  close(): Promise<void>;
}

const bodyLimit = 3 * 1024 * 1024;
/** A client that reads this much slower than its watch writes is cut off. */
const mostUnsent = 64 * 1024 * 1024;

/** Opens the server on the loopback. Rejects when the port is taken. */
export async function listenOnLoopback(
  handlers: RequestHandlers,
  options: ListenOptions,
): Promise<Listening> {
  const {tls} = options;
  // Go's clients keep idle connections for 90 s; Node's own 5 s would close them under their requests.
  const settings = {keepAliveTimeout: 180_000, requestTimeout: 0, maxHeaderSize: 64 * 1024, noDelay: true};
  const server: Server = tls ? createTlsServer(tlsOptions(tls, settings)) : createPlainServer(settings);
  server.timeout = 0;
  server.headersTimeout = 0;
  const sockets = new Set<Duplex>();
  server.on(tls ? 'secureConnection' : 'connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => void answer(handlers, request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    handlers.upgrade(apiRequest(request, undefined), {request, socket, head}),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const {port} = server.address() as AddressInfo;
  return {
    port,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function tlsOptions(tls: NonNullable<ListenOptions['tls']>, settings: object): ServerOptions {
  return {
    ...settings,
    cert: tls.certificate,
    key: tls.key,
    ca: tls.authority,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
  };
}

async function answer(
  handlers: RequestHandlers,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const request = apiRequest(incoming, await readBody(incoming));
    if (handlers.stream(request, outgoing)) return;
    send(await handlers.handle(request), incoming, outgoing);
  } catch (error) {
    // A client that left while it was being read gets no answer.
    if (incoming.destroyed && !incoming.complete) return;
    const {method = 'GET', url = '/'} = incoming;
    sendFailure(handlers.failed(error, {method, url}), outgoing);
  }
}

/** Answers a failed request, or ends the connection where an answer has begun: half of one must not look whole. */
export function sendFailure({status, headers, body}: ApiResponse, outgoing: ServerResponse): void {
  if (outgoing.headersSent || isStream(body)) outgoing.destroy();
  else outgoing.writeHead(status, headers).end(body);
}

export function statusResponse(status: Status): ApiResponse {
  const response = jsonResponse(status.code, status);
  const retry = status.details?.retryAfterSeconds;
  if (retry !== undefined) response.headers['retry-after'] = String(retry);
  return response;
}

function send(response: ApiResponse, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const {body} = response;
  if (!isStream(body)) {
    // Node writes the head in the encoding of a text that follows it; the bytes of a head are given as they are.
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    outgoing.writeHead(response.status, {...response.headers, 'content-length': bytes.length});
    outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
    return;
  }
  outgoing.writeHead(response.status, response.headers);
  outgoing.flushHeaders();
  let ended = false;
  const stop = body.start({
    write(chunk) {
      if (ended) return;
      outgoing.write(chunk);
      if (outgoing.writableLength > mostUnsent) outgoing.destroy();
    },
    end() {
      ended = true;
      outgoing.end();
    },
  });
  outgoing.once('close', () => {
    ended = true;
    stop();
  });
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bodyLimit) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

function apiRequest(request: IncomingMessage, body: Uint8Array | undefined): ApiRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const certificate = clientOf(request.socket as TLSSocket);
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers,
    ...(body ? {body} : {}),
    ...(certificate ? {certificate} : {}),
  };
}

/** The user that a client certificate of our own authority names: CN, and O for the groups. */
function clientOf(socket: TLSSocket): UserInfo | undefined {
  if (!socket.authorized) return undefined;
  const {subject} = socket.getPeerCertificate();
  if (typeof subject?.CN !== 'string') return undefined;
  const organizations = [subject.O ?? []].flat() as string[];
  return {username: subject.CN, groups: [...new Set([...organizations, 'system:authenticated'])]};
}
