import {parseDuration} from '../duration.ts';
import type {Collector} from './findings.ts';
import {validateDuration} from './values.ts';

export interface ConnectionPool {
  http?: {
    http1MaxPendingRequests?: number;
    http2MaxRequests?: number;
    maxRequestsPerConnection?: number;
    maxRetries?: number;
    maxConcurrentStreams?: number;
    idleTimeout?: string;
    h2UpgradePolicy?: string;
    useClientProtocol?: boolean;
  };
  tcp?: {
    maxConnections?: number;
    connectTimeout?: string;
    maxConnectionDuration?: string;
    idleTimeout?: string;
    tcpKeepalive?: {time?: string; interval?: string};
  };
}

/** Istio: `validateConnectionPool`. */
export function validateConnectionPool(pool: ConnectionPool | undefined, found: Collector): void {
  if (!pool) return;
  const {http, tcp} = pool;
  if (!http && !tcp) return found.error('connection pool must have at least one field');
  validateHttpPool(http ?? {}, found);
  validateTcpPool(tcp ?? {}, found);
}

function validateHttpPool(http: NonNullable<ConnectionPool['http']>, found: Collector): void {
  validateCount(http.http1MaxPendingRequests, 'http1 max pending requests', found);
  validateCount(http.http2MaxRequests, 'http2 max requests', found);
  validateCount(http.maxRequestsPerConnection, 'max requests per connection', found);
  validateCount(http.maxRetries, 'max retries', found);
  validateDuration(http.idleTimeout, found);
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol) {
    found.error('use client protocol must not be true when H2UpgradePolicy is UPGRADE');
  }
  validateCount(http.maxConcurrentStreams, 'max concurrent streams', found);
}

function validateTcpPool(tcp: NonNullable<ConnectionPool['tcp']>, found: Collector): void {
  validateCount(tcp.maxConnections, 'max connections', found);
  validateDuration(tcp.connectTimeout, found);
  validateDuration(tcp.maxConnectionDuration, found);
  // None at all is said with 0s here.
  if (Math.trunc(parseDuration(tcp.idleTimeout) ?? 0) !== 0) validateDuration(tcp.idleTimeout, found);
  validateDuration(tcp.tcpKeepalive?.time, found);
  validateDuration(tcp.tcpKeepalive?.interval, found);
}

function validateCount(value = 0, name: string, found: Collector): void {
  if (value < 0) found.error(`${name} must be non-negative`);
}
