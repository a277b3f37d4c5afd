import {PassThrough, Writable} from 'node:stream';
import type {Clock} from '../clock.ts';
import {channels, encodeChannelMessage, parseChannelMessage} from './channels.ts';
import {
  type ProcessStreams,
  parseWindowSize,
  type WantedStreams,
  type WindowSize,
} from './process-streams.ts';
import type {Upgrade} from './upgrade.ts';
import {acceptWebSocket, sendMessage} from './websocket.ts';

/** The versions of the protocol that are spoken, best first; all but 5 lack the end of stdin. */
export const processProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

/**
 * kubectl 1.29 and 1.30 read before they have made their streams, and throw away what comes for one that is not there
 * yet, the exit code included. A real kubelet needs that long to begin; client-go waits for its streams since 1.31.
 */
const readsTooEarly = /^kubectl[^/]*\/v1\.(29|30)\./;
const untilStreamsAreThere = 100;

const nothing = () => new Writable({write: (_chunk, _encoding, done) => done()});

/** The streams of exec or attach over a WebSocket: one message, one chunk of one channel. */
export async function openWebSocketProcess(
  upgrade: Upgrade,
  wanted: WantedStreams,
  clock: Clock,
): Promise<ProcessStreams> {
  const webSocket = await acceptWebSocket(upgrade, processProtocols);
  const early = readsTooEarly.test(upgrade.request.headers['user-agent'] ?? '');
  const gone = new AbortController();
  const stdin = wanted.stdin ? new PassThrough({highWaterMark: 1024 * 1024}) : undefined;
  let resized: (size: WindowSize) => void = () => {};
  let size: WindowSize | undefined;

  webSocket.on('close', () => {
    stdin?.end();
    gone.abort();
  });
  stdin?.on('drain', () => webSocket.resume());
  webSocket.on('message', (bytes: Buffer) => {
    const message = parseChannelMessage(bytes);
    if (message?.type === 'close') {
      if (message.channel === channels.stdin) stdin?.end();
    } else if (message?.channel === channels.stdin) {
      if (stdin && !stdin.writableEnded && !stdin.write(message.data)) webSocket.pause();
    } else if (message?.channel === channels.resize) {
      size = parseWindowSize(message.data.toString());
      if (size) resized(size);
    }
  });

  const output = (channel: number) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        sendMessage(webSocket, encodeChannelMessage(channel, chunk)).then(() => done());
      },
    });
  const stdout = wanted.stdout ? output(channels.stdout) : nothing();
  if (early) await new Promise<void>(resolve => void clock.after(untilStreamsAreThere, resolve));
  return {
    stdin,
    stdout,
    stderr: wanted.tty ? stdout : wanted.stderr ? output(channels.stderr) : nothing(),
    onResize(listener) {
      resized = listener;
      if (size) listener(size);
    },
    signal: gone.signal,
    translated: true,
    async finish(status) {
      webSocket.resume();
      await sendMessage(
        webSocket,
        encodeChannelMessage(channels.status, Buffer.from(JSON.stringify(status))),
      );
      webSocket.close(1000);
    },
  };
}
