import type {IncomingMessage, Server} from 'node:http';
import {connect, type Socket} from 'node:net';
import {WebSocketServer} from 'ws';

/** Where a pod's port really is, as a port of 127.0.0.1. */
export type PodPorts = (pod: {namespace: string; name: string; port: number}) => number | undefined;

const protocol = 'v4.channel.k8s.io';

/** Lets clients into pods by `portforward`, one port each, over WebSockets as a Kubernetes API does. */
export function servePortForwards(server: Server, portOf: PodPorts): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: offered => (offered.has(protocol) ? protocol : false),
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://kubernetes');
    const [, namespace = '', name = ''] =
      /\/namespaces\/([^/]+)\/pods\/([^/]+)\/portforward$/.exec(url.pathname) ?? [];
    const port = Number(url.searchParams.get('ports'));
    const local = portOf({namespace, name, port});
    if (local === undefined) return socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, websocket => {
      const send = (channel: number, bytes: Buffer) =>
        websocket.send(Buffer.concat([Buffer.from([channel]), bytes]));
      const named = Buffer.alloc(2);
      named.writeUInt16LE(port);
      send(0, named);
      send(1, named);
      const pod = connect(local, '127.0.0.1');
      pod.on('data', bytes => send(0, bytes));
      pod.on('error', error => send(1, Buffer.from(error.message)));
      pod.on('close', () => websocket.close());
      websocket.on('message', (message: Buffer) => message[0] === 0 && pod.write(message.subarray(1)));
      websocket.on('close', () => pod.destroy());
    });
  });
  return () => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  };
}
