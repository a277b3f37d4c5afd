import {parseDuration} from '../duration.ts';
import type {IstioObject} from '../types.ts';
import {quoted} from './go-format.ts';

const pool = [
  ...['tcp', 'http', 'maxConnections', 'idleTimeout'],
  ...['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries'],
  'maxConcurrentStreams',
];

/**
 * By kind, in the order in which istiod reads them: numbers of 32 bits for which the CRD names no largest value,
 * durations that it leaves unchecked, and what those lie in.
 */
const fields: Record<string, readonly string[]> = {
  VirtualService: [
    ...['http', 'tls', 'tcp', 'route', 'weight', 'retries', 'attempts'],
    ...['fault', 'delay', 'percent', 'abort', 'httpStatus'],
  ],
  DestinationRule: [
    ...[
      'trafficPolicy',
      'subsets',
      'loadBalancer',
      'connectionPool',
      'outlierDetection',
      'portLevelSettings',
    ],
    ...['consistentHash', 'httpCookie', 'ttl', ...pool],
    ...['consecutiveErrors', 'maxEjectionPercent', 'minHealthPercent'],
  ],
  Sidecar: ['ingress', 'connectionPool', 'inboundConnectionPool', ...pool],
  EnvoyFilter: ['priority'],
  WasmPlugin: ['priority'],
  TrafficExtension: ['priority'],
  ProxyConfig: ['concurrency'],
  WorkloadGroup: [
    ...['probe', 'initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold'],
    'failureThreshold',
  ],
};

/**
 * What keeps istiod from reading a spec that its CRD lets pass, in the words of Go's JSON and time packages. As in
 * istiod, the first such value is told.
 */
export function decodingFault({kind, spec}: IstioObject): string | undefined {
  return faultWithin(spec, fields[kind] ?? []);
}

function faultWithin(value: unknown, names: readonly string[]): string | undefined {
  if (Array.isArray(value)) return first(value, item => faultWithin(item, names));
  if (typeof value !== 'object' || value === null) return undefined;
  return first(names, name => faultAt((value as Record<string, unknown>)[name], names));
}

function faultAt(value: unknown, names: readonly string[]): string | undefined {
  if (typeof value === 'number' && (value | 0) !== value) {
    return `json: cannot unmarshal number ${value} into Go value of type int32`;
  }
  if (typeof value === 'string' && parseDuration(value) === undefined) {
    return `bad Duration: time: ${durationFault(value)}`;
  }
  return faultWithin(value, names);
}

function first<T>(list: readonly T[], fault: (item: T) => string | undefined): string | undefined {
  for (const item of list) {
    const found = fault(item);
    if (found) return found;
  }
  return undefined;
}

/** Go's `time.ParseDuration`, about a text that is no duration. */
function durationFault(text: string): string {
  const part = /(?:\d+(?:\.\d*)?|\.\d+)([^\d.]*)/y;
  part.lastIndex = /^[+-]/.test(text) ? 1 : 0;
  while (part.lastIndex < text.length) {
    const [, unit] = part.exec(text) ?? [];
    if (unit === undefined) break;
    if (unit === '') return `missing unit in duration ${quoted(text)}`;
    if (!units.has(unit)) return `unknown unit ${quoted(unit)} in duration ${quoted(text)}`;
  }
  return `invalid duration ${quoted(text)}`;
}

const units = new Set(['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h']);
