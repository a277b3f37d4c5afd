import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import {createServer as createTlsServer, type ServerOptions} from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import type {Clock} from '../clock.ts';
import {type ConnectionLimits, Connections, defaultLimits} from './connections.ts';
import {ApiError, type Status} from './errors.ts';
import type {UserInfo} from './messages.ts';
import {type ApiRequest, type ApiResponse, isStream, jsonResponse} from './messages.ts';

/** What the sockets hand their requests to. */
export interface RequestHandlers {
  /** Whether the request shows who sends it, by a certificate or a token. */
  recognises(request: ApiRequest): boolean;
  handle(request: ApiRequest): Promise<ApiResponse>;
  /** Serves what writes to the socket itself. @returns false when the request is an ordinary one. */
  stream(request: ApiRequest, response: ServerResponse): boolean;
  upgrade(request: ApiRequest, upgrade: {request: IncomingMessage; socket: Duplex; head: Buffer}): void;
  /** The answer for what went wrong with a request outside of `handle`. */
  failed(error: unknown, request: Pick<ApiRequest, 'method' | 'url'>): ApiResponse;
}

export interface ListenOptions {
  /** @default those of `connections.ts` */
  limits?: Partial<ConnectionLimits>;
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
/** Nobody without credentials may do what takes a large body. */
const strangersBodyLimit = 64 * 1024;

/** Opens the server on the loopback. Rejects when the port is taken. */
export async function listenOnLoopback(
  handlers: RequestHandlers,
  options: ListenOptions & {clock: Clock},
): Promise<Listening> {
  const {tls, clock} = options;
  const limits = {...defaultLimits, ...options.limits};
  const settings = {
    // Go's clients keep idle connections for 90 s; Node's own 5 s would close them under their requests.
    keepAliveTimeout: 180_000,
    requestTimeout: 0,
    headersTimeout: limits.headers,
    // How late Node may notice that.
    connectionsCheckingInterval: Math.ceil(limits.headers / 6),
    maxHeaderSize: 64 * 1024,
    noDelay: true,
  };
  const server: Server = tls
    ? createTlsServer({...tlsOptions(tls, settings), handshakeTimeout: limits.handshake})
    : createPlainServer(settings);
  server.timeout = 0;
  const connections = new Connections({limits, clock});
  const exchanges = {handlers, connections, clock, bodySilence: limits.bodySilence};
  server.on('connection', (socket: Socket) => connections.arrived(socket));
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections.opened(socket);
    readAsStream(socket);
    if (tls && clientOf(socket as TLSSocket)) connections.recognised(socket);
  });
  server.on('request', (request, response) => void answer(exchanges, request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const decoded = apiRequest(request, undefined);
    if (handlers.recognises(decoded)) connections.recognised(socket);
    connections.handedOver(socket);
    handlers.upgrade(decoded, {request, socket, head});
  });
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
        connections.close();
      }),
  };
}

/**
 * Keeps Node from feeding its parser past the socket's stream. There the rest of a TLS record that arrives while the
 * parser is paused, since an earlier answer is not read yet, ends the connection (`HPE_PAUSED`); a stream keeps it.
 * Any listener for data, for however short, has this effect.
 */
function readAsStream(socket: Socket): void {
  const none = () => {};
  socket.on('data', none).off('data', none);
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

/** What every exchange on a server shares. */
interface Exchanges {
  handlers: RequestHandlers;
  connections: Connections;
  clock: Clock;
  /** Milliseconds. */
  bodySilence: number;
}

async function answer(
  exchanges: Exchanges,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const {handlers, connections} = exchanges;
  const {socket} = incoming;
  try {
    const head = apiRequest(incoming, undefined);
    if (connections.isStranger(socket) && handlers.recognises(head)) connections.recognised(socket);
    const body = await readBody(
      incoming,
      exchanges,
      connections.isStranger(socket) ? strangersBodyLimit : bodyLimit,
    );
    const request = {...head, body};
    if (handlers.stream(request, outgoing)) connections.handedOver(socket);
    else send(await handlers.handle(request), {incoming, outgoing, connections});
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

function send(
  response: ApiResponse,
  {
    incoming,
    outgoing,
    connections,
  }: {
    incoming: IncomingMessage;
    outgoing: ServerResponse;
    connections: Connections;
  },
): void {
  const {body} = response;
  if (!isStream(body)) {
    // Node writes the head in the encoding of a text that follows it; the bytes of a head are given as they are.
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    outgoing.writeHead(response.status, {...response.headers, 'content-length': bytes.length});
    outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
    if (outgoing.writableLength > 0) connections.behind(outgoing);
    return;
  }
  outgoing.writeHead(response.status, response.headers);
  outgoing.flushHeaders();
  let ended = false;
  const stop = body.start({
    write(chunk) {
      if (ended) return true;
      const isReading = outgoing.write(chunk);
      // Node would encrypt and write at the end of the turn: for a hundred clients at once, past all slices.
      outgoing.socket?.uncork();
      if (!isReading) connections.behind(outgoing);
      return isReading;
    },
    onDrain: listener => void outgoing.once('drain', listener),
    abort: () => void outgoing.destroy(),
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

async function readBody(
  request: IncomingMessage,
  {clock, bodySilence}: Exchanges,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const expectMore = () => clock.after(bodySilence, () => request.destroy());
  let silence = expectMore();
  try {
    for await (const chunk of request) {
      silence.cancel();
      silence = expectMore();
      size += chunk.length;
      if (size > limit) {
        throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
      }
      chunks.push(chunk);
    }
  } finally {
    silence.cancel();
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

/** Reading a certificate costs as much as many a request, and a connection's stays what it is. */
const clients = new WeakMap<TLSSocket, UserInfo>();

function clientOf(socket: TLSSocket): UserInfo | undefined {
  if (!socket.authorized) return undefined;
  const client = clients.get(socket) ?? readClient(socket);
  if (client) clients.set(socket, client);
  return client;
}

/** The user that a client certificate of our own authority names: CN, and O for the groups. */
function readClient(socket: TLSSocket): UserInfo | undefined {
  const {subject} = socket.getPeerCertificate();
  if (typeof subject?.CN !== 'string') return undefined;
  const organizations = [subject.O ?? []].flat() as string[];
  return {username: subject.CN, groups: [...new Set([...organizations, 'system:authenticated'])]};
}
