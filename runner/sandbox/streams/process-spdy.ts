import {once} from 'node:events';
import {Writable} from 'node:stream';
import {
  type ProcessStreams,
  parseWindowSize,
  type WantedStreams,
  type WindowSize,
} from './process-streams.ts';
import {SpdyConnection, type SpdyStream} from './spdy-connection.ts';
import {acceptSpdy, offeredProtocols, type Upgrade} from './upgrade.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

/** The streams of exec or attach over SPDY/3.1: the client opens one for each, named by `streamtype`. */
export async function openSpdyProcess(upgrade: Upgrade, wanted: WantedStreams): Promise<ProcessStreams> {
  const {request, socket, head} = upgrade;
  const offered = offeredProtocols(request, 'x-stream-protocol-version');
  acceptSpdy(socket, protocols.find(protocol => offered.includes(protocol)) ?? protocols[1]);
  if (head.length > 0) socket.unshift(head);

  const expected = new Set(['error']);
  for (const name of ['stdin', 'stdout', 'stderr'] as const) if (wanted[name]) expected.add(name);
  if (wanted.tty) expected.add('resize');
  const streams = new Map<string, SpdyStream>();
  const gone = new AbortController();
  const connection = await new Promise<SpdyConnection>(resolve => {
    const opened: SpdyConnection = new SpdyConnection({
      transport: socket,
      onStream(stream) {
        const name = stream.headers['streamtype'] ?? '';
        streams.set(name, stream);
        // What is written to the client only is never read, so its end has to be taken here.
        if (name !== 'stdin' && name !== 'resize') stream.resume();
        if ([...expected].every(one => streams.has(one))) resolve(opened);
      },
    });
    opened.closed.then(() => {
      gone.abort();
      resolve(opened);
    });
  });

  const nothing = () => new Writable({write: (_chunk, _encoding, done) => done()});
  const stdout = streams.get('stdout') ?? nothing();
  return {
    stdin: streams.get('stdin'),
    stdout,
    stderr: wanted.tty ? stdout : (streams.get('stderr') ?? nothing()),
    onResize(listener: (size: WindowSize) => void) {
      streams.get('resize')?.on('data', (line: Buffer) => {
        const size = parseWindowSize(line.toString());
        if (size) listener(size);
      });
    },
    signal: gone.signal,
    translated: false,
    async finish(status) {
      if (gone.signal.aborted) return;
      const error = streams.get('error');
      error?.end(JSON.stringify(status));
      for (const name of ['stdout', 'stderr', 'stdin', 'resize']) streams.get(name)?.end();
      if (error) await Promise.race([once(error, 'finish'), connection.closed]);
      connection.close();
    },
  };
}
