import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import type {ContainerContext, ContainerProgram} from '../kubelet/image.ts';
import {onceStartedUp} from '../kubelet/start-up.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * Runs a web server on the pod's own network until it is stopped. It listens once the program's start-up is over, and
 * says so in the log.
 *
 * @throws when the port is taken, as binding an address does; a program that still starts ends with 1 then.
 */
export async function serveHttp(options: {
  context: ContainerContext;
  /** What its log says from the moment on when it answers. */
  greeting: string;
  port: number;
  handle: Handler;
}): Promise<ContainerProgram> {
  const {context, greeting, port, handle} = options;
  const connections = new Set<Duplex>();
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch((error: unknown) => {
      context.log(
        `${request.method} ${request.url}: ${error instanceof Error ? error.message : String(error)}`,
      );
      if (response.headersSent) response.destroy();
      else respond(response, {status: 500, type: 'text/plain', body: 'Internal Server Error'});
    });
  });
  // A proxy keeps connections open; a server that closes idle ones would race with its next request.
  server.keepAliveTimeout = 0;

  if (context.startUp > 0) context.log(`${context.container.name} starts`);
  return onceStartedUp(context, async () => {
    const listener = await context.attachment.network.listen(port, connection => {
      connections.add(connection);
      connection.on('error', () => connection.destroy());
      connection.once('close', () => connections.delete(connection));
      server.emit('connection', connection);
    });
    context.log(greeting);
    return async () => {
      await listener.close();
      for (const connection of connections) connection.destroy();
    };
  });
}

/** Sends a whole answer at once. */
export function respond(
  response: ServerResponse,
  answer: {status?: number; type: string; body: string; headers?: Record<string, string | string[]>},
): void {
  response.writeHead(answer.status ?? 200, {
    ...answer.headers,
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
  });
  if (response.req.method !== 'HEAD') response.write(answer.body);
  else response.flushHeaders();
  whenRead(response.req, () => {
    if (!response.writableEnded) response.end();
  });
}

/** How much of a body that nobody wants is read all the same; Go's servers read as much. */
const mostUnwanted = 256 * 1024;

/**
 * Calls back once a request's body has been read or its client has gone. A connection that is closed before that is
 * broken for a client that still sends, and the answer on its way to it is lost.
 */
function whenRead(request: IncomingMessage, done: () => void): void {
  if (request.readableEnded || request.destroyed) return done();
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostUnwanted) done();
  });
  request.once('end', done).once('close', done);
}

export function respondJson(response: ServerResponse, value: unknown, status = 200): void {
  respond(response, {
    status,
    type: 'application/json',
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });
}

/** The path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/s, '');
}

/**
 * The whole body as text.
 *
 * @throws when the body is larger than 64 KiB: nothing that Bookinfo takes is.
 */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 65_536) throw new Error('request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
