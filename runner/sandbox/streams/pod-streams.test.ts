import {once} from 'node:events';
import {createServer, request as httpRequest, type Server} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import type {Duplex} from 'node:stream';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {WebSocket} from 'ws';
import type {ApiError} from '../api/errors.ts';
import type {Pod} from '../objects.ts';
import {manualClock} from '../testing/manual-clock.ts';
import type {LogLine} from './logs.ts';
import {createPodStreams} from './pod-streams.ts';
import {encodeData, encodeSynStream, SpdyFrameReader} from './spdy-frames.ts';
import {HeaderBlockWriter} from './spdy-headers.ts';
import {duplexPair} from './testing.ts';

const started = Date.UTC(2026, 0, 1);
const running = {
  state: {running: {startedAt: ''}},
  lastState: {},
  ready: true,
  restartCount: 0,
  image: '',
  imageID: '',
};
const pods: Record<string, Pod> = {
  one: pod('one', ['app'], [{name: 'app', ...running, containerID: 'containerd://abc'}]),
  two: pod('two', ['app', 'side'], []),
  waiting: pod(
    'waiting',
    ['app'],
    [{name: 'app', ...running, state: {waiting: {reason: 'ImagePullBackOff'}}}],
  ),
};

function pod(name: string, containers: string[], containerStatuses: any[]): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'default', uid: `uid-${name}`},
    spec: {nodeName: 'node', containers: containers.map(one => ({name: one, image: 'x'}))},
    status: {phase: containerStatuses.length > 0 ? 'Running' : 'Pending', containerStatuses},
  };
}

const clock = manualClock(started);
const lines: LogLine[] = [0, 1, 2, 3].map(index => ({at: started + index * 1000, text: `line ${index}`}));
let followers: {line(line: LogLine): void; end(): void}[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  const streams = createPodStreams({
    clock,
    async exec({argv, stdin, stdout, stderr}) {
      if (argv[0] === 'nosuch') throw new Error('no nosuch');
      stderr.write('to stderr');
      for await (const chunk of stdin ?? []) stdout.write(String(chunk).toUpperCase());
      return argv[0] === 'fail' ? 3 : 0;
    },
    attach: async () => {},
    async dial(_pod, to) {
      if (to !== 9080) throw Object.assign(new Error('refused'), {code: 'ECONNREFUSED'});
      const [near, far] = duplexPair();
      far.pipe(far);
      return near;
    },
    logs: {
      read: () => lines,
      follow(_pod, _container, listener) {
        followers.push(listener);
        return () => {
          followers = followers.filter(one => one !== listener);
        };
      },
    },
  });
  const targetOf = (url = '') => {
    const {pathname, searchParams} = new URL(url, 'http://x');
    const [, name = '', subresource = ''] = pathname.split('/');
    return {subresource, target: {pod: pods[name] as Pod, query: searchParams}};
  };
  server = createServer((request, response) => {
    try {
      streams.log(response, targetOf(request.url).target);
    } catch (error) {
      response.writeHead((error as ApiError).status.code).end((error as ApiError).message);
    }
  });
  server.on('upgrade', (request, socket, head) => {
    const {subresource, target} = targetOf(request.url);
    void streams.upgrade(subresource, {request, socket, head}, target);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  followers = [];
});

async function get(path: string): Promise<{status: number; text: string}> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return {status: response.status, text: await response.text()};
}

/** Everything a WebSocket receives until it closes, by channel. */
async function channelsOf(path: string, protocol: string, onOpen: (socket: WebSocket) => void) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol);
  const received: Record<number, string> = {};
  socket.on('message', (message: Buffer) => {
    received[message[0] as number] = (received[message[0] as number] ?? '') + message.toString('latin1', 1);
  });
  socket.once('open', () => onOpen(socket));
  await once(socket, 'close');
  return received;
}

