import {type IncomingMessage, type ServerResponse, validateHeaderName, validateHeaderValue} from 'node:http';
import type {HeaderOperations} from '../../../istio/types.ts';
import type {HeaderMap} from './hop.ts';

const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'transfer-encoding']);

/** All headers in lower case, as Envoy writes them, without those of the single connection. */
export function headersOf(message: IncomingMessage): HeaderMap {
  const headers: HeaderMap = {};
  const raw = message.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    if (hopByHop.has(name)) continue;
    const value = raw[index + 1] ?? '';
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else headers[name] = [known, value];
  }
  if (message.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
  // Nothing follows a body of another form, and Node sends no such promise.
  else delete headers['trailer'];
  return headers;
}

/** Header values for matching: as text, and several of one name joined, as Envoy joins them. */
export function flatHeaders(headers: HeaderMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      textOfWire(Array.isArray(value) ? value.join(',') : value),
    ]),
  );
}

/**
 * A text of the configuration as it goes into a head: in UTF-8, of which Node takes each byte as a character, and
 * without control characters, which no head may have.
 */
export function wireText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return Buffer.from(text.replaceAll(/[\x00-\x08\x0a-\x1f\x7f]/g, ''), 'utf8').toString('latin1');
}

/** The text of a head's bytes, if they are UTF-8. */
function textOfWire(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? bytes : text;
}

export function headerText(headers: HeaderMap, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

const notThisWay = new Set(['host', ':authority', ':method', ':path', ':scheme']);

/** `set` overwrites, `add` appends, `remove` takes away; Host is changed elsewhere. */
export function applyHeaderOperations(headers: HeaderMap, operations: readonly HeaderOperations[]): void {
  for (const {set, add, remove} of operations) {
    for (const [name, value] of Object.entries(set ?? {})) {
      if (!notThisWay.has(name.toLowerCase())) headers[name.toLowerCase()] = wireText(value);
    }
    for (const [name, value] of Object.entries(add ?? {})) {
      const key = name.toLowerCase();
      if (notThisWay.has(key)) continue;
      const known = headers[key];
      headers[key] = known === undefined ? wireText(value) : [known, wireText(value)].flat();
    }
    for (const name of remove ?? []) delete headers[name.toLowerCase()];
  }
}

/** Writes a response's head in Envoy's manner: lower case, and nothing that Node would add. @throws where none of it is written */
export function writeHead(response: ServerResponse, status: number, headers: HeaderMap): void {
  response.sendDate = false;
  // Node finds out when half of the head is set, and no other could be written then.
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    for (const each of [value].flat()) validateHeaderValue(name, each);
  }
  response.removeHeader('connection');
  response.writeHead(status, {...headers});
}

export function httpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}
