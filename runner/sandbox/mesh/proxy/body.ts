import type {IncomingMessage} from 'node:http';
import type {Writable} from 'node:stream';

/** A request body that can be sent again, as long as it fits Envoy's buffer. */
export interface ReplayBody {
  readonly bytes: number;
  /** False once more than the buffer holds has gone by. */
  readonly replayable: boolean;
  readonly complete: boolean;
  /** Writes what has come, then what comes, to this stream; an earlier one gets no more. */
  sendTo(target: Writable): void;
  /** Writes a complete body to one more stream. */
  copyTo(target: Writable): void;
  /** Calls back when all of the body has arrived. */
  whenComplete(done: () => void): void;
  /** Calls back when its client goes before all of it has arrived. */
  whenBroken(done: () => void): void;
}

const bufferLimit = 1024 * 1024;

export function replayBody(source: IncomingMessage): ReplayBody {
  const chunks: Buffer[] = [];
  const waiting: (() => void)[] = [];
  const mourning: (() => void)[] = [];
  let broken = false;
  let bytes = 0;
  let complete = false;
  let target: Writable | undefined;
  source.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bufferLimit) chunks.push(chunk);
    else if (target) chunks.length = 0;
    if (target && !target.destroyed && !target.write(chunk)) {
      source.pause();
      target.once('drain', () => source.resume());
      target.once('close', () => source.resume());
    }
  });
  source.on('end', () => {
    complete = true;
    source.socket.off('close', breakOff);
    target?.end();
    for (const done of waiting.splice(0)) done();
  });
  const breakOff = () => {
    if (complete) return;
    broken = true;
    for (const done of mourning.splice(0)) done();
  };
  // Once it is answered, Node tells a request no more of its connection's end.
  source.socket.once('close', breakOff);
  return {
    get bytes() {
      return bytes;
    },
    get replayable() {
      return bytes <= bufferLimit;
    },
    get complete() {
      return complete;
    },
    sendTo(next) {
      target = next;
      for (const chunk of chunks) next.write(chunk);
      if (complete) next.end();
    },
    copyTo(other) {
      for (const chunk of chunks) other.write(chunk);
      other.end();
    },
    whenComplete(done) {
      if (complete) done();
      else waiting.push(done);
    },
    whenBroken(done) {
      if (broken) done();
      else mourning.push(done);
    },
  };
}