describe('exec over WebSocket', () => {
  it('carries both outputs, ends stdin, and reports the exit code', async () => {
    const path = '/one/exec?command=fail&stdin=true&stdout=true&stderr=true';
    const received = await channelsOf(path, 'v5.channel.k8s.io', socket => {
      socket.send(Buffer.from('\x00hello'));
      socket.send(Buffer.from([255, 0]));
    });
    expect(received[1]).toBe('HELLO');
    expect(received[2]).toBe('to stderr');
    expect(JSON.parse(received[3] ?? '')).toEqual({
      metadata: {},
      status: 'Failure',
      message: 'command terminated with exit code 3',
      reason: 'NonZeroExitCode',
      details: {causes: [{reason: 'ExitCode', message: '3'}]},
      code: 500,
    });
  });

  it('sends nothing to a kubectl that reads before it has made its streams, until it has had the time', async () => {
    const headers = {'user-agent': 'kubectl.1.30/v1.30.14 (linux/amd64)'};
    const address = `ws://127.0.0.1:${port}/one/exec?command=fail&stdout=true&stderr=true`;
    const socket = new WebSocket(address, 'v5.channel.k8s.io', {headers});
    const received: number[] = [];
    socket.on('message', (message: Buffer) => void received.push(message[0] as number));
    await once(socket, 'open');
    socket.ping();
    await once(socket, 'pong');
    expect(received).toEqual([]);
    const closed = once(socket, 'close');
    clock.advance(100);
    await closed;
    expect(received).toEqual([2, 3]);
  });

  it('says what the runtime could not start', async () => {
    const received = await channelsOf('/one/exec?command=nosuch&stdout=true', 'v5.channel.k8s.io', () => {});
    expect(JSON.parse(received[3] ?? '').message).toBe(
      'Internal error occurred: Internal error occurred: error executing command in container: no nosuch',
    );
  });
});

/** Opens a SPDY connection and sends bytes; resolves to the frames until `done` holds. */
async function spdy(path: string, sent: Buffer, done: (text: string) => boolean) {
  const outgoing = httpRequest({
    port,
    path,
    method: 'POST',
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'SPDY/3.1',
      'X-Stream-Protocol-Version': 'v5.channel.k8s.io, v4.channel.k8s.io',
    },
  });
  outgoing.end();
  const [response, socket, head] = (await once(outgoing, 'upgrade')) as [any, Duplex, Buffer];
  const reader = new SpdyFrameReader();
  const data: Record<number, string> = {};
  const finished = new Promise<void>(resolve => {
    const read = (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) {
        if (frame.type === 'data')
          data[frame.streamId] = `${data[frame.streamId] ?? ''}${frame.data}${frame.fin ? '|' : ''}`;
      }
      if (done(JSON.stringify(data))) resolve();
    };
    socket.on('data', read);
    read(head);
  });
  socket.write(sent);
  await finished;
  socket.destroy();
  return {data, protocol: response.headers['x-stream-protocol-version']};
}

function streamsOf(headers: Record<string, string>[], zip = new HeaderBlockWriter()): Buffer {
  return Buffer.concat(headers.map((one, index) => encodeSynStream(1 + 2 * index, zip.write(one))));
}

