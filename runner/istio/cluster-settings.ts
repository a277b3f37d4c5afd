import {parseDuration} from './duration.ts';
import type {TrafficPolicy} from './types.ts';

/** What a consistent hash is taken over. */
export type HashKey =
  | {by: 'header'; name: string}
  | {by: 'cookie'; name: string; path?: string; ttl?: number}
  | {by: 'source-ip'}
  | {by: 'query'; name: string};

export type LoadBalancing =
  | {algorithm: 'least-request' | 'round-robin' | 'random' | 'passthrough'}
  | {algorithm: 'consistent-hash'; key: HashKey};

/** A cluster's policies in milliseconds and plain numbers. Absent: no limit. */
export interface ClusterSettings {
  loadBalancing: LoadBalancing;
  connectTimeout: number;
  maxConnections?: number;
  maxPendingRequests?: number;
  maxRequests?: number;
  maxRetries?: number;
  maxRequestsPerConnection?: number;
  idleTimeout?: number;
  outlierDetection?: OutlierDetection;
  /** As configured; undefined: mutual TLS wherever the endpoint takes it (auto mTLS). */
  tlsMode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
}

export interface OutlierDetection {
  /** 0 switches it off. */
  consecutive5xx: number;
  consecutiveGatewayErrors: number;
  interval: number;
  baseEjectionTime: number;
  maxEjectionPercent: number;
  minHealthPercent: number;
}

const algorithms: Record<string, LoadBalancing> = {
  ROUND_ROBIN: {algorithm: 'round-robin'},
  RANDOM: {algorithm: 'random'},
  PASSTHROUGH: {algorithm: 'passthrough'},
};

/** Applies Istio's defaults: least request, 10 s to connect, no limits (`cluster_traffic_policy.go`). */
export function clusterSettings(policy: TrafficPolicy): ClusterSettings {
  const tcp = policy.connectionPool?.tcp ?? {};
  const http = policy.connectionPool?.http ?? {};
  const tlsMode = policy.tls?.mode ?? (policy.tls ? 'DISABLE' : undefined);
  return {
    loadBalancing: loadBalancing(policy.loadBalancer ?? {}),
    connectTimeout: parseDuration(tcp.connectTimeout) ?? 10_000,
    ...optional('maxConnections', tcp.maxConnections),
    ...optional('maxPendingRequests', http.http1MaxPendingRequests),
    ...optional('maxRequests', http.http2MaxRequests),
    ...optional('maxRetries', http.maxRetries),
    ...optional('maxRequestsPerConnection', http.maxRequestsPerConnection),
    ...optional('idleTimeout', parseDuration(http.idleTimeout)),
    ...(policy.outlierDetection ? {outlierDetection: outlierDetection(policy.outlierDetection)} : {}),
    ...(tlsMode ? {tlsMode: tlsMode as ClusterSettings['tlsMode']} : {}),
  };
}

function optional<Key extends string>(key: Key, value: number | undefined): Partial<Record<Key, number>> {
  return value ? ({[key]: value} as Record<Key, number>) : {};
}

function loadBalancing(setting: any): LoadBalancing {
  const hash = setting.consistentHash;
  if (hash) {
    if (hash.httpHeaderName) {
      return {
        algorithm: 'consistent-hash',
        key: {by: 'header', name: String(hash.httpHeaderName).toLowerCase()},
      };
    }
    if (hash.httpCookie) {
      const {name, path, ttl} = hash.httpCookie;
      const lifetime = parseDuration(ttl);
      return {
        algorithm: 'consistent-hash',
        key: {
          by: 'cookie',
          name: name ?? '',
          ...(path === undefined ? {} : {path}),
          ...(lifetime === undefined ? {} : {ttl: lifetime}),
        },
      };
    }
    if (hash.httpQueryParameterName) {
      return {algorithm: 'consistent-hash', key: {by: 'query', name: hash.httpQueryParameterName}};
    }
    if (hash.useSourceIp) return {algorithm: 'consistent-hash', key: {by: 'source-ip'}};
  }
  return algorithms[setting.simple ?? ''] ?? {algorithm: 'least-request'};
}

/** Istio sets 5xx detection to 5 in a row by default, Envoy the rest: every 10 s, 30 s out, 10 % of hosts. */
function outlierDetection(setting: any): OutlierDetection {
  return {
    consecutive5xx: setting.consecutive5xxErrors ?? setting.consecutiveErrors ?? 5,
    consecutiveGatewayErrors: setting.consecutiveGatewayErrors ?? 0,
    interval: parseDuration(setting.interval) ?? 10_000,
    baseEjectionTime: parseDuration(setting.baseEjectionTime) ?? 30_000,
    maxEjectionPercent: setting.maxEjectionPercent || 10,
    minHealthPercent: setting.minHealthPercent ?? 0,
  };
}
