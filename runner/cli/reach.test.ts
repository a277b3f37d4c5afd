import {createServer, type Server} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {afterEach, expect, it} from 'vitest';
import {reach} from './reach.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const {signal} = new AbortController();

/** A proxy that notes what it is asked for, and lets it through or says no. */
function proxy(asked: string[], refusal?: number): Server {
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(refusal ?? 200).end();
  });
  server.on('connect', (request, client) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    client.on('error', () => {});
    if (refusal) return client.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  return server;
}

it('takes any answer, and the time that it names', async () => {
  const address = await listening(
    createServer((_, response) => response.writeHead(401, {date: 'Mon, 01 Jun 2026 12:00:00 GMT'}).end()),
  );
  expect(await reach(`http://${address}/v2/`, {env: {}, signal})).toMatchObject({
    ok: true,
    date: Date.parse('2026-06-01T12:00:00Z'),
  });
});

it('says why nobody answers', async () => {
  const address = await listening(createServer());
  servers.pop()?.close();
  expect(await reach(`http://${address}/`, {env: {}, signal})).toMatchObject({
    ok: false,
    reason: expect.stringContaining('ECONNREFUSED'),
  });
});

it('goes through the proxy of the environment, with its password, and not where it is spared', async () => {
  const asked: string[] = [];
  const address = await listening(proxy(asked));
  const env = {https_proxy: `http://me:secret@${address}`, http_proxy: address, no_proxy: '127.0.0.1'};
  expect(await reach('http://registry.example.org/v2/', {env, signal})).toMatchObject({ok: true});
  // What is behind the tunnel speaks no TLS: the proxy was asked, and the address did not answer.
  const plain = await listening(createServer());
  const tunnelled = {...env, no_proxy: ''};
  expect(await reach(`https://${plain}/v2/`, {env: tunnelled, signal})).toMatchObject({ok: false});
  expect(asked).toEqual([
    'HEAD http://registry.example.org/v2/',
    `CONNECT ${plain} Basic ${Buffer.from('me:secret').toString('base64')}`,
  ]);
  await reach(`https://${plain}/v2/`, {env, signal});
  expect(asked).toHaveLength(2);
});

it.each([
  ['https://registry.example.org/v2/', 403, 'the proxy says 403 No'],
  ['https://registry.example.org/v2/', 407, 'the proxy says 407 No'],
  ['http://registry.example.org/v2/', 502, 'the proxy says 502 Bad Gateway'],
  ['http://registry.example.org/v2/', 407, 'the proxy asks for a password'],
])('takes the refusal of a proxy for no answer: %s %i', async (url, refusal, reason) => {
  const address = await listening(proxy([], refusal));
  const env = {https_proxy: `http://${address}`, http_proxy: `http://${address}`};
  expect(await reach(url, {env, signal})).toEqual({ok: false, reason});
});
