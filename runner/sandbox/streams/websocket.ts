import {Duplex} from 'node:stream';
import {type WebSocket, WebSocketServer} from 'ws';
import {offeredProtocols, type Upgrade} from './upgrade.ts';

/** kubectl's port-forward: the messages are the bytes of a SPDY connection. */
export const spdyTunnel = 'SPDY/3.1+portforward.k8s.io';

/**
 * Accepts a WebSocket. Of the sub-protocols the client offers, the first of `known` that it has is chosen.
 * `ws` refuses a name with a slash, so the tunnel's is taken out of the request and put into the answer here.
 */
export function acceptWebSocket(upgrade: Upgrade, known: readonly string[]): Promise<WebSocket> {
  const {request, socket, head} = upgrade;
  const offered = offeredProtocols(request, 'sec-websocket-protocol');
  const chosen = known.find(protocol => offered.includes(protocol));
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 16 * 1024 * 1024,
    handleProtocols: () => chosen ?? false,
  });
  if (chosen === spdyTunnel) {
    delete request.headers['sec-websocket-protocol'];
    server.on('headers', headers => headers.push(`Sec-WebSocket-Protocol: ${spdyTunnel}`));
  }
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The client went away.')));
    server.handleUpgrade(request, socket, head, webSocket => {
      webSocket.binaryType = 'nodebuffer';
      webSocket.on('error', () => {});
      resolve(webSocket);
    });
  });
}

/** Sends one message; resolves when it is on its way, also when the other end is gone. */
export function sendMessage(webSocket: WebSocket, message: Uint8Array): Promise<void> {
  if (webSocket.readyState !== webSocket.OPEN) return Promise.resolve();
  return new Promise(resolve => {
    webSocket.send(message, () => resolve());
  });
}

/** A WebSocket as a stream of bytes: where messages begin and end means nothing. */
export function webSocketBytes(webSocket: WebSocket): Duplex {
  const bytes = new Duplex({
    allowHalfOpen: true,
    read: () => webSocket.resume(),
    write(chunk: Buffer, _encoding, done) {
      sendMessage(webSocket, chunk).then(() => done());
    },
    final(done) {
      webSocket.close(1000);
      done();
    },
    destroy(error, done) {
      webSocket.resume();
      webSocket.close(1000);
      done(error);
    },
  });
  webSocket.on('message', (message: Buffer) => {
    if (!bytes.push(message)) webSocket.pause();
  });
  webSocket.on('close', () => {
    bytes.push(null);
    if (!bytes.writableEnded) bytes.destroy();
  });
  return bytes;
}
