/** The first message of a TLS client that asks for a server name: enough for a proxy to choose by it. */
export function clientHello(serverName: string): Buffer {
  const name = Buffer.from(serverName, 'latin1');
  const extension = (type: number, body: Buffer) => Buffer.concat([uint16(type), sized(body)]);
  const serverNames = sized(Buffer.concat([Buffer.from([0]), sized(name)]));
  const extensions = Buffer.concat([
    extension(0x0000, serverNames),
    // Groups and signature algorithms that every server knows.
    extension(0x000a, sized(uint16(0x0017))),
    extension(0x000d, sized(uint16(0x0403))),
  ]);
  const body = Buffer.concat([
    uint16(0x0303),
    Buffer.alloc(32, 1),
    Buffer.from([0]),
    sized(uint16(0xc02f)),
    Buffer.from([1, 0]),
    sized(extensions),
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), sized(body)]);
  return Buffer.concat([Buffer.from([22]), uint16(0x0301), sized(handshake)]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** Behind its length, in two bytes. */
function sized(body: Buffer): Buffer {
  return Buffer.concat([uint16(body.length), body]);
}
