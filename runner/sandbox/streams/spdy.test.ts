import {createHash} from 'node:crypto';
import {constants, createDeflate, type Deflate} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {seededRandom} from '../clock.ts';
import {SpdyConnection, type SpdyStream} from './spdy-connection.ts';
import {spdyDictionary} from './spdy-dictionary.ts';
import {encodeData, encodePing, encodeSynStream, type SpdyFrame, SpdyFrameReader} from './spdy-frames.ts';
import {encodeHeaderPairs, HeaderBlockReader, HeaderBlockWriter} from './spdy-headers.ts';
import {duplexPair} from './testing.ts';

/** A client's compressor: one zlib stream with the dictionary, flushed after each block, as Go's is. */
function clientHeaders(): (headers: Record<string, string>) => Promise<Buffer> {
  const deflate: Deflate = createDeflate({dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH});
  return headers =>
    new Promise(resolve => {
      deflate.write(encodeHeaderPairs(headers), () => resolve(deflate.read() as Buffer));
    });
}

function* randomSplits(bytes: Buffer, seed: number): Generator<Buffer> {
  const random = seededRandom(seed);
  for (let offset = 0; offset < bytes.length; ) {
    const size = 1 + Math.floor(random() * random() * 40);
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
}

describe('SPDY frames', () => {
  it('has the dictionary of the draft', () => {
    expect(spdyDictionary).toHaveLength(1423);
    expect(createHash('sha1').update(spdyDictionary).digest('hex')).toBe(
      'd68ca9b208de9c3754703445a22cf668a5abebb3',
    );
  });

  it('reads the same frames however the bytes are split', () => {
    const random = seededRandom(7);
    const written: SpdyFrame[] = [];
    const bytes: Buffer[] = [];
    for (let index = 0; index < 60; index++) {
      const data = Buffer.from(
        Array.from({length: Math.floor(random() * 90)}, () => Math.floor(random() * 256)),
      );
      const streamId = 1 + 2 * Math.floor(random() * 1000);
      const fin = random() < 0.3;
      if (random() < 0.5) {
        written.push({type: 'data', streamId, fin, data});
        bytes.push(encodeData(streamId, data, fin));
      } else {
        written.push({type: 'syn-stream', streamId, fin, headerBlock: data});
        bytes.push(encodeSynStream(streamId, data, fin));
      }
    }
    for (let seed = 0; seed < 20; seed++) {
      const reader = new SpdyFrameReader();
      const read = [...randomSplits(Buffer.concat(bytes), seed)].flatMap(part => reader.push(part));
      expect(read).toEqual(written);
    }
  });

  it('refuses another version and frames too short for their type', () => {
    expect(() => new SpdyFrameReader().push(Buffer.from('8002000600000004aabbccdd', 'hex'))).toThrow(
      /version 2/,
    );
    expect(() => new SpdyFrameReader().push(Buffer.from('8003000600000000', 'hex'))).toThrow(/too short/);
  });

  it('reads header blocks that share one compressor, and its own stored blocks', async () => {
    const compress = clientHeaders();
    const reader = new HeaderBlockReader();
    const blocks: Record<string, string>[] = [{streamtype: 'error', port: '9080'}, {port: '9080'}, {}];
    for (const headers of blocks) {
      expect(await reader.read(await compress(headers))).toEqual(headers);
    }
    reader.close();
    const writer = new HeaderBlockWriter();
    const own = new HeaderBlockReader();
    for (const headers of [{}, {a: 'b'}, {}] as Record<string, string>[])
      expect(await own.read(writer.write(headers))).toEqual(headers);
    own.close();
  });
});

describe('SPDY connection', () => {
  async function connect(onStream: (stream: SpdyStream) => void) {
    const [client, server] = duplexPair();
    const connection = new SpdyConnection({transport: server, onStream});
    const reader = new SpdyFrameReader();
    const frames: SpdyFrame[] = [];
    const waiting: {done: (frames: SpdyFrame[]) => boolean; resolve: () => void}[] = [];
    client.on('data', (chunk: Buffer) => {
      frames.push(...reader.push(chunk));
      for (const one of waiting) if (one.done(frames)) one.resolve();
    });
    const until = (done: (frames: SpdyFrame[]) => boolean) =>
      new Promise<void>(resolve => {
        if (done(frames)) resolve();
        else waiting.push({done, resolve});
      });
    return {client, connection, frames, until, compress: clientHeaders()};
  }

  it('answers each stream, echoes its bytes and half-closes, under random splits', async () => {
    const {client, connection, frames, until, compress} = await connect(stream => {
      stream.pipe(stream);
    });
    const sent = Buffer.concat([
      encodeSynStream(1, await compress({streamtype: 'data', port: '9080'})),
      encodePing(Buffer.from([0, 0, 0, 9])),
      encodeData(1, Buffer.from('hello ')),
      encodeSynStream(3, await compress({streamtype: 'data', port: '9080'})),
      encodeData(3, Buffer.from('other')),
      encodeData(1, Buffer.from('world'), true),
    ]);
    for (const part of randomSplits(sent, 3)) client.write(part);
    await until(all => all.some(frame => frame.type === 'data' && frame.streamId === 1 && frame.fin));
    const text = (id: number) =>
      frames
        .flatMap(frame => (frame.type === 'data' && frame.streamId === id ? [frame.data.toString()] : []))
        .join('');
    expect(text(1)).toBe('hello world');
    expect(text(3)).toBe('other');
    expect(frames.filter(frame => frame.type === 'syn-reply').map(frame => frame.streamId)).toEqual([1, 3]);
    expect(frames.some(frame => frame.type === 'ping' && frame.payload[3] === 9)).toBe(true);
    client.destroy();
    await connection.closed;
  });

  it('ends its streams when the bytes are no SPDY', async () => {
    const ended: Promise<unknown>[] = [];
    const {client, connection, compress, until} = await connect(stream => {
      ended.push(new Promise(resolve => stream.once('close', resolve)));
    });
    client.write(encodeSynStream(1, await compress({streamtype: 'data'})));
    await until(all => all.some(frame => frame.type === 'syn-reply'));
    client.write(Buffer.from('800700060000000400000000', 'hex'));
    await connection.closed;
    await Promise.all(ended);
    expect(ended).toHaveLength(1);
  });

  it('waits for a reader instead of holding more than it may', async () => {
    let stream: SpdyStream | undefined;
    const opened = await connect(one => {
      stream = one;
    });
    opened.client.write(encodeSynStream(1, await opened.compress({streamtype: 'data'})));
    await opened.until(all => all.some(frame => frame.type === 'syn-reply'));
    const chunk = Buffer.alloc(512 * 1024);
    for (let index = 0; index < 8; index++) opened.client.write(encodeData(1, chunk, index === 7));
    await new Promise(resolve => setImmediate(resolve));
    let received = 0;
    let most = 0;
    stream?.on('data', (data: Buffer) => {
      most = Math.max(most, stream?.readableLength ?? 0);
      received += data.length;
    });
    await new Promise(resolve => stream?.once('end', resolve));
    expect(received).toBe(8 * chunk.length);
    expect(most).toBeLessThan(3 * 1024 * 1024);
    opened.client.destroy();
  });
});
