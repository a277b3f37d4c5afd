import {request as httpRequest, type IncomingMessage, type RequestOptions} from 'node:http';
import type {Duplex} from 'node:stream';
import {connect as tlsConnect} from 'node:tls';
import type {ContainerView} from '../process.ts';

/** A failed transfer: curl's exit code and what it says behind `curl: (N)`. */
export class CurlError extends Error {
  override name = 'CurlError';
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface TransferRequest {
  url: URL;
  method: string;
  headers: readonly [string, string][];
  body: string | undefined;
  insecure: boolean;
  /** Milliseconds; absent for none. */
  maxTime: number | undefined;
  connectTimeout: number | undefined;
  /** The address to dial instead of the URL's host. */
  address: string | undefined;
  view: ContainerView;
  signal: AbortSignal;
  onConnected?: (connection: Duplex) => Promise<void>;
  onResponse: (response: IncomingMessage) => Promise<void>;
  onData: (chunk: Buffer) => Promise<void>;
}

/** When the phases of a transfer ended, in milliseconds from its start. */
export interface TransferTimes {
  connected: number;
  firstByte: number;
  total: number;
}

/**
 * One HTTP exchange over the pod's network, as curl does it.
 * @throws CurlError with curl's exit codes: 6 name, 7 connect, 28 time, 35 TLS, 52 nothing, 56 broken off.
 */
export async function transfer(request: TransferRequest): Promise<TransferTimes> {
  const {view} = request;
  const started = view.clock.now();
  const elapsed = () => view.clock.now() - started;
  const times: TransferTimes = {connected: 0, firstByte: 0, total: 0};
  let received = 0;
  let connection: Duplex | undefined;
  const timers: {cancel(): void}[] = [];
  const timeout = new Promise<never>((_resolve, reject) => {
    const limit = (milliseconds: number | undefined, expired: () => CurlError | undefined) => {
      if (milliseconds === undefined || milliseconds <= 0) return;
      const fire = () => {
        const error = expired();
        if (error) reject(error);
      };
      timers.push(view.clock.after(milliseconds, fire));
    };
    limit(request.connectTimeout, () =>
      connection ? undefined : new CurlError(28, `Connection timed out after ${elapsed()} milliseconds`),
    );
    limit(request.maxTime, () =>
      connection
        ? new CurlError(
            28,
            `Operation timed out after ${elapsed()} milliseconds with ${received} bytes received`,
          )
        : new CurlError(28, `Connection timed out after ${elapsed()} milliseconds`),
    );
    const aborted = () => reject(new Error('interrupted'));
    if (request.signal.aborted) aborted();
    else request.signal.addEventListener('abort', aborted, {once: true});
    timers.push({cancel: () => request.signal.removeEventListener('abort', aborted)});
  });

  const exchange = async () => {
    connection = await connect(request, elapsed);
    connection.on('error', () => {});
    times.connected = elapsed();
    await request.onConnected?.(connection);
    const response = await send(request, connection);
    times.firstByte = elapsed();
    await request.onResponse(response);
    try {
      for await (const chunk of response) {
        received += (chunk as Buffer).length;
        await request.onData(chunk as Buffer);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
      const left = Number(response.headers['content-length'] ?? 0) - received;
      if (left > 0) throw new CurlError(18, `end of response with ${left} bytes missing`);
      throw new CurlError(18, 'transfer closed with outstanding read data remaining');
    }
    times.total = elapsed();
    return times;
  };
  const work = exchange();
  try {
    return await Promise.race([work, timeout]);
  } finally {
    for (const timer of timers) timer.cancel();
    connection?.destroy();
    work.catch(() => {});
    work.then(
      () => connection?.destroy(),
      () => connection?.destroy(),
    );
    timeout.catch(() => {});
  }
}

async function connect(request: TransferRequest, elapsed: () => number): Promise<Duplex> {
  const {url, view} = request;
  const tls = url.protocol === 'https:';
  const port = Number(url.port || (tls ? 443 : 80));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  let connection: Duplex;
  try {
    connection = await view.network.dial(request.address ?? host, port);
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOTFOUND':
        throw new CurlError(6, `Could not resolve host: ${host}`);
      case 'ECONNRESET':
        throw new CurlError(56, 'Recv failure: Connection reset by peer');
      case 'ETIMEDOUT':
        throw new CurlError(
          28,
          `Failed to connect to ${host} port ${port} after ${elapsed()} ms: Could not connect to server`,
        );
      default:
        throw new CurlError(
          7,
          `Failed to connect to ${host} port ${port} after ${elapsed()} ms: Could not connect to server`,
        );
    }
  }
  if (!tls) return connection;
  const secure = tlsConnect({
    socket: connection,
    servername: host,
    rejectUnauthorized: !request.insecure,
    ALPNProtocols: ['http/1.1'],
  });
  return new Promise((resolve, reject) => {
    secure.once('secureConnect', () => resolve(secure));
    secure.once('error', (error: NodeJS.ErrnoException) => {
      const untrusted = error.code?.includes('CERT') || error.code?.includes('SIGNATURE');
      if (untrusted) reject(new CurlError(60, `SSL certificate problem: ${error.message}`));
      else reject(new CurlError(35, 'Recv failure: Connection reset by peer'));
    });
  });
}

function send(request: TransferRequest, connection: Duplex): Promise<IncomingMessage> {
  const {url} = request;
  return new Promise((resolve, reject) => {
    let bytes = 0;
    connection.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const outgoing = httpRequest({
      createConnection: () => connection,
      method: request.method,
      path: url.pathname + url.search,
      headers: request.headers.flat(),
      setDefaultHeaders: false,
    } as RequestOptions);
    outgoing.once('response', resolve);
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('HPE_')) reject(new CurlError(1, 'Received HTTP/0.9 when not allowed'));
      else if (error.message === 'socket hang up' && bytes === 0)
        reject(new CurlError(52, 'Empty reply from server'));
      else reject(new CurlError(56, 'Recv failure: Connection reset by peer'));
    });
    outgoing.end(request.body);
  });
}
