import {Duplex} from 'node:stream';
import {
  encodeData,
  encodeGoaway,
  encodePing,
  encodeRstStream,
  encodeSynReply,
  type SpdyFrame,
  SpdyFrameReader,
} from './spdy-frames.ts';
import {HeaderBlockReader, HeaderBlockWriter} from './spdy-headers.ts';

/** SPDY status codes of RST_STREAM. */
const resetCodes = {protocolError: 1, cancel: 5} as const;
/** How much a stream may hold that nobody reads, before the whole connection waits. */
const readAhead = 1024 * 1024;

/** One stream of a SPDY connection: bytes both ways, each side half-closes on its own. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #send: (bytes: Buffer, done: () => void) => void;
  readonly #onRoom: () => void;

  constructor(options: {
    id: number;
    headers: Record<string, string>;
    send: (bytes: Buffer, done: () => void) => void;
    onRoom: () => void;
  }) {
    super({allowHalfOpen: true, readableHighWaterMark: readAhead});
    this.id = options.id;
    this.headers = options.headers;
    this.#send = options.send;
    this.#onRoom = options.onRoom;
  }

  override _read(): void {
    this.#onRoom();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#send(encodeData(this.id, chunk), done);
  }

  override _final(done: () => void): void {
    this.#send(encodeData(this.id, Buffer.alloc(0), true), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) {
      this.#send(encodeRstStream(this.id, error ? resetCodes.protocolError : resetCodes.cancel), () => {});
    }
    this.#onRoom();
    done(error);
  }
}

export interface SpdyConnectionOptions {
  /** The upgraded socket, or a WebSocket that carries its bytes. */
  transport: Duplex;
  /** A stream that the client opened; it is answered already. */
  onStream: (stream: SpdyStream) => void;
}

/**
 * The server's end of a SPDY/3.1 connection as moby/spdystream speaks it: no flow control, and every stream
 * is opened by the client and answered at once. A stream that nobody reads holds up the connection once it
 * has 1 MiB waiting, so memory stays bounded.
 */
export class SpdyConnection {
  /** Settles when the transport is gone, whatever the reason. */
  readonly closed: Promise<void>;
  readonly #transport: Duplex;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #frames = new SpdyFrameReader();
  readonly #headerReader = new HeaderBlockReader();
  readonly #headerWriter = new HeaderBlockWriter();
  readonly #streams = new Map<number, SpdyStream>();
  #lastStreamId = 0;
  #full: SpdyStream | undefined;
  #roomAgain: (() => void) | undefined;

  constructor(options: SpdyConnectionOptions) {
    this.#transport = options.transport;
    this.#onStream = options.onStream;
    this.closed = this.#serve();
  }

  /** Says goodbye and ends the transport after what is written. */
  close(): void {
    if (this.#transport.writable) {
      this.#transport.write(encodeGoaway(this.#lastStreamId));
      this.#transport.end();
    }
  }

  destroy(): void {
    this.#transport.destroy();
  }

  async #serve(): Promise<void> {
    this.#transport.on('error', () => {});
    this.#transport.once('close', () => this.#roomAgain?.());
    try {
      for await (const chunk of this.#transport) {
        for (const frame of this.#frames.push(chunk as Buffer)) await this.#handle(frame);
      }
    } catch {
      // A broken transport and bytes that are no SPDY end alike: nothing can be answered any more.
    } finally {
      this.#transport.destroy();
      this.#headerReader.close();
      for (const stream of [...this.#streams.values()]) {
        stream.push(null);
        stream.destroy();
      }
    }
  }

  async #handle(frame: SpdyFrame): Promise<void> {
    switch (frame.type) {
      case 'syn-stream':
        return this.#open(frame.streamId, await this.#headerReader.read(frame.headerBlock), frame.fin);
      case 'headers':
      case 'syn-reply':
        // Their blocks are part of the one zlib stream, so they are read even when nobody wants them.
        await this.#headerReader.read(frame.headerBlock);
        if (frame.fin) this.#streams.get(frame.streamId)?.push(null);
        return;
      case 'data':
        return this.#receive(frame.streamId, frame.data, frame.fin);
      case 'rst-stream': {
        const stream = this.#streams.get(frame.streamId);
        stream?.push(null);
        stream?.destroy();
        return;
      }
      case 'ping':
        this.#send(encodePing(frame.payload), () => {});
        return;
      case 'goaway':
      case 'ignored':
        return;
    }
  }

  #open(id: number, headers: Record<string, string>, fin: boolean): void {
    const stream = new SpdyStream({
      id,
      headers,
      send: (bytes, done) => this.#send(bytes, done),
      onRoom: () => {
        if (this.#full === stream) this.#roomAgain?.();
      },
    });
    this.#lastStreamId = Math.max(this.#lastStreamId, id);
    this.#streams.set(id, stream);
    stream.on('error', () => {});
    stream.once('close', () => this.#streams.delete(id));
    this.#send(encodeSynReply(id, this.#headerWriter.write({})), () => {});
    if (fin) stream.push(null);
    this.#onStream(stream);
  }

  async #receive(id: number, data: Buffer, fin: boolean): Promise<void> {
    const stream = this.#streams.get(id);
    if (!stream || stream.destroyed || stream.readableEnded) return;
    const hasRoom = data.length === 0 || stream.push(data);
    if (fin) stream.push(null);
    if (hasRoom || fin || this.#transport.destroyed) return;
    this.#full = stream;
    await new Promise<void>(resolve => {
      this.#roomAgain = resolve;
    });
    this.#full = undefined;
    this.#roomAgain = undefined;
  }

  #send(bytes: Buffer, done: () => void): void {
    if (this.#transport.writable) this.#transport.write(bytes, () => done());
    else done();
  }
}
