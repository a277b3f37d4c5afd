import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import type {Listener, PodAttachment} from '../network.ts';

export interface HttpAnswer {
  status?: number;
  body: string;
  type?: string;
}

export type HttpHandler = (request: IncomingMessage) => HttpAnswer | Promise<HttpAnswer>;

/** Small HTTP listeners of one container, closed together. */
export interface HttpListeners {
  serve(port: number, handler: HttpHandler, options?: {loopbackOnly?: boolean}): Promise<void>;
  /** Takes connections as they are. */
  take(port: number, onConnection: (connection: Duplex) => void): Promise<void>;
  close(): Promise<void>;
}

export function createHttpListeners(attachment: PodAttachment): HttpListeners {
  const listeners: Listener[] = [];
  const open = new Set<Duplex>();
  const track = (connection: Duplex) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    connection.on('error', () => connection.destroy());
  };
  return {
    async serve(port, handler, options = {}) {
      const server = createServer((request, response) => void answer(handler, request, response));
      listeners.push(
        await attachment.network.listen(port, (connection, peer) => {
          if (options.loopbackOnly && peer.ip !== '127.0.0.1') return void connection.destroy();
          track(connection);
          server.emit('connection', connection);
        }),
      );
    },
    async take(port, onConnection) {
      listeners.push(
        await attachment.network.listen(port, connection => {
          track(connection);
          onConnection(connection);
        }),
      );
    },
    async close() {
      await Promise.all(listeners.splice(0).map(listener => listener.close()));
      for (const connection of open) connection.destroy();
    },
  };
}

async function answer(
  handler: HttpHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const {status = 200, body, type = 'text/plain; charset=utf-8'} = await handler(request);
    response.writeHead(status, {'content-type': type, 'content-length': String(Buffer.byteLength(body))});
    response.end(body);
  } catch (error) {
    response.writeHead(500);
    response.end(error instanceof Error ? error.message : String(error));
  }
}

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

/** The query parameters of a request. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  return new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
}
