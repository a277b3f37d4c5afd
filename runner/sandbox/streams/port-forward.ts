import type {Duplex} from 'node:stream';
import type {Pod} from '../objects.ts';
import {type DialPod, forwardError, joinStreams} from './pod-connection.ts';
import {serveChannelForward} from './port-forward-channels.ts';
import {SpdyConnection, type SpdyStream} from './spdy-connection.ts';
import {badRequest} from './statuses.ts';
import {acceptSpdy, isSpdy, offeredProtocols, type StreamTarget, type Upgrade} from './upgrade.ts';
import {acceptWebSocket, spdyTunnel, webSocketBytes} from './websocket.ts';

/**
 * Serves `portforward` in its three forms: SPDY/3.1, SPDY/3.1 inside a WebSocket, and the older WebSocket
 * channels that the JavaScript and Python clients use. Resolves when the client is gone.
 * @throws ApiError before the connection is taken over.
 */
export async function servePortForward(upgrade: Upgrade, target: StreamTarget, dial: DialPod): Promise<void> {
  const {pod} = target;
  if (pod.status?.phase !== 'Running') {
    throw badRequest(
      `unable to forward port because pod is not running. Current status=${pod.status?.phase}`,
    );
  }
  if (isSpdy(upgrade.request)) {
    acceptSpdy(upgrade.socket, 'portforward.k8s.io');
    if (upgrade.head.length > 0) upgrade.socket.unshift(upgrade.head);
    return forwardSpdy(upgrade.socket, pod, dial);
  }
  if (offeredProtocols(upgrade.request, 'sec-websocket-protocol').includes(spdyTunnel)) {
    return forwardSpdy(webSocketBytes(await acceptWebSocket(upgrade, [spdyTunnel])), pod, dial);
  }
  return serveChannelForward(upgrade, target, dial);
}

interface StreamPair {
  error?: SpdyStream;
  data?: SpdyStream;
}

/** One SPDY connection carries any number of forwarded connections: a pair of streams each, by `requestid`. */
async function forwardSpdy(transport: Duplex, pod: Pod, dial: DialPod): Promise<void> {
  const pairs = new Map<string, StreamPair>();
  const connection = new SpdyConnection({
    transport,
    onStream(stream) {
      const {streamtype = '', requestid = `${stream.id}`, port = ''} = stream.headers;
      const pair = pairs.get(requestid) ?? {};
      pairs.set(requestid, pair);
      if (streamtype === 'error') pair.error = stream;
      else if (streamtype === 'data') pair.data = stream;
      else return void stream.destroy();
      if (!pair.error || !pair.data) return;
      pairs.delete(requestid);
      void forwardPair({error: pair.error, data: pair.data, port: Number(port), pod, dial});
    },
  });
  await connection.closed;
}

async function forwardPair(options: {
  error: SpdyStream;
  data: SpdyStream;
  port: number;
  pod: Pod;
  dial: DialPod;
}): Promise<void> {
  const {error, data, port, pod, dial} = options;
  error.resume();
  let target: Duplex;
  try {
    target = await dial(pod, port);
  } catch (failure) {
    error.end(forwardError(pod, port, failure));
    data.resume();
    data.end();
    return;
  }
  await joinStreams(data, target);
  data.resume();
  if (!data.writableEnded) data.end();
  error.end();
}
