import {EventEmitter, once} from 'node:events';
import {createServer} from 'node:http';
import {connect} from 'node:net';
import {KubeConfig} from '@kubernetes/client-node';
import {afterEach, expect, it} from 'vitest';
import {WebSocketServer} from 'ws';
import {type Forward, forwardTo} from './forward.ts';

const closing: (() => unknown)[] = [];
/** Tells of each way into a pod that has ended. */
const ended = new EventEmitter();
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An API server whose pods greet with their own name, after `first`; a pod that is gone is a 404. */
async function apiWith(pods: Set<string>, first = async () => {}): Promise<KubeConfig> {
  const sockets = new WebSocketServer({noServer: true});
  const server = createServer();
  server.on('upgrade', async (request, socket, head) => {
    const name = /pods\/([^/]+)\/portforward/.exec(request.url ?? '')?.[1] ?? '';
    if (!pods.has(name)) {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    await first();
    sockets.handleUpgrade(request, socket, head, websocket => {
      websocket.on('close', () => ended.emit('way'));
      const frame = (channel: number, content: Buffer): Buffer =>
        Buffer.concat([Buffer.from([channel]), content]);
      const port = Buffer.from([0x78, 0x23]);
      websocket.send(frame(0, port));
      websocket.send(frame(1, port));
      websocket.send(frame(0, Buffer.from(`hello from ${name}`)));
      closing.push(() => websocket.terminate());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => new Promise(resolve => server.close(resolve)));
  const address = server.address();
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'c',
        server: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
        skipTLSVerify: true,
      },
    ],
    users: [{name: 'u'}],
    contexts: [{name: 'x', cluster: 'c', user: 'u'}],
    currentContext: 'x',
  });
  return config;
}

async function greetingOf({port}: Forward): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const [data] = await once(socket, 'data');
  socket.destroy();
  return String(data);
}

it('finds the pod that took the place of another, also while the old one is still named', async () => {
  const pods = new Set(['old']);
  let named = 'old';
  const config = await apiWith(pods);
  const asked: string[] = [];
  const forward = await forwardTo({
    config,
    targets: async () => {
      asked.push(named);
      const target = {namespace: 'bookinfo', pod: named, port: 9080};
      if (!pods.has(named)) named = 'new';
      return [target];
    },
  });
  closing.unshift(() => forward.close());
  expect(await greetingOf(forward)).toBe('hello from old');
  pods.delete('old');
  pods.add('new');
  expect(await greetingOf(forward)).toBe('hello from new');
  expect(asked).toEqual(['old', 'old', 'new']);
});

it('closes a connection when no pod can be entered', async () => {
  const config = await apiWith(new Set());
  const forward = await forwardTo({config, targets: async () => []});
  closing.unshift(() => forward.close());
  const socket = connect(forward.port, '127.0.0.1');
  await once(socket, 'close');
});

it('ends the way into a pod also when it is closed while that is being opened', async () => {
  let forward: Forward | undefined;
  const config = await apiWith(new Set(['slow']), async () => forward?.close());
  const way = once(ended, 'way');
  forward = await forwardTo({config, targets: async () => [{namespace: 'n', pod: 'slow', port: 9080}]});
  const socket = connect(forward.port, '127.0.0.1');
  await once(socket, 'close');
  await way;
});
