/** One frame of SPDY/3.1, as far as the Kubernetes clients use them. */
export type SpdyFrame =
  | {type: 'data'; streamId: number; fin: boolean; data: Buffer}
  | {type: 'syn-stream'; streamId: number; fin: boolean; headerBlock: Buffer}
  | {type: 'headers'; streamId: number; fin: boolean; headerBlock: Buffer}
  | {type: 'syn-reply'; streamId: number; fin: boolean; headerBlock: Buffer}
  | {type: 'rst-stream'; streamId: number; status: number}
  | {type: 'ping'; payload: Buffer}
  | {type: 'goaway'; lastStreamId: number}
  /** SETTINGS, WINDOW_UPDATE and anything newer: moby/spdystream has no flow control, so they mean nothing. */
  | {type: 'ignored'; control: number};

const controlTypes = {synStream: 1, synReply: 2, rstStream: 3, ping: 6, goaway: 7, headers: 8} as const;
const flagFin = 0x01;
const spdyVersion = 3;
const largestPayload = 0xffffff;

/** The peer sent bytes that are not SPDY/3.1; the connection can't go on. */
export class SpdyProtocolError extends Error {
  override name = 'SpdyProtocolError';
}

/** Cuts a stream of bytes, split anywhere, into frames. */
export class SpdyFrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /**
   * @returns the frames that are complete now.
   * @throws SpdyProtocolError when a control frame has another version or is too short for its type.
   */
  push(bytes: Uint8Array): SpdyFrame[] {
    const buffer = this.#pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#pending, bytes]);
    const frames: SpdyFrame[] = [];
    let offset = 0;
    while (buffer.length - offset >= 8) {
      const length = buffer.readUIntBE(offset + 5, 3);
      if (buffer.length - offset < 8 + length) break;
      frames.push(parseFrame(buffer.subarray(offset, offset + 8 + length)));
      offset += 8 + length;
    }
    this.#pending = buffer.subarray(offset);
    return frames;
  }
}

function parseFrame(frame: Buffer): SpdyFrame {
  const flags = frame.readUInt8(4);
  const fin = (flags & flagFin) !== 0;
  const payload = frame.subarray(8);
  const first = frame.readUInt32BE(0);
  if (first >>> 31 === 0) return {type: 'data', streamId: first, fin, data: payload};
  const version = (first >>> 16) & 0x7fff;
  if (version !== spdyVersion) throw new SpdyProtocolError(`SPDY version ${version} is not 3.`);
  const control = first & 0xffff;
  const word = (at: number): number => {
    if (payload.length < at + 4)
      throw new SpdyProtocolError(`A SPDY control frame of type ${control} is too short.`);
    return payload.readUInt32BE(at);
  };
  const streamId = () => word(0) & 0x7fffffff;
  switch (control) {
    case controlTypes.synStream:
      word(6);
      return {type: 'syn-stream', streamId: streamId(), fin, headerBlock: payload.subarray(10)};
    case controlTypes.synReply:
      return {type: 'syn-reply', streamId: streamId(), fin, headerBlock: payload.subarray(4)};
    case controlTypes.headers:
      return {type: 'headers', streamId: streamId(), fin, headerBlock: payload.subarray(4)};
    case controlTypes.rstStream:
      return {type: 'rst-stream', streamId: streamId(), status: word(4)};
    case controlTypes.ping:
      word(0);
      return {type: 'ping', payload};
    case controlTypes.goaway:
      return {type: 'goaway', lastStreamId: streamId()};
    default:
      return {type: 'ignored', control};
  }
}

function control(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8000 | spdyVersion, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(payload.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, payload]);
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value >>> 0, 4 * index);
  return buffer;
}

/** Data for one stream, as one frame or, above 16 MiB, as several; `fin` half-closes it. */
export function encodeData(streamId: number, data: Uint8Array, fin = false): Buffer {
  const parts: Buffer[] = [];
  let offset = 0;
  do {
    const chunk = data.subarray(offset, offset + largestPayload);
    offset += chunk.length;
    const head = words(streamId, chunk.length);
    head.writeUInt8(fin && offset >= data.length ? flagFin : 0, 4);
    parts.push(head, Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  } while (offset < data.length);
  return Buffer.concat(parts);
}

/** Opens a stream; the server never does, a test's client does. */
export function encodeSynStream(streamId: number, headerBlock: Uint8Array, fin = false): Buffer {
  const payload = Buffer.concat([words(streamId, 0), Buffer.alloc(2), headerBlock]);
  return control(controlTypes.synStream, fin ? flagFin : 0, payload);
}

export function encodeSynReply(streamId: number, headerBlock: Uint8Array): Buffer {
  return control(controlTypes.synReply, 0, Buffer.concat([words(streamId), headerBlock]));
}

export function encodeRstStream(streamId: number, status: number): Buffer {
  return control(controlTypes.rstStream, 0, words(streamId, status));
}

/** A PING is answered by the same PING. */
export function encodePing(payload: Uint8Array): Buffer {
  return control(controlTypes.ping, 0, Buffer.from(payload));
}

export function encodeGoaway(lastStreamId: number): Buffer {
  return control(controlTypes.goaway, 0, words(lastStreamId, 0));
}
