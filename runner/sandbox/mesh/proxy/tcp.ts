import type {Duplex} from 'node:stream';

/** Joins two connections byte for byte, both ways; when one ends or breaks, so does the other. */
export function join(
  left: Duplex,
  right: Duplex,
  done?: (bytes: {sent: number; received: number}) => void,
): void {
  let sent = 0;
  let received = 0;
  let over = false;
  left.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  right.on('data', (chunk: Buffer) => {
    sent += chunk.length;
  });
  left.pipe(right);
  right.pipe(left);
  const end = () => {
    if (over) return;
    over = true;
    left.destroy();
    right.destroy();
    done?.({sent, received});
  };
  for (const side of [left, right]) {
    side.on('error', end);
    side.on('close', end);
  }
}

const methods =
  /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|MKCOL|COPY|MOVE|LOCK|UNLOCK) /;
const longestMethod = 'PROPFIND '.length;

/** What the first bytes of a connection say. */
export type Beginning = {kind: 'http'} | {kind: 'tls'; serverName?: string} | {kind: 'other'};

/** Looks at the first bytes of a connection, without taking them. */
export function sniff(connection: Duplex, decided: (beginning: Beginning) => void): void {
  const onReadable = () => {
    const chunk: Buffer | null = connection.read();
    if (chunk === null) return;
    connection.unshift(chunk);
    const beginning = beginningOf(chunk);
    if (!beginning) return;
    connection.removeListener('readable', onReadable);
    decided(beginning);
  };
  connection.on('readable', onReadable);
}

/** Undefined where more bytes are needed to tell. */
function beginningOf(bytes: Buffer): Beginning | undefined {
  if (bytes[0] === tlsHandshake) {
    const complete = bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3);
    if (!complete && bytes.length < longestHello) return undefined;
    const serverName = serverNameOf(bytes);
    return {kind: 'tls', ...(serverName === undefined ? {} : {serverName})};
  }
  const start = bytes.subarray(0, longestMethod).toString('latin1');
  if (bytes.length < longestMethod && /^[A-Z]+$/.test(start)) return undefined;
  return {kind: methods.test(start) ? 'http' : 'other'};
}

const tlsHandshake = 22;
/** Of a TLS record. */
const longestHello = 16 * 1024 + 5;

/** The name that a TLS client asks for (RFC 8446, section 4.1.2; RFC 6066, section 3). */
export function serverNameOf(hello: Buffer): string | undefined {
  try {
    // Record and handshake headers, version, random.
    let at = 5 + 4 + 2 + 32;
    at += 1 + hello.readUInt8(at);
    at += 2 + hello.readUInt16BE(at);
    at += 1 + hello.readUInt8(at);
    const end = at + 2 + hello.readUInt16BE(at);
    for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) {
      if (hello.readUInt16BE(at) !== 0) continue;
      const length = hello.readUInt16BE(at + 7);
      return hello.toString('latin1', at + 9, at + 9 + length).toLowerCase();
    }
    return undefined;
  } catch (error) {
    // Bytes that only look like a hello end before they should.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
