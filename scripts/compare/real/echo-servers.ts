import {once} from 'node:events';
import {createServer, type Server} from 'node:http';
import {inBlock, outside} from '../world/addresses.ts';
import {worldServices} from '../world/services.ts';

/** The header that says which echo server wrote an answer. */
export const echoHeader = 'x-echo';

/** What an echo server was asked for, as it answers it. */
export interface Echo {
  pod: string;
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
}

/**
 * Servers in place of pods, and behind each virtual IP for what a proxy passes on unread: each answers with its name
 * and with what it was asked for, as JSON.
 *
 * @returns closes them.
 * @throws the error of the first address that can't be bound.
 */
export async function startEchoServers(block: number): Promise<() => void> {
  const services = worldServices({wide: true});
  const places: [name: string, ip: string, ports: readonly number[]][] = [
    // First, since its address is the one that says whether the block is free.
    ['outside', outside, [80, 8080, 9080]],
    ...services.flatMap(({pods}) => pods.map(({name, ip}): [string, string, number[]] => [name, ip, [9080]])),
    ...services.map(({name, clusterIP}): [string, string, number[]] => [
      `vip-${name}`,
      clusterIP,
      [80, 8080, 9080],
    ]),
  ];
  const servers: Server[] = [];
  const close = () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
  try {
    for (const [name, ip, ports] of places) {
      for (const port of ports) {
        const server = createServer((request, response) => {
          const {method, url: path, headers} = request;
          response.setHeader('content-type', 'application/json');
          response.setHeader(echoHeader, name);
          response.end(JSON.stringify({pod: name, method, path, headers}));
        });
        server.keepAliveTimeout = 600_000;
        servers.push(server);
        server.listen(port, inBlock(ip, block));
        await once(server, 'listening');
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return close;
}
