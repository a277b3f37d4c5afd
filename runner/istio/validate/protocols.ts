import type {Collector} from './findings.ts';

const http = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);
const tls = new Set(['https', 'tls']);
const others = new Set(['tcp', 'udp', 'mongo', 'redis', 'mysql']);

/** Whether Istio knows the protocol of a port, in whatever case it is written (Istio: `protocol.Parse`). */
export function isKnownProtocol(name: string): boolean {
  return isHttp(name) || isTls(name) || others.has(name.toLowerCase());
}

export function isHttp(name: string): boolean {
  return http.has(name.toLowerCase());
}

export function isTls(name: string): boolean {
  return tls.has(name.toLowerCase());
}

/** Protocols of connections, TLS among them. */
export function isTcp(name: string): boolean {
  return isTls(name) || (others.has(name.toLowerCase()) && name.toLowerCase() !== 'udp');
}

/** No protocol at all leaves it to the traffic. */
export function validateProtocol(name: string, found: Collector): void {
  if (name !== '' && !isKnownProtocol(name)) found.error(`unsupported protocol: ${name}`);
}
