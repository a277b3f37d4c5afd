import {constants, createInflate, type Inflate} from 'node:zlib';
import {spdyDictionary} from './spdy-dictionary.ts';
import {SpdyProtocolError} from './spdy-frames.ts';

const largestBlock = 32 * 1024;

/** Reads `count {length name length value}*`, the inside of a header block. */
export function parseHeaderPairs(block: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let offset = 0;
  const word = () => {
    if (offset + 4 > block.length) throw new SpdyProtocolError('A SPDY header block ends too early.');
    offset += 4;
    return block.readUInt32BE(offset - 4);
  };
  const text = () => {
    const length = word();
    if (offset + length > block.length) throw new SpdyProtocolError('A SPDY header block ends too early.');
    offset += length;
    return block.toString('utf8', offset - length, offset);
  };
  for (let left = word(); left > 0; left--) {
    const name = text().toLowerCase();
    headers[name] = text();
  }
  return headers;
}

/** The inside of a header block; the counterpart of `parseHeaderPairs`. */
export function encodeHeaderPairs(headers: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const word = (value: number) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(value);
    parts.push(buffer);
  };
  word(Object.keys(headers).length);
  for (const pair of Object.entries(headers)) {
    for (const part of pair) {
      const bytes = Buffer.from(part);
      word(bytes.length);
      parts.push(bytes);
    }
  }
  return Buffer.concat(parts);
}

/**
 * Reads the header blocks of one connection, in order: they share one zlib stream. Node's zlib works on
 * threads, so the caller waits for each block before it gives the next.
 */
export class HeaderBlockReader {
  readonly #inflate: Inflate = createInflate({
    dictionary: spdyDictionary,
    flush: constants.Z_SYNC_FLUSH,
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: 2 * largestBlock,
  });
  #failed: Error | undefined;

  constructor() {
    this.#inflate.on('error', error => {
      this.#failed = error;
    });
  }

  async read(block: Buffer): Promise<Record<string, string>> {
    if (block.length > largestBlock) throw new SpdyProtocolError('A SPDY header block is too large.');
    const inflated = await new Promise<Buffer>((resolve, reject) => {
      this.#inflate.write(block, error => {
        if (error) return reject(new SpdyProtocolError(`A SPDY header block is damaged: ${error.message}.`));
        resolve((this.#inflate.read() as Buffer | null) ?? Buffer.alloc(0));
      });
    });
    if (this.#failed) throw new SpdyProtocolError(`A SPDY header block is damaged: ${this.#failed.message}.`);
    return parseHeaderPairs(inflated);
  }

  close(): void {
    this.#inflate.close();
  }
}

/**
 * Writes the header blocks of one connection without compression: a zlib header once, then a stored deflate
 * block for each, followed by an empty stored block. Go's reader needs that trailing block to hand out the
 * bytes before it.
 */
export class HeaderBlockWriter {
  #started = false;

  write(headers: Record<string, string>): Buffer {
    const body = encodeHeaderPairs(headers);
    const stored = Buffer.alloc(5);
    stored.writeUInt16LE(body.length, 1);
    stored.writeUInt16LE(~body.length & 0xffff, 3);
    const sync = Buffer.from([0, 0, 0, 0xff, 0xff]);
    const start = this.#started ? Buffer.alloc(0) : Buffer.from([0x78, 0x01]);
    this.#started = true;
    return Buffer.concat([start, stored, body, sync]);
  }
}
