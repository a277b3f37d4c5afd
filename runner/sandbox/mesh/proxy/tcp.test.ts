import {Duplex, PassThrough} from 'node:stream';
import {connect} from 'node:tls';
import {describe, expect, it} from 'vitest';
import {type Beginning, sniff} from './tcp.ts';

/** What is told of a connection that begins with these pieces, and how many were needed. */
function told(pieces: readonly (string | Buffer)[]): Promise<{beginning: Beginning; read: string}> {
  const connection = new PassThrough();
  return new Promise(resolve => {
    sniff(connection, beginning => {
      resolve({beginning, read: connection.read().toString('latin1')});
    });
    for (const piece of pieces) connection.write(piece);
  });
}

/** The first message of a real TLS client. */
function hello(servername: string): Promise<Buffer> {
  return new Promise(resolve => {
    const socket = new Duplex({read() {}, write: chunk => resolve(chunk)});
    connect({socket, servername}).on('error', () => {});
  });
}

describe('the first bytes of a connection', () => {
  it.each([
    ['HTTP', ['GET / HTTP/1.1\r\n'], {kind: 'http'}],
    ['HTTP in pieces', ['DEL', 'ETE / HTTP/1.1\r\n'], {kind: 'http'}],
    ['something else', ['hello\r\n'], {kind: 'other'}],
    ['what only looks like TLS', [Buffer.from([22, 3, 1, 0, 2, 1, 0])], {kind: 'tls'}],
  ] as const)('are told to be %s, and stay to be read', async (_name, pieces, expected) => {
    const {beginning, read} = await told(pieces);
    expect(beginning).toEqual(expected);
    expect(read).toBe(pieces.map(piece => piece.toString('latin1' as never)).join(''));
  });

  it('name the server that a TLS client asks for, however they are cut', async () => {
    const bytes = await hello('db.example.com');
    const expected = {kind: 'tls', serverName: 'db.example.com'};
    expect((await told([bytes])).beginning).toEqual(expected);
    expect((await told([bytes.subarray(0, 3), bytes.subarray(3, 90), bytes.subarray(90)])).beginning).toEqual(
      expected,
    );
  });
});
