import type {DestinationRule, TrafficPolicy} from '../types.ts';
import {
  validateDuration,
  validateExportTo,
  validateFqdn,
  validateSubsetName,
  validateWildcardDomain,
} from './common.ts';
import type {Collector} from './findings.ts';

/** Istio: `ValidateDestinationRule`. */
export function validateDestinationRule(rule: DestinationRule, found: Collector): void {
  const {host = '', subsets = [], trafficPolicy, exportTo} = rule.spec ?? {host: ''};
  if (host.startsWith('*')) validateWildcardDomain(host, found);
  else validateFqdn(host, found);
  validateTrafficPolicy(trafficPolicy, found);
  const names = new Set<string>();
  for (const subset of subsets) {
    validateSubsetName(subset.name, found);
    if (names.has(subset.name)) found.error(`duplicate subset names: ${subset.name}`);
    names.add(subset.name);
    if (subset.trafficPolicy) validateTrafficPolicy(subset.trafficPolicy, found);
  }
  validateExportTo(exportTo, found);
}

function validateTrafficPolicy(policy: TrafficPolicy | undefined, found: Collector): void {
  if (policy === undefined) return;
  const fields = [
    'outlierDetection',
    'connectionPool',
    'loadBalancer',
    'tls',
    'portLevelSettings',
    'tunnel',
    'proxyProtocol',
  ] as const;
  if (fields.every(field => policy[field] === undefined)) {
    return found.error('traffic policy must have at least one field');
  }
  validateOutlier(policy.outlierDetection, found);
  validateConnectionPool(policy.connectionPool, found);
  validateLoadBalancer(policy.loadBalancer, found);
  for (const setting of policy.portLevelSettings ?? []) {
    validateOutlier(setting.outlierDetection, found);
    validateConnectionPool(setting.connectionPool, found);
    validateLoadBalancer(setting.loadBalancer, found);
  }
}

function validateOutlier(outlier: any, found: Collector): void {
  if (!outlier) return;
  validateDuration(outlier.interval, found);
  validateDuration(outlier.baseEjectionTime, found);
  if (outlier.consecutiveErrors !== undefined) {
    found.warn(
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
    );
  }
  if (!outlier.splitExternalLocalOriginErrors && (outlier.consecutiveLocalOriginFailures ?? 0) > 0) {
    found.error(
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
    );
  }
  for (const field of ['maxEjectionPercent', 'minHealthPercent'] as const) {
    const value = outlier[field];
    if (value !== undefined && (value < 0 || value > 100))
      found.error(`percentage ${value} is not in range 0..100`);
  }
}

function validateConnectionPool(pool: any, found: Collector): void {
  if (!pool) return;
  if (!pool.http && !pool.tcp) return found.error('connection pool must have at least one field');
  for (const field of [
    'http1MaxPendingRequests',
    'http2MaxRequests',
    'maxRequestsPerConnection',
    'maxRetries',
  ]) {
    if ((pool.http?.[field] ?? 0) < 0) found.error(`${kebab(field)} must be non-negative`);
  }
  validateDuration(pool.http?.idleTimeout, found);
  if ((pool.tcp?.maxConnections ?? 0) < 0) found.error('max connections must be non-negative');
  validateDuration(pool.tcp?.connectTimeout, found);
}

function kebab(field: string): string {
  return field.replace(/[A-Z0-9]/g, char => ` ${char.toLowerCase()}`).trim();
}

function validateLoadBalancer(balancer: any, found: Collector): void {
  if (!balancer) return;
  const hash = balancer.consistentHash;
  if (!hash) return;
  if (hash.httpCookie && !hash.httpCookie.name) found.error('name required for HttpCookie');
  const size = hash.maglev?.tableSize;
  if (size !== undefined && !isPrime(Number(size)))
    found.error('tableSize must be a prime number for maglev');
}

function isPrime(number: number): boolean {
  if (number < 2) return false;
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) return false;
  return true;
}
