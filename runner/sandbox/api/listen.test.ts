import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {afterEach, describe, expect, it} from 'vitest';
import {manualClock} from '../testing/manual-clock.ts';
import {admin} from './authentication.ts';
import {createCredentials} from './certificates.ts';
import {ApiError} from './errors.ts';
import {type Listening, type ListenOptions, listenOnLoopback, statusResponse} from './listen.ts';
import {type ApiResponse, type ResponseSink, textResponse} from './messages.ts';

const open: Listening[] = [];
afterEach(() => Promise.all(open.splice(0).map(each => each.close())));

/** A server that answers this, and what it heard of faults. */
async function serving(respond: () => ApiResponse, options: Partial<ListenOptions> = {}) {
  const clock = manualClock();
  const faults: unknown[] = [];
  const listening = await listenOnLoopback(
    {
      handle: async () => respond(),
      stream: () => false,
      upgrade: (_, {socket}) => void socket.destroy(),
      failed(error) {
        faults.push(error);
        return statusResponse(new ApiError(500, 'InternalError', 'Internal error occurred').status);
      },
      recognises: ({headers}) => headers['authorization'] !== undefined,
    },
    {clock, ...options},
  );
  open.push(listening);
  return {url: listening.url, port: listening.port, faults, clock};
}

describe('an answer that cannot be written', () => {
  it('becomes a 500, and the server goes on', async () => {
    const {url, faults} = await serving(() => ({...textResponse(200, 'ok'), headers: {warning: 'жук'}}));
    for (let round = 0; round < 2; round += 1) {
      const answer = await fetch(url);
      expect([answer.status, await answer.json()]).toMatchObject([500, {reason: 'InternalError'}]);
    }
    expect(faults).toHaveLength(2);
  });

  it('ends the connection once a part of it was sent', async () => {
    const {url, faults} = await serving(() => ({
      ...textResponse(200, ''),
      body: {
        start(sink) {
          sink.write('half');
          throw new Error('the rest is missing');
        },
      },
    }));
    await expect(fetch(url).then(answer => answer.text())).rejects.toThrow();
    expect(faults).toHaveLength(1);
  });
});

