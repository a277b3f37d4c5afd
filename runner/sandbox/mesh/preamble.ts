import type {Socket} from 'node:net';

/** The first line on every socket of the private folder: what a real network would know of the connection. */
export interface Preamble {
  /** `out`: from the pod's own containers; `in`: from another pod; `local`: on the pod's loopback. */
  kind: 'out' | 'in' | 'local';
  /** Numbers the connections of this process. */
  connection: number;
  port: number;
  peerIp: string;
  peerPort: number;
  /** Of `out`: the name that was dialled, and its address. */
  host?: string;
  ip?: string;
  principal?: string;
}

/** Takes the first line off a socket and leaves the rest to be read. */
export function readPreamble(socket: Socket, done: (preamble: Preamble) => void): void {
  const parts: Buffer[] = [];
  const onReadable = () => {
    for (;;) {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      const end = chunk.indexOf(10);
      if (end < 0) {
        parts.push(chunk);
        continue;
      }
      socket.removeListener('readable', onReadable);
      parts.push(chunk.subarray(0, end));
      if (end + 1 < chunk.length) socket.unshift(chunk.subarray(end + 1));
      done(JSON.parse(Buffer.concat(parts).toString()));
      return;
    }
  };
  socket.on('readable', onReadable);
}

export function writePreamble(socket: Socket, preamble: Preamble): void {
  socket.write(`${JSON.stringify(preamble)}\n`);
}
