import {once} from 'node:events';
import {createServer as createHttpServer} from 'node:http';
import {createServer, type Server, type Socket} from 'node:net';
import {inBlock} from '../world/addresses.ts';
import {places} from '../world/places.ts';

/** The header that says which echo server wrote an answer. */
export const echoHeader = 'x-echo';

/** What an echo server was asked for, as it answers it. */
export interface Echo {
  pod: string;
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
}

export interface EchoServers {
  /** What was asked with that request id, by whatever way it came. */
  seen(id: string): readonly Echo[];
  close(): void;
}

/**
 * Servers in place of pods, and behind each virtual IP for what a proxy passes on unread: each answers HTTP with what
 * it was asked for, as JSON, and anything else with its name.
 *
 * @param idHeader names the header by which requests are told apart.
 * @throws the error of the first address that can't be bound.
 */
export async function startEchoServers(block: number, idHeader: string): Promise<EchoServers> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const seen = new Map<string, Echo[]>();
  const close = () => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  };

  function serve(name: string): Server {
    const http = createHttpServer((request, response) => {
      const {method = '', url: path = '', headers} = request;
      const echo = {pod: name, method, path, headers} as Echo;
      const id = `${headers[idHeader]}`;
      seen.set(id, [...(seen.get(id) ?? []), echo]);
      response.setHeader('content-type', 'application/json');
      response.setHeader(echoHeader, name);
      response.end(JSON.stringify(echo));
    });
    http.keepAliveTimeout = 600_000;
    return createServer(socket => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.once('data', first => {
        if (!/^[A-Z]+ /.test(first.toString('latin1', 0, 8))) return socket.end(name);
        socket.pause();
        http.emit('connection', socket);
        socket.unshift(first);
        socket.resume();
      });
    });
  }

  try {
    for (const {name, ip, ports} of places()) {
      for (const port of ports) {
        const server = serve(name).listen(port, inBlock(ip, block));
        servers.push(server);
        await once(server, 'listening');
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    seen(id) {
      const found = seen.get(id) ?? [];
      seen.delete(id);
      return found;
    },
    close,
  };
}
