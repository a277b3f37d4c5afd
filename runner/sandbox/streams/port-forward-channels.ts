import {Duplex} from 'node:stream';
import type {WebSocket} from 'ws';
import {channels, encodeChannelMessage, parseChannelMessage} from './channels.ts';
import {type DialPod, forwardError, joinStreams} from './pod-connection.ts';
import {badRequest} from './statuses.ts';
import type {StreamTarget, Upgrade} from './upgrade.ts';
import {acceptWebSocket, sendMessage} from './websocket.ts';

/** Version 4 is what the kubelet picks; a client that offers none of these gets none. */
const protocols = ['v4.channel.k8s.io', 'v5.channel.k8s.io', 'portforward.k8s.io'];

/**
 * The older port-forward: one WebSocket for each connection (or one for several ports), where port `i` of the
 * query has the channels 2i for data and 2i+1 for errors. The first message of each names the port.
 * @throws ApiError when the query names no port.
 */
export async function serveChannelForward(
  upgrade: Upgrade,
  target: StreamTarget,
  dial: DialPod,
): Promise<void> {
  const ports = target.query
    .getAll('ports')
    .flatMap(list => list.split(','))
    .map(Number);
  if (ports.length === 0 || ports.some(port => !Number.isInteger(port) || port < 1 || port > 65535)) {
    throw badRequest('query parameter "ports" is required and must hold numbers from 1 to 65535');
  }
  const webSocket = await acceptWebSocket(upgrade, protocols);
  const gone = new Promise<void>(resolve => webSocket.once('close', () => resolve()));
  const data = ports.map((_port, index) => channelStream(webSocket, 2 * index));
  webSocket.on('message', (bytes: Buffer) => {
    const message = parseChannelMessage(bytes);
    if (!message) return;
    const stream = message.channel % 2 === 0 ? data[message.channel / 2] : undefined;
    if (!stream || stream.readableEnded || stream.destroyed) return;
    if (message.type === 'close') stream.push(null);
    else if (!stream.push(message.data)) webSocket.pause();
  });
  webSocket.once('close', () => {
    for (const stream of data) stream.destroy();
  });

  const forwards = ports.map(async (port, index) => {
    const stream = data[index] as Duplex;
    const named = Buffer.alloc(2);
    named.writeUInt16LE(port);
    await sendMessage(webSocket, encodeChannelMessage(2 * index, named));
    await sendMessage(webSocket, encodeChannelMessage(2 * index + 1, named));
    try {
      await joinStreams(stream, await dial(target.pod, port));
    } catch (failure) {
      const text = Buffer.from(forwardError(target.pod, port, failure));
      await sendMessage(webSocket, encodeChannelMessage(2 * index + 1, text));
    }
  });
  await Promise.race([gone, Promise.all(forwards)]);
  webSocket.resume();
  webSocket.close(1000);
}

function channelStream(webSocket: WebSocket, channel: number): Duplex {
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => webSocket.resume(),
    write(chunk: Buffer, _encoding, done) {
      sendMessage(webSocket, encodeChannelMessage(channel, chunk)).then(() => done());
    },
    final(done) {
      if (webSocket.protocol === 'v5.channel.k8s.io') {
        sendMessage(webSocket, Buffer.from([channels.close, channel])).then(() => done());
      } else done();
    },
  });
  stream.on('error', () => {});
  return stream;
}
