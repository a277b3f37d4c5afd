import type {IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';
import type {Status} from '../api/errors.ts';
import type {Pod} from '../objects.ts';

/** A connection whose client asks to leave HTTP, as `server.on('upgrade')` hands it over. */
export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** What a streaming request is about: the pod as stored, and the options from the query. */
export interface StreamTarget {
  pod: Pod;
  query: URLSearchParams;
}

/** True for `Upgrade: websocket`. */
export function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** True for `Upgrade: SPDY/3.1`. */
export function isSpdy(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'spdy/3.1';
}

/** The protocols a client offers in a header, in its order. */
export function offeredProtocols(request: IncomingMessage, header: string): string[] {
  const value = request.headers[header];
  return (Array.isArray(value) ? value : [value ?? ''])
    .join(',')
    .split(',')
    .map(protocol => protocol.trim())
    .filter(Boolean);
}

/** Answers an upgrade by plain HTTP with a Status, and ends the connection: kubectl prints what it says. */
export function refuseUpgrade(socket: Duplex, status: Status): void {
  const body = JSON.stringify(status);
  socket.end(
    [
      `HTTP/1.1 ${status.code} ${status.reason ?? 'Error'}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Accepts a SPDY upgrade, with the one stream protocol that both sides speak. */
export function acceptSpdy(socket: Duplex, protocol: string): void {
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      `X-Stream-Protocol-Version: ${protocol}`,
      '',
      '',
    ].join('\r\n'),
  );
}
