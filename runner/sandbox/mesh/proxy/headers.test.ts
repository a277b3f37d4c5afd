import {once} from 'node:events';
import {createServer, type IncomingMessage} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {headersOf} from './headers.ts';
import {createHopPool, type HeaderMap} from './hop.ts';

/** Sends bytes through a server that forwards them with our headers. @returns the headers that arrive behind it. */
async function forwarded(bytes: string): Promise<HeaderMap> {
  const upstream = createServer((_, response) => response.end());
  const pool = createHopPool();
  const hop = {
    key: 'upstream',
    connect: async () => {
      const socket = connect((upstream.address() as AddressInfo).port);
      await once(socket, 'connect');
      return socket;
    },
  };
  const proxy = createServer((request, response) => {
    const {method = '', url: path = ''} = request;
    const outgoing = pool.open({hop, method, path, headers: headersOf(request)}, () => response.end());
    outgoing.on('error', () => {});
    request.pipe(outgoing);
  });
  for (const server of [upstream, proxy]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
  }
  onTestFinished(() => pool.close());
  const client = connect((proxy.address() as AddressInfo).port);
  onTestFinished(() => void client.destroy());
  client.write(bytes);
  const [{headers}] = (await once(upstream, 'request')) as [IncomingMessage];
  return headers as HeaderMap;
}

it('promises trailers only where some may come', async () => {
  const head = 'TRACE / HTTP/1.0\r\nHost: a\r\nTrailer: x-end\r\n';
  expect(await forwarded(`${head}\r\n`)).not.toHaveProperty('trailer');
  const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTrailer: x-end\r\nTransfer-Encoding: chunked\r\n\r\n';
  expect(await forwarded(`${chunked}0\r\nX-End: y\r\n\r\n`)).toMatchObject({trailer: 'x-end'});
});
