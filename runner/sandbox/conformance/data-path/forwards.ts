import {request} from 'node:https';
import type {Duplex} from 'node:stream';
import {WebSocket} from 'ws';
import {encodeData, encodeSynStream} from '../../streams/spdy-frames.ts';
import {HeaderBlockWriter} from '../../streams/spdy-headers.ts';
import {connectionOf} from '../fuzz/raw-client.ts';
import {type Conversation, writesOf} from './traffic.ts';

/** Where a forward leads. */
export interface Place {
  namespace: string;
  pod: string;
  port: number;
}

/** Holds conversations over port-forwards, byte for byte. */
export interface Forwards {
  /** @returns what came back, once the connection is over; rejects when it does not end. */
  hold(place: Place, conversation: Conversation): Promise<string>;
}

const patience = 30_000;
/** Version 5's message that a channel ends: here that of the data. */
const dataEnds = Buffer.from([255, 0]);

/** Forwards with the certificates of a sandbox's kubeconfig. */
export function openForwards(kubeconfigPath: string): Forwards {
  const {hostname, port, ...certificates} = connectionOf(kubeconfigPath);
  const pathOf = (place: Place) =>
    `/api/v1/namespaces/${place.namespace}/pods/${place.pod}/portforward?ports=${place.port}`;

  function overWebSocket(place: Place, conversation: Conversation): Promise<string> {
    const webSocket = new WebSocket(
      `wss://${hostname}:${port}${pathOf(place)}`,
      'v5.channel.k8s.io',
      certificates,
    );
    const framed = conversation.through !== 'channels';
    let received = '';
    webSocket.on('message', (message: Buffer) => {
      if (message[0] === 0) received += message.toString('latin1', 1);
      if (message.equals(dataEnds)) webSocket.send(dataEnds, () => {});
    });
    webSocket.on('open', () => {
      for (const bytes of writesOf(conversation)) {
        webSocket.send(framed ? Buffer.concat([Buffer.from([0]), bytes]) : bytes, () => {});
      }
      if (conversation.end === 'half') webSocket.send(dataEnds, () => {});
      else if (conversation.end !== 'wait') webSocket.terminate();
    });
    return over(webSocket, () => webSocket.terminate()).then(() =>
      // The first two bytes name the port.
      received.slice(2),
    );
  }

  async function overSpdy(place: Place, conversation: Conversation): Promise<string> {
    const outgoing = request({
      ...certificates,
      hostname,
      port,
      path: pathOf(place),
      method: 'POST',
      headers: {
        connection: 'Upgrade',
        upgrade: 'SPDY/3.1',
        'x-stream-protocol-version': 'portforward.k8s.io',
      },
    });
    const socket = await new Promise<Duplex>((resolve, reject) => {
      outgoing.on('upgrade', (_response, upgraded) => resolve(upgraded));
      outgoing.on('response', ({statusCode}) => reject(new Error(`no upgrade: ${statusCode}`)));
      outgoing.on('error', reject);
      outgoing.end();
    });
    socket.resume();
    socket.write(openedStreams(place.port));
    for (const bytes of writesOf(conversation)) socket.write(bytes);
    if (conversation.end === 'half') socket.end();
    else socket.destroy();
    await over(socket, () => socket.destroy());
    return '';
  }

  return {
    hold: (place, conversation) =>
      conversation.through === 'spdy' ? overSpdy(place, conversation) : overWebSocket(place, conversation),
  };
}

/** A pair of streams with the beginning of a request, so that what follows falls into something that goes on. */
function openedStreams(port: number): Buffer {
  const zip = new HeaderBlockWriter();
  const [error, data] = ['error', 'data'].map((streamtype, index) =>
    encodeSynStream(1 + 2 * index, zip.write({streamtype, port: String(port), requestid: '0'})),
  );
  return Buffer.concat([error, data, encodeData(3, Buffer.from('GET /'))].filter(each => each !== undefined));
}

/** Rejects when a connection is still open after a while. An error is an end, too. */
function over(connection: Duplex | WebSocket, end: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`a connection that is still open after ${patience / 1000} s`));
      end();
    }, patience);
    connection.on('error', () => {});
    connection.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