describe('SPDY', () => {
  it('runs exec: streams by their type, the status on the error stream', async () => {
    const opened = streamsOf([{streamtype: 'error'}, {streamtype: 'stdin'}, {streamtype: 'stdout'}]);
    const {data, protocol} = await spdy(
      '/one/exec?command=echo&stdin=true&stdout=true',
      Buffer.concat([opened, encodeData(3, Buffer.from('abc'), true)]),
      text => text.includes('Success') && text.includes('ABC|'),
    );
    expect(protocol).toBe('v5.channel.k8s.io');
    expect(data[5]).toBe('ABC|');
    expect(data[1]).toBe('{"metadata":{},"status":"Success"}|');
  });

  it('forwards a port in pairs of streams, and says which port was refused', async () => {
    const opened = streamsOf([
      {streamtype: 'error', port: '9080', requestid: '0'},
      {streamtype: 'data', port: '9080', requestid: '0'},
      {streamtype: 'error', port: '9999', requestid: '1'},
      {streamtype: 'data', port: '9999', requestid: '1'},
    ]);
    const {data} = await spdy(
      '/one/portforward',
      Buffer.concat([opened, encodeData(3, Buffer.from('ping'), true)]),
      text => text.includes('ping|') && text.includes('refused'),
    );
    expect(data[3]).toBe('ping|');
    expect(data[5]).toMatch(
      /^error forwarding port 9999 to pod abc, uid : failed to execute portforward in /,
    );
    expect(data[5]).toContain('IPv4: dial tcp4 127.0.0.1:9999: connect: connection refused');
  });
});

describe('port-forward over WebSocket channels', () => {
  it('names the port first, then carries the bytes', async () => {
    let echoed = '';
    const received = await channelsOf('/one/portforward?ports=9080', 'v4.channel.k8s.io', socket => {
      socket.send(Buffer.from('\x00ping'));
      socket.on('message', (message: Buffer) => {
        if (message[0] === 0) echoed += message.toString('latin1', 1);
        if (echoed.endsWith('ping')) socket.close();
      });
    });
    expect(received[0]).toBe('\x78\x23ping');
    expect(received[1]).toBe('\x78\x23');
  });
});

describe('refusals', () => {
  /** What an upgrade is answered where it is refused: the same for both protocols. */
  async function refused(path: string, upgrade: string): Promise<any> {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
    );
    let text = '';
    for await (const chunk of socket) text += chunk;
    return JSON.parse(text.slice(text.indexOf('\r\n\r\n')));
  }

  it.each(['websocket', 'SPDY/3.1'])('are Status objects over plain HTTP (%s)', async upgrade => {
    expect(await refused('/one/exec?command=ls&container=nope&stdout=true', upgrade)).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: 'container nope is not valid for pod one',
    });
    expect(await refused('/waiting/exec?command=ls&stdout=true', upgrade)).toMatchObject({
      code: 500,
      message: 'Internal error occurred: unable to upgrade connection: container not found ("app")',
    });
    expect(await refused('/two/portforward', upgrade)).toMatchObject({code: 400});
  });
});

describe('logs', () => {
  it.each([
    ['', 'line 0\nline 1\nline 2\nline 3\n'],
    ['tailLines=2', 'line 2\nline 3\n'],
    ['tailLines=0', ''],
    ['tailLines=1&timestamps=true', '2026-01-01T00:00:03.000000000Z line 3\n'],
    ['limitBytes=9', 'line 0\nli'],
    ['sinceTime=2026-01-01T00:00:02Z', 'line 2\nline 3\n'],
  ])('%s', async (query, text) => {
    expect(await get(`/one/log?${query}`)).toEqual({status: 200, text});
  });

  it('follows until the container ends', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/one/log?follow=true&tailLines=1`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('line 3\n');
    followers[0]?.line({at: started, text: 'more'});
    expect((await reader?.read())?.value).toBe('more\n');
    followers[0]?.end();
    expect((await reader?.read())?.done).toBe(true);
  });

  it.each([
    ['/two/log', 400, 'a container name must be specified for pod two, choose one of: [app side]'],
    ['/two/log?container=app', 400, 'container "app" in pod "two" is waiting to start: ContainerCreating'],
    [
      '/waiting/log',
      400,
      'container "app" in pod "waiting" is waiting to start: trying and failing to pull image',
    ],
    ['/one/log?previous=true', 400, 'previous terminated container "app" in pod "one" not found'],
    ['/one/log?container=nope', 400, 'container nope is not valid for pod one'],
  ])('%s', async (path, status, text) => {
    expect(await get(path)).toEqual({status, text});
  });
});