describe('a connection', () => {
  const clients: Socket[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });

  async function connected(port: number, text = ''): Promise<Socket> {
    const client = connect(port, '127.0.0.1');
    client.on('error', () => {});
    clients.push(client);
    await once(client, 'connect');
    client.write(text);
    return client;
  }
  const ended = (client: Socket) => once(client, 'close');
  const known = 'Host: x\r\nAuthorization: Bearer secret\r\n';

  it('ends when the head of a request does not come', async () => {
    const {port} = await serving(() => textResponse(200, 'ok'), {limits: {headers: 60}});
    const silent = await connected(port);
    const slow = await connected(port, 'GET / HTTP/1.1\r\nHost:');
    for (const client of [silent, slow]) client.resume();
    await Promise.all([ended(silent), ended(slow)]);
  });

  it('ends when TLS does not come', async () => {
    const {authority, server} = await createCredentials({now: Date.now(), user: admin});
    const tls = {authority, ...server};
    const {port} = await serving(() => textResponse(200, 'ok'), {tls, limits: {handshake: 60}});
    await ended(await connected(port));
  });

  it('takes a large body while a large answer is still being read', async () => {
    const {authority, server, client} = await createCredentials({now: Date.now(), user: admin});
    const large = 'x'.repeat(1_000_000);
    const {port} = await serving(() => textResponse(200, large), {tls: {authority, ...server}});
    const {certificate: cert, key} = client;
    const socket = connectTls({port, host: '127.0.0.1', ca: authority, cert, key});
    clients.push(socket);
    await once(socket, 'secureConnect');
    const post = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${large.length}\r\n\r\n${large}`;
    for (let count = 0; count < 3; count += 1) socket.write(post);
    let received = 0;
    for await (const chunk of socket) {
      received += chunk.length;
      if (received > 3 * large.length) break;
    }
    expect(received).toBeGreaterThan(3 * large.length);
  });

  it('ends a minute after the last piece of a body', async () => {
    const {port, clock} = await serving(() => textResponse(200, 'ok'));
    const client = await connected(port, `POST / HTTP/1.1\r\n${known}Content-Length: 5\r\n\r\nab`);
    client.resume();
    await until(() => clock.pending > 0);
    clock.advance(59_999);
    expect(client.closed).toBe(false);
    clock.advance(1);
    await ended(client);
  });

  it('without credentials is one of a bounded number, and the oldest makes room', async () => {
    const {port, url} = await serving(() => textResponse(200, 'ok'), {limits: {strangers: 2}});
    const old = await connected(port);
    old.resume();
    const member = await connected(port, `GET / HTTP/1.1\r\n${known}\r\n`);
    await once(member, 'data');
    await Promise.all([connected(port), connected(port), ended(old)]);
    member.write(`GET / HTTP/1.1\r\n${known}\r\n`);
    expect(String((await once(member, 'data'))[0])).toContain('200 OK');
    expect((await fetch(url)).status).toBe(200);
  });

  const megabytes = (count: number) => 'x'.repeat(count * 1024 * 1024);

  /** As many connections as wanted whose answers go on, none of which is read. */
  async function unread(count: number, limits: ListenOptions['limits'] & {}) {
    const sinks: ResponseSink[] = [];
    const clientsOf: Socket[] = [];
    const gone: number[] = [];
    const {port, clock} = await serving(
      () => ({
        ...textResponse(200, ''),
        body: {
          start(sink) {
            const index = sinks.push(sink) - 1;
            return () => gone.push(index);
          },
        },
      }),
      {limits},
    );
    for (let index = 0; index < count; index += 1) {
      clientsOf.push(await connected(port, `GET / HTTP/1.1\r\n${known}\r\n`));
      await until(() => sinks.length === index + 1);
    }
    return {sinks, gone, clock, clients: clientsOf};
  }

  it('that is not read is cut when all of them together hold too much, the one with the most first', async () => {
    const {sinks, gone} = await unread(3, {unread: 24 * 1024 * 1024, pause: 0});
    for (const [index, size] of [12, 16, 8].entries()) sinks[index]?.write(megabytes(size));
    await until(() => gone.length > 0);
    expect(gone).toEqual([1]);
  });

  it('that is read stays, however much is on its way, when those that are not make room', async () => {
    const {sinks, gone, clock, clients: readers} = await unread(3, {unread: 24 * 1024 * 1024});
    sinks[0]?.write(megabytes(6));
    sinks[1]?.write(megabytes(14));
    // Either may be about to read.
    clock.advance(500);
    sinks[2]?.write(megabytes(16));
    clock.advance(500);
    await until(() => gone.length > 0);
    expect(gone).toEqual([1]);
    const reader = readers[2] as Socket;
    let received = 0;
    reader.on('data', chunk => {
      received += chunk.length;
    });
    await until(() => received > 16 * 1024 * 1024);
    expect(gone).toEqual([1]);
  });

  it('that is not read goes at once where all of them together hold twice as much', async () => {
    const {sinks, gone} = await unread(3, {unread: 24 * 1024 * 1024});
    for (const sink of sinks) sink.write(megabytes(17));
    await until(() => gone.length > 0);
    expect(gone).toHaveLength(1);
  });

  it('that is not read for a minute is cut, too', async () => {
    let closed = false;
    let sink: ResponseSink | undefined;
    const {port, clock} = await serving(() => ({
      ...textResponse(200, ''),
      body: {
        start(given) {
          sink = given;
          return () => {
            closed = true;
          };
        },
      },
    }));
    await connected(port, `GET / HTTP/1.1\r\n${known}\r\n`);
    await until(() => sink !== undefined);
    expect(sink?.write('x'.repeat(16 * 1024 * 1024))).toBe(false);
    clock.advance(60_000);
    await until(() => closed);
  });
});

/** Looks again after each turn of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setImmediate(resolve));
}
